// The phone: one homeowner's chat with the bot (and groups), with everything a hand can do there.

import { phone as act } from "./api.js";
import { drawGroup, grouped } from "./bubble.js";
import { buildComposer } from "./composer.js";
import { dialog, el, keepingEnd, menu, roving, spinning, sync, toast } from "./dom.js";
import { icon } from "./icons.js";
import { newPerson } from "./newperson.js";
import { openSheet } from "./payment.js";
import { inSight, look, remember, view } from "./store.js";
import { languageName, t } from "./words.js";

const NICE = { lat: 43.7034, lon: 7.2663 };

let parts = {};
let shown = ""; // the room that is drawn, to know when it is another
let about = null; // {kind: "edit" | "reply", message}
const seen = new Map(); // person -> newest step that the reader has seen

export function buildPhone() {
  const box = document.getElementById("phone");
  const people = el("select", { class: "who-am-i", id: "person", "aria-label": t("i_am"), on: { change: (e) => choosePerson(e.target.value) } });
  const rooms = el("select", { class: "plain", id: "room", "aria-label": t("chat"), hidden: true, on: { change: (e) => look({ room: Number(e.target.value) }) } });
  const more = menu(el("button", { type: "button", class: "round", id: "phone-more", "aria-label": t("more") }, icon("more")), standingItems);
  const log = el("ol", { class: "log", role: "log", "aria-label": t("phone"), tabindex: 0, id: "chat" });
  const earlier = el("button", { type: "button", class: "quiet earlier", hidden: true, on: { click: () => look({ limit: view.limit + 300 }) } }, t("earlier"));
  const newer = el("button", { type: "button", class: "newer", hidden: true, on: { click: () => toEnd() } }, icon("down"), t("newer"));
  const keyboard = el("div", { class: "keyboard", role: "group", "aria-label": t("keyboard"), hidden: true });
  const composer = buildComposer({ id: "phone-composer", label: t("typing_place"), send, before: [commandsMenu(), attachMenu()], cancel });
  const gate = el("div", { class: "gate", hidden: true });
  parts = { people, rooms, more, log, earlier, newer, keyboard, composer, gate, avatar: el("span", { class: "avatar bot", "aria-hidden": "true" }, "A") };
  parts.roving = roving(log);
  log.addEventListener("scroll", () => atEnd() && (newer.hidden = true), { passive: true });
  box.setAttribute("aria-label", t("phone"));
  box.replaceChildren(
    el("header", { class: "panel-head" }, el("label", { class: "chooser" }, el("span", { class: "label" }, t("i_am")), people), rooms, more),
    el("div", { class: "log-box" }, earlier, log, newer),
    keyboard, composer.node, gate);
  shown = "";
}

function choosePerson(value) {
  if (value === "new") {
    parts.people.value = String(view.person);
    newPerson((id) => choosePerson(String(id)));
    return;
  }
  remember("person", value);
  cancel();
  look({ person: Number(value), room: null, limit: 200 });
}

export function drawPhone(state) {
  const person = state.telegram.people.find((p) => p.id === view.person);
  drawPeople(state.telegram.people);
  const chats = person && state.telegram.chats[person.id];
  const room = chats?.rooms.find((r) => r.id === view.room) ?? chats?.rooms[0];
  parts.gate.hidden = true;
  if (!room) {
    parts.gate.hidden = false;
    parts.gate.replaceChildren(el("p", {}, t("nobody")));
    parts.composer.node.hidden = true;
    return;
  }
  drawRooms(chats.rooms, room);
  const place = `${person.id}/${room.id}`;
  const another = shown !== place;
  shown = place;
  const zone = state.clock.zone;
  const hand = { press, edit, answer, pay: (message) => openSheet(message, at()) };
  const fresh = keepingEnd(parts.log, () => {
    sync(parts.log, grouped(room.messages, zone), (g) => `${place}/${g.id}`, (g) => drawGroup(g, zone, hand));
    parts.earlier.hidden = !room.earlier;
  }, another);
  parts.log.classList.toggle("empty", !room.messages.length);
  parts.log.dataset.empty = t("no_messages");
  if (fresh && room.messages.at(-1)?.from.bot) parts.newer.hidden = false;
  if (another) parts.newer.hidden = true;
  parts.roving.settle(parts.log.contains(document.activeElement) ? undefined : [...parts.log.children].at(-1));
  drawKeyboard(room);
  drawGate(person, room);
}

function drawPeople(people) {
  const options = people.map((p) => {
    const news = p.id !== view.person && p.newest > (seen.get(p.id) ?? 0) ? "● " : "";
    return { id: String(p.id), words: `${news}${p.name} · ${languageName(p.language)}` };
  });
  const mine = people.find((p) => p.id === view.person);
  if (mine && inSight("phone")) seen.set(mine.id, mine.newest);
  const dot = document.querySelector("#tab-phone .dot");
  if (dot) dot.hidden = !people.some((p) => p.newest > (seen.get(p.id) ?? 0));
  options.push({ id: "new", words: t("new_person") });
  sync(parts.people, options, (o) => o.id, (o) => el("option", { value: o.id }, o.words));
  if (parts.people.value !== String(view.person)) parts.people.value = String(view.person);
}

function drawRooms(rooms, room) {
  parts.rooms.hidden = rooms.length < 2;
  sync(parts.rooms, rooms.map((r) => ({ id: r.id, words: r.title || view.state.telegram.bot.name })), (r) => r.id, (r) => el("option", { value: r.id }, r.words));
  parts.rooms.value = String(room.id);
}

