// The elements of blocks that can be used: buttons, menus, fields.

import { desk } from "./api.js";
import { withEmoji } from "./mrkdwn.js";
import { dialog, el, menu, spinning } from "./dom.js";
import { icon } from "./icons.js";
import { view } from "./store.js";
import { t } from "./words.js";

const label = (text) => withEmoji(text?.text ?? "");
const focusName = (element, block) => `${block.block_id}/${element.action_id}`;

export function elementNode(element, block, ctx) {
  switch (element.type) {
    case "button":
    case "workflow_button":
      return button(element, block, ctx);
    case "overflow":
      return overflow(element, block, ctx);
    case "image":
      return el("span", { class: "muted" }, element.alt_text ?? "");
    case "static_select":
    case "users_select":
    case "channels_select":
    case "conversations_select":
      return select(element, block, ctx, false);
    case "multi_static_select":
    case "multi_users_select":
    case "multi_channels_select":
    case "multi_conversations_select":
    case "checkboxes":
      return choices(element, block, ctx, "checkbox");
    case "radio_buttons":
      return choices(element, block, ctx, "radio");
    case "external_select":
    case "multi_external_select":
      return external(element, block, ctx);
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
    case "rich_text_input":
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return field(element, block, ctx);
    case "file_input":
      return files(element, block, ctx);
    default:
      return el("span", { class: "muted" }, t("not_supported"));
  }
}

async function sure(confirm) {
  if (!confirm) return true;
  return new Promise((settle) => {
    const answer = (yes) => () => {
      settle(yes);
      box.close();
    };
    const box = dialog({ role: "alertdialog", "aria-label": label(confirm.title) },
      el("h2", {}, label(confirm.title)), el("p", {}, label(confirm.text)),
      el("div", { class: "dialog-end" },
        el("button", { type: "button", class: "quiet", on: { click: answer(false) } }, label(confirm.deny) || t("cancel")),
        el("button", { type: "button", class: confirm.style === "danger" ? "danger" : "primary", on: { click: answer(true) } }, label(confirm.confirm))));
    box.addEventListener("close", () => settle(false));
  });
}

function button(element, block, ctx) {
  const press = async (event) => {
    const node = event.currentTarget;
    if (await sure(element.confirm)) await spinning(node, () => ctx.act("presses", block, element, {}));
  };
  const props = { class: `b-button ${element.style ?? ""}`, "data-focus": focusName(element, block), "aria-label": element.accessibility_label, on: { click: press } };
  if (element.url && /^https?:/i.test(element.url)) {
    return el("a", { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer" }, label(element.text));
  }
  return el("button", { type: "button", ...props }, label(element.text));
}

function overflow(element, block, ctx) {
  const node = el("button", { type: "button", class: "b-button", "aria-label": t("more"), "data-focus": focusName(element, block) }, icon("more"));
  return menu(node, () => element.options.map((option) => ({
    label: label(option.text),
    act: async () => (await sure(element.confirm)) && ctx.act("presses", block, element, { option: option.value ?? option.text.text }),
  })));
}

const optionsOf = (element) => {
  const { slack } = view.state;
  if (/users/.test(element.type)) return slack.users.map((u) => ({ value: u.id, words: u.name }));
  if (/channels|conversations/.test(element.type)) return (slack.channels ?? []).filter((c) => c.name).map((c) => ({ value: c.id, words: `#${c.name}` }));
  const all = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((g) => g.options)];
  return all.map((o) => ({ value: o.value ?? o.text.text, words: label(o.text), hint: label(o.description) }));
};

// What a value in the view's state says, in the form in which it is sent back.
function kept(element, block, ctx) {
  const state = ctx.state?.[block.block_id]?.[element.action_id] ?? {};
  const one = state.selected_option?.value ?? state.selected_user ?? state.selected_channel ?? state.selected_conversation;
  const many = state.selected_options?.map((o) => o.value) ?? state.selected_users ?? state.selected_channels ?? state.selected_conversations;
  const moment = state.selected_date ?? state.selected_time ?? state.selected_date_time;
  return ctx.typed?.(block, element) ?? many ?? one ?? moment ?? state.value ?? null;
}

// Tell of a choice: at once in messages and for dispatching inputs, with the form otherwise.
function tells(element, block, ctx, value) {
  ctx.keep?.(block, element, value);
  if (block.type !== "input" || block.dispatch_action) ctx.act("selects", block, element, { option: value });
}

function select(element, block, ctx) {
  const given = kept(element, block, ctx) ?? element.initial_option?.value ?? element.initial_user ?? null;
  const hint = label(element.placeholder) || t("choose");
  const node = el("select", { class: "b-select", id: ctx.inputId, "data-focus": focusName(element, block), "aria-label": ctx.inputId ? null : hint },
    el("option", { value: "", disabled: block.type !== "input" || !block.optional, selected: given === null }, hint),
    element.option_groups
      ? element.option_groups.map((g) => el("optgroup", { label: label(g.label) }, g.options.map((o) => el("option", { value: o.value, selected: o.value === given }, label(o.text)))))
      : optionsOf(element).map((o) => el("option", { value: o.value, selected: o.value === given }, o.words)));
  let byKeys = false; // arrows in a closed menu only look; Enter or leaving chooses
  let pending = false;
  const commit = () => {
    if (!pending) return;
    pending = false;
    tells(element, block, ctx, node.value || null);
  };
  node.addEventListener("keydown", (event) => {
    byKeys = event.key.startsWith("Arrow") || event.key.length === 1;
    if (event.key === "Enter") commit();
  });
  node.addEventListener("pointerdown", () => (byKeys = false));
  node.addEventListener("change", () => {
    pending = true;
    if (!byKeys || ctx.keep) commit();
  });
  node.addEventListener("blur", commit);
  return node;
}

function choices(element, block, ctx, type) {
  const value = kept(element, block, ctx);
  const chosen = new Set(Array.isArray(value) ? value : value === null ? [] : [value]);
  const name = `${ctx.id}-${block.block_id}-${element.action_id}`;
  const read = () => {
    const marked = [...box.querySelectorAll("input:checked")].map((i) => i.value);
    return type === "radio" ? (marked[0] ?? null) : marked;
  };
  const box = el("div", { class: "b-choices", role: type === "radio" ? "radiogroup" : "group", id: ctx.inputId },
    optionsOf(element).map((o) => el("label", { class: "b-choice" },
      el("input", { type, name, value: o.value, checked: chosen.has(o.value), "data-focus": `${name}-${o.value}`, on: { change: () => tells(element, block, ctx, read()) } }),
      el("span", {}, o.words, o.hint ? el("small", {}, o.hint) : null))));
  return box;
}

function external(element, block, ctx) {
  const list = el("datalist", { id: `${ctx.id}-${block.block_id}-options` });
  const many = element.type.startsWith("multi_");
  const value = kept(element, block, ctx);
  const state = ctx.state?.[block.block_id]?.[element.action_id];
  const shown = state?.selected_option ? label(state.selected_option.text) : typeof value === "string" ? value : "";
  const node = el("input", { type: "text", class: "b-input", id: ctx.inputId, list: list.id, value: shown, autocomplete: "off", "data-focus": focusName(element, block), placeholder: label(element.placeholder) || t("search") });
  let timer = null;
  const suggest = async () => {
    if (node.value.length < (element.min_query_length ?? 3)) return;
    const found = await desk(view.user, "suggestions", { ...ctx.place, label: ctx.label ?? label(element.placeholder), text: node.value });
    list.replaceChildren(...(found?.options ?? []).map((words) => el("option", { value: words })));
  };
  node.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 250);
  });
  node.addEventListener("focus", suggest);
  node.addEventListener("change", () => tells(element, block, ctx, node.value ? (many ? [node.value] : node.value) : null));
  return el("span", { class: "b-external" }, node, list);
}

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number", datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

