// A field to type in, with its buttons: Enter sends, Shift+Enter begins a new line.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

export function buildComposer({ id, label, send, before = [], cancel }) {
  const field = el("textarea", { rows: 1, id, "aria-label": label, placeholder: label, "data-fallback": true, maxlength: 20000 });
  const words = el("span", {});
  const drop = el("button", { type: "button", class: "round small", "aria-label": t("cancel"), on: { click: () => stop() } }, icon("close"));
  const note = el("p", { class: "note", hidden: true }, words, drop);
  const go = el("button", { type: "submit", class: "round send", "aria-label": t("send"), title: t("send") }, icon("send"));
  const stop = () => {
    field.value = "";
    grow();
    cancel?.();
    field.focus();
  };
  const grow = () => {
    field.rows = Math.min(6, Math.max(1, field.value.split("\n").length, Math.ceil(field.value.length / 60)));
    go.classList.toggle("ready", field.value.trim() !== "");
  };
  const submit = async (event) => {
    event?.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    grow();
    if ((await send(text)) === null && !field.value) {
      field.value = text; // it was not sent: nothing typed is lost
      grow();
    }
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape" && !note.hidden) {
      event.stopPropagation();
      stop();
    }
  });
  const node = el("form", { class: "composer", on: { submit } }, note, el("div", { class: "composer-row" }, before, field, go));
  return {
    node,
    field,
    label(text) {
      if (field.placeholder === text) return;
      field.placeholder = text;
      field.setAttribute("aria-label", text);
    },
    put(text) {
      field.value = text;
      grow();
      field.focus();
    },
    // What is typed, taken away (as the caption of something that is sent).
    take() {
      const text = field.value.trim();
      field.value = "";
      grow();
      return text || undefined;
    },
    notice(text, value) {
      note.hidden = text === null;
      words.textContent = text ?? "";
      if (value !== undefined) field.value = value;
      grow();
      if (text !== null) field.focus();
    },
  };
}
