// The team's Slack: where one is, what is said there, the thread beside it, the app's home.

import { desk } from "./api.js";
import { blocksNodes } from "./blocks.js";
import { buildComposer } from "./composer.js";
import { el, keepingEnd, menu, roving, sync, toast } from "./dom.js";
import { icon } from "./icons.js";
import { drawModal } from "./modal.js";
import { nameOf } from "./mrkdwn.js";
import { avatar, drawPost, withDays } from "./post.js";
import { inSight, look, remember, view } from "./store.js";
import { buildThread, drawThread } from "./thread.js";
import { t } from "./words.js";

const APP = "bot"; // the talk with the app, before it exists

let parts = {};
let shown = "";
let editing = null;
const read = new Map(); // "user/channel" -> newest ts seen
const troubles = new Map(); // user -> how many errors were shown

export function buildTeam() {
  const box = document.getElementById("team");
  const users = el("select", { class: "who-am-i", id: "user", "aria-label": t("i_am"), on: { change: (e) => chooseUser(e.target.value) } });
  const list = el("ul", { class: "places", "aria-label": t("channels") });
  const title = el("h2", { class: "place-name" });
  const topic = el("span", { class: "muted topic" });
  const socket = el("span", { class: "socket", hidden: true }, t("no_socket"));
  const log = el("ol", { class: "log", role: "log", tabindex: 0, id: "posts" });
  const home = el("div", { class: "home", hidden: true, tabindex: 0 });
  const earlier = el("button", { type: "button", class: "quiet earlier", hidden: true, on: { click: () => look({ limit: view.limit + 300 }) } }, t("earlier"));
  const newer = el("button", { type: "button", class: "newer", hidden: true, on: { click: () => { log.scrollTop = log.scrollHeight; newer.hidden = true; } } }, icon("down"), t("newer"));
  const composer = buildComposer({ id: "team-composer", label: "", send, before: [slashMenu(), uploadButton()], cancel: () => (editing = null) });
  const empty = el("p", { class: "gate", hidden: true }, t("no_team"));
  parts = { users, list, title, topic, socket, log, home, earlier, newer, composer, empty };
  parts.roving = roving(log);
  log.addEventListener("scroll", () => log.scrollHeight - log.scrollTop - log.clientHeight < 48 && (newer.hidden = true), { passive: true });
  box.setAttribute("aria-label", t("team"));
  box.replaceChildren(
    el("nav", { class: "side", "aria-label": t("channels") },
      el("header", { class: "panel-head" }, el("label", { class: "chooser" }, el("span", { class: "label" }, t("i_am")), users)), list),
    el("div", { class: "channel" },
      el("header", { class: "panel-head" }, title, topic, socket), el("div", { class: "log-box" }, earlier, log, home, newer), composer.node, empty),
    buildThread());
  shown = "";
}

function chooseUser(id) {
  remember("user", id);
  editing = null;
  look({ user: id, thread: null });
}

export function drawTeam(state) {
  const { slack } = state;
  const people = slack.users.map((u) => ({ id: u.id, words: [u.name, roleOf(u)].filter(Boolean).join(" · ") }));
  sync(parts.users, people, (p) => p.id, (p) => el("option", { value: p.id }, p.words));
  if (view.user) parts.users.value = view.user;
  parts.empty.hidden = people.length > 0;
  parts.composer.node.hidden = !slack.me || view.home;
  if (!slack.me) return;
  const places = placesOf(slack);
  const place = places.find((p) => p.id === view.channel) ?? places.find((p) => p.kind !== "home");
  if (place.id !== view.channel) look({ channel: place.id, thread: null }); // this teammate does not see that channel
  markRead(place, slack.me);
  drawPlaces(places, slack.me);
  drawHead(place, slack, state);
  if (view.home) drawHome(slack);
  else drawLog(place, state);
  drawThread(view.home ? null : place, state);
  drawModal(slack.modal);
  tellTrouble(slack);
}

function roleOf(user) {
  if (user.stranger) return t("stranger");
  return user.role ? t(user.role) : "";
}

// Home, channels by name, then direct talks; the one with the app is always there.
function placesOf(slack) {
  const rooms = slack.channels.filter((c) => c.kind === "channel" || c.kind === "group").sort((a, b) => a.name.localeCompare(b.name));
  const direct = slack.channels.filter((c) => (c.kind === "im" || c.kind === "mpim") && c.members.includes(slack.me));
  const withApp = direct.find((c) => c.kind === "im" && c.members.includes(slack.bot.id));
  const app = { ...(withApp ?? { id: APP, members: [], messages: [], newest: "" }), kind: "im", label: slack.bot.name, app: true };
  const others = direct.filter((c) => c !== withApp).map((c) => ({ ...c, label: c.members.filter((m) => m !== slack.me).map(nameOf).join(", ") }));
  return [{ id: "home", kind: "home", label: t("home_tab"), newest: "" }, ...rooms.map((c) => ({ ...c, label: c.name })), app, ...others];
}

function markRead(place, me) {
  if (!place || view.home || !inSight("team")) return;
  read.set(`${me}/${place.id}`, place.newest);
}