function field(element, block, ctx) {
  const long = element.multiline || element.type === "rich_text_input";
  const value = kept(element, block, ctx);
  const node = el(long ? "textarea" : "input", {
    type: long ? null : (TYPES[element.type] ?? "text"), class: "b-input", id: ctx.inputId, rows: long ? 4 : null, autocomplete: "off",
    placeholder: label(element.placeholder) || null, maxlength: element.max_length ?? null, "data-focus": focusName(element, block),
    min: element.min_value ?? null, max: element.max_value ?? null, step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : "1") : null,
    "aria-label": ctx.inputId ? null : label(element.placeholder) || element.action_id,
  });
  node.value = element.type === "datetimepicker" && typeof value === "number" ? localTime(value) : typeof value === "object" ? "" : String(value ?? "");
  if (element.focus_on_load) node.setAttribute("autofocus", "");
  const read = () => {
    if (node.value === "") return null;
    return element.type === "datetimepicker" ? Math.round(new Date(node.value).getTime() / 1000) : node.value;
  };
  if (block.type === "input") {
    node.addEventListener("input", () => ctx.keep?.(block, element, read()));
    if (block.dispatch_action) node.addEventListener("change", () => tells(element, block, ctx, read()));
  } else node.addEventListener("change", () => tells(element, block, ctx, read()));
  return node;
}

// Files of a form: read at once, and sent with it.
function files(element, block, ctx) {
  const accept = element.filetypes?.map((type) => `.${type}`).join(",") || null;
  const before = [...(ctx.state?.[block.block_id]?.[element.action_id]?.files ?? []), ...(ctx.typed?.(block, element) ?? [])];
  const names = el("span", { class: "muted" }, before.map((file) => file.name).join(", "));
  const node = el("input", { type: "file", class: "b-input", id: ctx.inputId, multiple: (element.max_files ?? 10) > 1, accept, "data-focus": focusName(element, block) });
  node.addEventListener("change", async () => {
    names.textContent = "";
    ctx.keep?.(block, element, await Promise.all([...node.files].map(encoded)));
  });
  return el("span", { class: "b-files" }, node, names);
}

function encoded(file) {
  return new Promise((settle, fail) => {
    const reader = new FileReader();
    reader.onload = () => settle({ name: file.name, content: String(reader.result).replace(/^[^,]*,/, "") });
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

function localTime(seconds) {
  const moment = new Date(seconds * 1000);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
