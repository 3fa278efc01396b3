// One message of Telegram, or an album of several.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { drawInvoice, drawPaid, payWords } from "./payment.js";
import { view } from "./store.js";
import { HOUR, t, when } from "./words.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };
const BLOCKS = new Set(["BLOCKQUOTE", "PRE"]);

// Words with their entities; Telegram counts in UTF-16 units, as JavaScript does.
export function formatted(text, entities) {
  const root = document.createDocumentFragment();
  const open = [{ node: root, end: Infinity }];
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const skipped = new Set();
  let at = 0;
  const say = (to) => {
    while (at < to) {
      if (skipped.delete(at)) at += 1; // what stands after a block is on a new line anyway
      const end = Math.min(to, open.at(-1).end);
      if (end > at) open.at(-1).node.append(text.slice(at, end));
      at = Math.max(at, end);
      while (open.length > 1 && open.at(-1).end <= at) open.pop();
    }
  };
  for (const entity of sorted) {
    say(entity.offset);
    const node = entityNode(entity, text);
    if (!node) continue;
    if (BLOCKS.has(node.tagName) && text[entity.offset + entity.length] === "\n") skipped.add(entity.offset + entity.length);
    open.at(-1).node.append(node);
    open.push({ node, end: Math.min(entity.offset + entity.length, open.at(-1).end) });
  }
  say(text.length);
  return root;
}

function entityNode(entity, text) {
  if (entity.type in TAGS) return el(TAGS[entity.type]);
  if (entity.type === "spoiler") return el("span", { class: "spoiler", tabindex: 0 });
  if (entity.type === "bot_command" || entity.type === "hashtag" || entity.type === "mention") return el("span", { class: "word" });
  if (entity.type === "text_link") return link(entity.url);
  if (entity.type === "url") return link(text.slice(entity.offset, entity.offset + entity.length));
  return null;
}

export function link(address, ...words) {
  const safe = /^(https?|mailto|tel|tg):/i.test(address) ? address : /^[\w.-]+\.\w+/.test(address) ? `https://${address}` : null;
  if (safe === null) return el("span", {}, words);
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, words);
}

// Messages as they are drawn: albums as one, and a line where a new day begins.
export function grouped(messages, zone) {
  const groups = [];
  let day = "";
  for (const message of messages) {
    const its = when(new Date(message.at), { year: "numeric", month: "2-digit", day: "2-digit" }, zone);
    if (its !== day) groups.push({ id: `day ${its}`, day: message.at });
    day = its;
    const last = groups.at(-1);
    if (message.album && last.parts?.[0].album === message.album) last.parts.push(message);
    else groups.push({ id: message.id, parts: [message] });
  }
  return groups;
}

// `hand` is what the reader can do: press(message, number, button), pay(message), edit(message), answer(message).
export function drawGroup(group, zone, hand) {
  if (group.day) return el("li", { class: "day" }, when(new Date(group.day), { weekday: "long", day: "numeric", month: "long" }, zone));
  const [first] = group.parts;
  if (first.payment) return drawPaid(first);
  const mine = first.from.id === view.person;
  const said = group.parts.map((p) => p.text).find(Boolean) ?? "";
  const words = first.invoice ? "" : mine && said.startsWith("/start ") ? "/start" : said; // Telegram shows no payload
  const entities = group.parts.find((p) => p.text)?.entities ?? [];
  const media = group.parts.filter((p) => p.media);
  const hour = when(new Date(first.at), HOUR, zone);
  const node = el("li", { class: `row ${mine ? "mine" : "theirs"}`, "data-item": true, "data-message": first.id },
    el("div", { class: "bubble" },
      !mine && !first.from.bot ? el("p", { class: "who" }, first.from.name) : null,
      first.reply_to ? el("blockquote", { class: "answered" }, first.reply_to.text || "…") : null,
      first.invoice ? drawInvoice(first.invoice) : null,
      media.length ? el("div", { class: media.length > 1 ? "media album" : "media" }, media.map((p) => drawMedia(p.media))) : null,
      words ? el("div", { class: "words", dir: "auto" }, formatted(words, entities)) : null,
      el("p", { class: "foot" },
        first.reactions?.map((r) => el("span", { class: "reaction" }, r)),
        first.pinned ? t("pinned") : null,
        group.parts.some((p) => p.edited) ? el("span", { class: "edited" }, t("edited")) : null,
        el("time", { datetime: first.at }, hour)),
      el("span", { class: "deeds" },
        mine && words && hand.edit ? deed("edit", () => hand.edit(first)) : null,
        deed("reply", () => hand.answer(first))),
    ),
    drawButtons(first, hand),
  );
  return node;
}

function deed(name, act) {
  return el("button", { type: "button", class: "deed", "aria-label": t(name), title: t(name), "data-focus": name, on: { click: act } }, icon(name));
}

function drawButtons(message, hand) {
  if (!message.buttons.length) return null;
  let number = 0;
  return el("div", { class: "keys" }, message.buttons.map((row) =>
    el("div", { class: "keys-row" }, row.map((button) => {
      const at = number++;
      if (button.url) return el("span", { class: "key-link" }, withClass(link(button.url, button.label), "key"));
      if (button.pay) return payButton(message, button.label, `b${at}`, hand);
      return el("button", { type: "button", class: "key", "data-focus": `b${at}`, on: { click: (e) => hand.press(message, at, e.currentTarget) } }, button.label);
    }))));
}

// What was paid here shows its receipt.
function payButton(message, label, focus, hand) {
  const receipt = message.invoice?.receipt;
  const words = message.invoice && !message.invoice.own_button ? payWords(message.invoice) : label;
  return el("button", { type: "button", class: receipt ? "key" : "key pay", "data-focus": focus, on: { click: () => hand.pay(message) } }, receipt ? t("receipt") : words);
}

function withClass(node, name) {
  node.className = name;
  return node;
}

function drawMedia(media) {
  switch (media.kind) {
    case "photo":
      return el("a", { class: "picture", href: media.url, target: "_blank", rel: "noopener" }, el("img", { src: media.url, alt: t("photo"), loading: "lazy" }));
    case "voice":
    case "audio":
      return el("span", { class: "sound" }, icon("voice"), el("audio", { src: media.url, controls: true, preload: "none", "aria-label": media.name || t("voice") }));
    case "video":
      return el("video", { class: "picture", src: media.url, controls: true, preload: "none", "aria-label": media.name || t("video") });
    case "contact":
      return el("span", { class: "card" }, icon("person"), el("span", {}, el("strong", {}, media.name), el("br"), media.phone));
    case "location":
      return el("span", { class: "card" }, icon("place"), el("span", {}, el("strong", {}, t("location")), el("br"), `${media.lat.toFixed(4)}, ${media.lon.toFixed(4)}`));
    default:
      return fileCard(media.url, media.name, media.size);
  }
}

export function fileCard(url, name, size) {
  return el("a", { class: "card", href: url, download: name || true, "aria-label": `${t("download")}: ${name}` },
    icon("file"), el("span", {}, el("strong", {}, name || t("document")), el("br"), el("small", {}, bytes(size))));
}

function bytes(size) {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

