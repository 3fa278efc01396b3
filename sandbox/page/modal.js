// The open modal, as a dialog that keeps the keyboard inside.

import { desk } from "./api.js";
import { blocksNodes, plainWords } from "./blocks.js";
import { el, spinning, toast } from "./dom.js";
import { icon } from "./icons.js";
import { view } from "./store.js";
import { t } from "./words.js";

let box = null;
let shown = ""; // the view and its hash that are drawn
let typed = new Map(); // what is filled in but not sent yet: "view|block|action" -> value
let before = null; // where the keyboard was

export function drawModal(modal) {
  if (!modal) {
    shut();
    return;
  }
  const mark = `${view.user}|${modal.id}|${modal.hash}|${modal.depth}|${document.documentElement.lang}`;
  if (mark === shown) return;
  const [, old] = shown.split("|");
  shown = mark;
  if (!box) open();
  const focus = old === modal.id ? document.activeElement?.dataset.focus : null;
  box.replaceChildren(form(modal));
  const first = (focus && box.querySelector(`[data-focus="${CSS.escape(focus)}"]`))
    ?? box.querySelector("[autofocus]") ?? box.querySelector(".modal-body :is(input, textarea, select)") ?? box.querySelector(".submit, .closing");
  first?.focus();
}

function open() {
  before = document.activeElement;
  box = el("dialog", { class: "dialog modal", "aria-labelledby": "modal-title", id: "modal" });
  box.addEventListener("cancel", (event) => {
    event.preventDefault(); // the sandbox closes it, so that the app hears of it
    desk(view.user, "closes");
  });
  document.body.append(box);
  box.showModal();
}

function shut() {
  if (!box) return;
  box.close();
  box.remove();
  box = null;
  shown = "";
  typed = new Map();
  if (before?.isConnected) before.focus({ preventScroll: true });
}

function form(modal) {
  const key = (block, element) => `${modal.id}|${block.block_id}|${element.action_id}`;
  const ctx = {
    id: modal.id,
    state: modal.state.values,
    place: { on: "modal" },
    typed: (block, element) => typed.get(key(block, element)),
    keep: (block, element, value) => typed.set(key(block, element), value),
    act: (deed, block, element, fields) => desk(view.user, deed, { on: "modal", block: block.block_id, action: element.action_id, ...fields }),
  };
  const general = el("p", { class: "error general", role: "alert", hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    const button = node.querySelector(".submit");
    if (button) await spinning(button, () => send(modal, key, node, general));
  };
  const back = modal.depth > 1;
  const closing = el("button", { type: "button", class: "quiet closing", on: { click: () => desk(view.user, "closes") } }, back ? t("back") : plainWords(modal.close) || t("close"));
  const node = el("form", { class: "modal-form", novalidate: true, on: { submit } },
    el("header", { class: "modal-head" }, el("h2", { id: "modal-title" }, plainWords(modal.title)),
      el("button", { type: "button", class: "round", "aria-label": t("close"), on: { click: () => desk(view.user, "closes", { whole: true }) } }, icon("close"))),
    el("div", { class: "modal-body" }, general, blocksNodes(modal.blocks, ctx)),
    el("footer", { class: "dialog-end" }, closing, modal.submit ? el("button", { type: "submit", class: "primary submit" }, plainWords(modal.submit)) : null),
  );
  return node;
}

async function send(modal, key, node, general) {
  const blocks = {};
  for (const block of modal.blocks) {
    if (block.type !== "input") continue;
    const id = key(block, block.element);
    if (typed.has(id)) blocks[block.block_id] = typed.get(id);
  }
  const answer = await desk(view.user, "fills", { blocks });
  if (!answer) return;
  for (const field of node.querySelectorAll("[data-field]")) complain(field, answer.by_block[field.dataset.field]);
  const known = new Set([...node.querySelectorAll("[data-field]")].map((f) => f.dataset.field));
  const other = Object.entries(answer.by_block).filter(([block]) => !known.has(block)).map(([, words]) => words);
  general.hidden = !other.length;
  general.textContent = other.join(" ");
  node.querySelector("[aria-invalid=true]")?.focus();
  if (other.length) toast(other[0], "bad");
}

function complain(field, words) {
  const error = field.querySelector(".error");
  error.hidden = !words;
  error.textContent = words ?? "";
  field.classList.toggle("wrong", Boolean(words));
  const input = field.querySelector("input, select, textarea");
  if (words) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}
