// The thread beside the channel.

import { desk } from "./api.js";
import { buildComposer } from "./composer.js";
import { el, keepingEnd, roving, sync } from "./dom.js";
import { icon } from "./icons.js";
import { drawPost, withDays } from "./post.js";
import { look, view } from "./store.js";
import { t } from "./words.js";

let parts = {};
let shown = "";
let editing = null;

export function buildThread() {
  const log = el("ol", { class: "log", role: "log", tabindex: 0, "aria-label": t("thread"), id: "thread-posts" });
  const composer = buildComposer({ id: "thread-composer", label: t("answer_in_thread"), send, cancel: () => (editing = null) });
  const close = el("button", { type: "button", class: "round", id: "thread-close", "aria-label": t("close"), on: { click: shut } }, icon("close"));
  const box = el("section", { class: "thread", hidden: true, "aria-label": t("thread"), "data-panel": true },
    el("header", { class: "panel-head" }, el("h2", {}, t("thread")), close),
    el("div", { class: "log-box" }, log), composer.node);
  box.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && shut());
  parts = { log, composer, box, roving: roving(log) };
  shown = "";
  return box;
}

function shut() {
  const ts = view.thread;
  look({ thread: null });
  document.querySelector(`#posts [data-ts="${CSS.escape(ts ?? "")}"]`)?.focus();
}

export function drawThread(place, state) {
  const thread = view.thread && place?.threads?.[view.thread];
  parts.box.hidden = !thread;
  document.getElementById("team").classList.toggle("with-thread", Boolean(thread));
  if (!thread) {
    shown = "";
    return;
  }
  const where = `${view.user}/${place.id}/${view.thread}`;
  const another = shown !== where;
  shown = where;
  const zone = state.clock.zone;
  const listed = withDays([thread.root, ...thread.messages], zone);
  keepingEnd(parts.log, () => sync(parts.log, listed, (p) => `${where}/${p.ts}`, (p) => drawPost(p, zone, { edit, inThread: true })), another);
  parts.roving.settle(parts.log.contains(document.activeElement) ? undefined : [...parts.log.children].at(-1));
  if (another && view.focusThread) parts.composer.field.focus();
  view.focusThread = false;
}

async function send(text) {
  if (editing) {
    const post = editing;
    editing = null;
    parts.composer.notice(null);
    return desk(view.user, "edits", { channel: post.channel, ts: post.ts, text });
  }
  parts.log.scrollTop = parts.log.scrollHeight;
  return desk(view.user, "writes", { channel: view.channel, ts: view.thread, text });
}

function edit(post) {
  editing = post;
  parts.composer.notice(t("editing"), post.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}