function drawPlaces(places, me) {
  const rows = places.map((p) => ({
    id: p.id, kind: p.kind, label: p.label, archived: p.archived, app: p.app,
    current: view.home ? p.kind === "home" : p.id === view.channel,
    unread: p.newest > (read.get(`${me}/${p.id}`) ?? ""),
  }));
  sync(parts.list, rows, (r) => r.id, (r) =>
    el("li", { class: `place ${r.unread ? "unread" : ""}` },
      el("button", { type: "button", "data-focus": "go", "data-place": r.id, "aria-current": r.current ? "page" : null, on: { click: () => go(r) } },
        el("span", { class: "sign", "aria-hidden": "true" }, r.kind === "home" ? icon("home") : r.kind === "group" ? icon("lock") : r.kind === "channel" ? "#" : avatar(r.label, r.app)),
        el("span", { class: "place-label" }, r.label, r.archived ? ` (${t("archived")})` : ""),
        r.unread ? el("span", { class: "dot", role: "img", "aria-label": t("unread") }) : null)));
  placesKeys();
  const dot = document.querySelector("#tab-team .dot");
  if (dot) dot.hidden = !rows.some((r) => r.unread);
}

// One place is reached by Tab, the others by arrows.
function placesKeys() {
  const buttons = [...parts.list.querySelectorAll("button")];
  const focused = buttons.find((b) => b === document.activeElement);
  const one = focused ?? buttons.find((b) => b.getAttribute("aria-current")) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === one ? 0 : -1;
  parts.list.onkeydown = (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  };
}

function go(row) {
  editing = null;
  parts.composer.notice(null);
  if (row.kind === "home") {
    desk(view.user, "home");
    look({ home: true, thread: null });
  } else look({ home: false, channel: row.id, thread: null, limit: 200 });
}

function drawHead(place, slack, state) {
  parts.title.textContent = view.home ? `${slack.bot.name} · ${t("home_tab")}` : `${place.kind === "im" || place.kind === "mpim" ? "" : "#"}${place.label}`;
  parts.topic.textContent = view.home ? "" : (place.topic ?? "");
  parts.socket.hidden = slack.connected > 0 || state.weather.slack || slack.http;
  if (!view.home) parts.composer.label(t("message_to", { place: parts.title.textContent }));
  parts.log.hidden = view.home;
  parts.home.hidden = !view.home;
  if (view.home) parts.earlier.hidden = parts.newer.hidden = true;
}

function drawLog(place, state) {
  const where = `${view.user}/${place.id}`;
  const another = shown !== where;
  shown = where;
  const zone = state.clock.zone;
  const listed = withDays(place.messages ?? [], zone);
  parts.log.setAttribute("aria-label", parts.title.textContent);
  const fresh = keepingEnd(parts.log, () => {
    sync(parts.log, listed, (p) => `${where}/${p.ts}`, (p) => drawPost(p, zone, { edit }));
    parts.earlier.hidden = !place.earlier;
  }, another);
  parts.log.classList.toggle("empty", !listed.length);
  parts.log.dataset.empty = t("no_messages");
  if (fresh) parts.newer.hidden = false;
  if (another) parts.newer.hidden = true;
  parts.roving.settle(parts.log.contains(document.activeElement) ? undefined : [...parts.log.children].at(-1));
}

function drawHome(slack) {
  const home = slack.home;
  const ctx = home && {
    id: home.id, state: home.state.values, place: { on: "home" },
    act: (deed, block, element, fields) => desk(view.user, deed, { on: "home", block: block.block_id, action: element.action_id, ...fields }),
  };
  const item = home ? [{ id: `${view.user}/home`, hash: home.hash }] : [{ id: `${view.user}/none`, hash: "" }];
  sync(parts.home, item, (i) => i.id, () => el("div", { class: "blocks home-blocks", tabindex: -1 }, home ? blocksNodes(home.blocks, ctx) : el("p", { class: "muted" }, t("home_empty"))));
}

function tellTrouble(slack) {
  const told = troubles.get(slack.me) ?? slack.trouble.length;
  for (const words of slack.trouble.slice(told)) toast(words, "bad");
  troubles.set(slack.me, slack.trouble.length);
}

export async function send(text) {
  const place = view.channel;
  if (editing) {
    const post = editing;
    editing = null;
    parts.composer.notice(null);
    return desk(view.user, "edits", { channel: post.channel, ts: post.ts, text });
  }
  const slash = /^(\/[a-z][\w-]*)(?:\s+([\s\S]*))?$/.exec(text);
  if (slash) return desk(view.user, "commands", { command: slash[1], text: slash[2] ?? "", channel: place });
  parts.log.scrollTop = parts.log.scrollHeight;
  const done = await desk(view.user, "writes", { channel: place, text });
  if (place === APP && done) look({ channel: done.channel });
  return done;
}

function edit(post) {
  editing = post;
  parts.composer.notice(t("editing"), post.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

function slashMenu() {
  const button = el("button", { type: "button", class: "round", id: "team-commands", "aria-label": t("commands"), title: t("commands") }, icon("slash"));
  return menu(button, () => {
    const known = view.state.commands.length ? view.state.commands : [{ command: "/" }];
    return known.map(({ command, hint }) => ({ label: command, hint, act: () => parts.composer.put(command === "/" ? "/" : `${command} `) }));
  });
}

function uploadButton() {
  const file = el("input", { type: "file", hidden: true, on: { change: upload } });
  return el("span", {},
    el("button", { type: "button", class: "round", "aria-label": t("upload"), title: t("upload"), on: { click: () => file.click() } }, icon("clip")), file);
}

function upload(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) desk(view.user, "uploads", { channel: view.channel, text: parts.composer.take() ?? "" }, [file]);
}
