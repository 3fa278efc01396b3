// Slack's rich text.

import { link } from "./bubble.js";
import { el } from "./dom.js";
import { broadcast, emoji, mention, moment, place } from "./mrkdwn.js";

export function rich(block) {
  return el("div", { class: "words rich", dir: "auto" }, (block.elements ?? []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return el("div", { class: "section" }, runs(element));
    case "rich_text_quote":
      return el("blockquote", {}, runs(element));
    case "rich_text_preformatted":
      return el("pre", {}, runs(element));
    case "rich_text_list":
      return el(element.style === "ordered" ? "ol" : "ul", { class: `indent${Math.min(element.indent ?? 0, 4)}`, start: element.offset ? element.offset + 1 : null },
        (element.elements ?? []).map((item) => el("li", {}, runs(item))));
    default:
      return null;
  }
}

const runs = (element) => (element.elements ?? []).map((run) => styled(run.style ?? {}, piece(run)));

function piece(run) {
  switch (run.type) {
    case "text":
      return run.text;
    case "link":
      return link(run.url, run.text || run.url);
    case "user":
      return mention(run.user_id);
    case "channel":
      return place(run.channel_id);
    case "emoji":
      return run.unicode ? String.fromCodePoint(...run.unicode.split("-").map((c) => parseInt(c, 16))) : emoji(run.name);
    case "broadcast":
      return broadcast(run.range);
    case "date":
      return el("time", {}, run.fallback || moment(run.timestamp));
    case "color":
      return run.value;
    default:
      return "";
  }
}

const TAGS = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

function styled(style, node) {
  return TAGS.reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}
