// The drawer: what came in, what it caused, what was sent; or what crossed the wire.

import { get } from "./api.js";
import { el, sync } from "./dom.js";
import { icon } from "./icons.js";
import { t, when } from "./words.js";

const PAUSE = 700; // milliseconds between two looks
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
const LATER = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
const TABS = ["inside", "wire"];

let tab = "inside";
let state = null;
let parts = {};
let waiting = false;

export function wordsOfStory() {
  const box = document.getElementById("story");
  const tabs = el("div", { class: "story-tabs", role: "tablist", "aria-label": t("story") }, TABS.map((name) =>
    el("button", { type: "button", role: "tab", id: `story-${name}`, "aria-controls": "story-list", "aria-selected": "false", "data-name": name, on: { click: () => show(name) } }, t(`story_${name}`))));
  tabs.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    show(tab === "inside" ? "wire" : "inside");
    document.getElementById(`story-${tab}`).focus();
  });
  const note = el("p", { class: "muted story-note", role: "status" });
  const list = el("ol", { class: "story-list", id: "story-list", role: "tabpanel", tabindex: 0, "aria-label": t("story") });
  parts = { tabs, note, list };
  box.setAttribute("aria-label", t("story"));
  box.replaceChildren(
    el("header", { class: "panel-head" }, el("h2", {}, t("story")),
      el("button", { type: "button", class: "round", id: "story-close", "aria-label": t("close"), on: { click: toggleStory } }, icon("close"))),
    tabs, note, list);
  box.onkeydown = (event) => event.key === "Escape" && toggleStory();
  look();
}

export function toggleStory() {
  const box = document.getElementById("story");
  box.hidden = !box.hidden;
  const button = document.getElementById("story-button");
  button.setAttribute("aria-expanded", String(!box.hidden));
  if (box.hidden) button.focus();
  else {
    document.getElementById("story-close").focus();
    look();
  }
}

function show(name) {
  tab = name;
  parts.list.replaceChildren();
  sync(parts.list, [], String, String);
  look();
}

export function refreshStory(fresh) {
  state = fresh;
  if (document.getElementById("story").hidden || waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    look();
  }, PAUSE);
}

async function look() {
  if (!state || document.getElementById("story").hidden) return;
  const wire = tab === "wire" || !state.feed;
  parts.tabs.hidden = !state.feed;
  for (const button of parts.tabs.children) {
    const chosen = button.dataset.name === (wire ? "wire" : "inside");
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  let found = { rows: [], note: "" };
  try {
    found = wire ? await lookAtWire() : await lookInside();
  } catch {
    found.note = t("story_lost");
  }
  if (wire !== (tab === "wire" || !state.feed)) return; // the reader has gone to the other tab meanwhile
  parts.note.textContent = found.note || (found.rows.length ? "" : t("story_empty"));
  sync(parts.list, found.rows, (r) => r.key, (r) => (wire ? drawCall(r) : drawInbound(r)));
}

async function lookAtWire() {
  const { calls, problems } = await get("/control/calls", { limit: 150 });
  return { rows: calls.map((c) => ({ key: `w${c.number}`, ...c })), note: problems.length ? t("problems", { n: problems.length }) : "" };
}

async function lookInside() {
  const { inbound } = await get("/control/feed");
  return { rows: inbound.map((i) => ({ key: `i${i.id}`, ...i })), note: "" };
}

const zone = () => state.clock.zone;

function drawInbound(row) {
  return el("li", { class: "inbound" },
    el("p", { class: "story-head" },
      el("span", { class: `net ${row.source}` }, row.source), el("strong", {}, row.kind),
      el("span", { class: `state ${row.state}` }, row.state),
      el("time", { datetime: row.at }, when(new Date(row.at), TIME, zone()))),
    group("events", row.events, (e) => [el("strong", {}, e.name), " ", el("span", { class: "muted" }, e.subject), facts(e.facts)]),
    group("timers", row.timers, (e) => [el("strong", {}, e.kind), " ", el("span", { class: "muted" }, e.subject), " ", t("due", { time: when(new Date(e.due_at), LATER, zone()) }), " ", chip(e.state)]),
    group("messages", row.messages, (e) => [el("span", { class: `net ${e.network}` }, e.network), " ", el("strong", {}, e.key), " → ", e.target, " ", el("span", { class: "muted" }, e.about ?? ""), " ", chip(e.state)]));
}

const chip = (words) => el("span", { class: `state ${words}` }, words);

function group(name, items, draw) {
  if (!items?.length) return null;
  return el("div", { class: `story-group ${name}` }, el("h3", {}, t(name)), el("ul", {}, items.map((item) => el("li", {}, draw(item)))));
}

function facts(values) {
  const all = Object.entries(values ?? {});
  if (!all.length) return null;
  return el("details", {}, el("summary", {}, all.length), el("dl", {}, all.map(([name, value]) => [el("dt", {}, name), el("dd", {}, typeof value === "string" ? value : JSON.stringify(value))])));
}

function drawCall(call) {
  const bad = call.problems.length || call.fault || (call.status ?? 200) >= 400;
  return el("li", { class: `call ${bad ? "bad" : ""}` },
    el("details", {},
      el("summary", {},
        el("span", { class: "way", "aria-hidden": "true" }, call.direction === "in" ? "→" : "←"),
        el("span", { class: `net ${call.network}` }, call.network), el("strong", {}, call.method),
        el("span", { class: "muted" }, [call.status, call.fault].filter((v) => v !== null).join(" ")),
        el("time", { datetime: call.at }, when(new Date(call.at), TIME, zone()))),
      el("pre", {}, JSON.stringify(call.fields, null, 1))),
    call.problems.map((words) => el("p", { class: "error" }, words)));
}