function drawKeyboard(room) {
  parts.keyboard.hidden = !room.keyboard.length;
  const keys = room.keyboard.flatMap((row, n) => row.map((key, m) => ({ ...key, id: `${n}.${m}` })));
  sync(parts.keyboard, keys.map((k, at) => ({ ...k, at })), (k) => k.id, (k) =>
    el("button", { type: "button", class: "key", on: { click: (e) => press(null, k.at, e.currentTarget) } }, k.label));
}

// What stands in place of the composer until the chat is open.
function drawGate(person, room) {
  const closed = room.kind === "private" && room.standing !== "member";
  parts.composer.node.hidden = closed;
  parts.gate.hidden = !closed;
  if (!closed) return;
  const blocked = room.standing === "kicked";
  const key = JSON.stringify([person.id, room.standing, person.invitation, t("start")]);
  if (parts.gate.dataset.key === key) return;
  parts.gate.dataset.key = key;
  const button = (name, run, kind) => el("button", { type: "button", class: kind, "data-fallback": true, on: { click: (e) => spinning(e.currentTarget, run) } }, t(name));
  const start = (payload) => () => act(person.id, "starts", { payload });
  parts.gate.replaceChildren(
    el("p", {}, t(blocked ? "is_blocked" : "not_started", { name: person.name })),
    blocked ? button("unblock", () => act(person.id, "unblocks"), "primary big") : null ?? "",
    !blocked && person.invitation ? button("invitation", start(person.invitation), "primary big") : "",
    blocked ? "" : button(person.invitation ? "start_plain" : "start", start(""), person.invitation ? "quiet" : "primary big"),
  );
}

const room = () => view.state.telegram.chats[view.person]?.rooms.find((r) => r.id === view.room);
const at = () => (room()?.kind === "group" ? room().id : undefined);
const atEnd = () => parts.log.scrollHeight - parts.log.scrollTop - parts.log.clientHeight < 48;

function toEnd() {
  parts.log.scrollTop = parts.log.scrollHeight;
  parts.newer.hidden = true;
}

async function press(message, button, node) {
  const done = await spinning(node, () => act(view.person, "presses", { message: message?.id, button, at: at() }));
  if (!done?.notice) return;
  if (!done.alert) toast(done.notice);
  else {
    const box = dialog({ role: "alertdialog" }, el("p", {}, done.notice),
      el("div", { class: "dialog-end" }, el("button", { type: "button", class: "primary", on: { click: () => box.close() } }, t("close"))));
  }
}

async function send(text) {
  const deed = about;
  cancel();
  toEnd();
  if (deed?.kind === "edit") return act(view.person, "edits", { message: deed.message.id, text, at: at() });
  return act(view.person, "types", { text, at: at(), reply_to: deed?.message.id });
}

function edit(message) {
  about = { kind: "edit", message };
  parts.composer.notice(t("editing"), message.text);
}

function answer(message) {
  about = { kind: "reply", message };
  parts.composer.notice(`${t("answering")} “${message.text.slice(0, 60)}”`);
}

function cancel() {
  about = null;
  parts.composer?.notice(null);
}

function standingItems() {
  const person = view.state.telegram.people.find((p) => p.id === view.person);
  if (!person || person.standing === "never") return [{ label: t("start"), icon: icon("send"), act: () => act(view.person, "starts") }];
  const blocked = person.standing === "kicked";
  return [{ label: t(blocked ? "unblock" : "block"), icon: icon("block"), act: () => act(view.person, blocked ? "unblocks" : "blocks") }];
}

function commandsMenu() {
  const button = el("button", { type: "button", class: "round", id: "phone-commands", "aria-label": t("commands"), title: t("commands") }, icon("slash"));
  return menu(button, () => {
    const known = view.state.telegram.chats[view.person]?.commands ?? [];
    const listed = known.length ? known : [{ command: "start", description: t("start") }];
    return listed.map(({ command, description }) => ({ label: `/${command}`, hint: description, act: () => act(view.person, "types", { text: `/${command}`, at: at() }) }));
  });
}

function attachMenu() {
  const button = el("button", { type: "button", class: "round", id: "attach", "aria-label": t("attach"), title: t("attach") }, icon("clip"));
  const file = el("input", { type: "file", hidden: true, on: { change: sendFile } });
  const give = (deed, fields = {}) => () => act(view.person, deed, { ...fields, caption: parts.composer.take(), at: at() });
  const items = () => [
    { label: t("photo"), icon: icon("photo"), act: give("photo") },
    { label: t("album"), icon: icon("album"), act: give("photo", { n: 2 }) },
    { label: t("voice"), icon: icon("voice"), act: () => act(view.person, "voice", { at: at() }) },
    { label: t("video"), icon: icon("film"), act: give("video") },
    { label: t("document"), icon: icon("file"), act: give("document", { name: t("sample_document"), words: t("sample_words") }) },
    { label: t("contact"), icon: icon("person"), act: () => act(view.person, "contact", { at: at() }) },
    { label: t("location"), icon: icon("place"), act: () => act(view.person, "location", { ...NICE, at: at() }) },
    { label: t("from_device"), icon: icon("device"), act: () => file.click() },
  ];
  return el("span", {}, menu(button, items), file);
}

function sendFile(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const deed = /^image\/(jpeg|png|gif)$/.test(file.type) ? "photo" : "document";
  act(view.person, deed, { caption: parts.composer.take(), at: at() }, [file]);
}
