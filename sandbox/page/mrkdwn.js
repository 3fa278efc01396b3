// Slack's words: marks, mentions, links, dates and emoji, as nodes.

import { link } from "./bubble.js";
import { el } from "./dom.js";
import { view } from "./store.js";
import { when } from "./words.js";

const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", white_check_mark: "✅", heavy_check_mark: "✔️", warning: "⚠️", eyes: "👀", x: "❌", tada: "🎉",
  heart: "❤️", pray: "🙏", wave: "👋", fire: "🔥", bulb: "💡", house: "🏠", wrench: "🔧", hammer: "🔨", hammer_and_wrench: "🛠️", gear: "⚙️",
  rotating_light: "🚨", bell: "🔔", no_bell: "🔕", calendar: "📅", date: "📅", clock1: "🕐", hourglass: "⌛", hourglass_flowing_sand: "⏳",
  stopwatch: "⏱️", alarm_clock: "⏰", telephone: "☎️", telephone_receiver: "📞", phone: "☎️", iphone: "📱", envelope: "✉️", incoming_envelope: "📨",
  outbox_tray: "📤", inbox_tray: "📥", speech_balloon: "💬", memo: "📝", pencil: "✏️", pencil2: "✏️", paperclip: "📎", camera: "📷", microphone: "🎤",
  star: "⭐", star2: "🌟", sparkles: "✨", red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", lock: "🔒", key: "🔑",
  moneybag: "💰", euro: "💶", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", slightly_smiling_face: "🙂",
  smile: "😄", grinning: "😀", joy: "😂", neutral_face: "😐", disappointed: "😞", cry: "😢", angry: "😠", thinking_face: "🤔", raised_hands: "🙌",
  ok_hand: "👌", point_right: "👉", muscle: "💪", clap: "👏", car: "🚗", truck: "🚚", package: "📦", droplet: "💧", zap: "⚡", snowflake: "❄️",
  question: "❓", exclamation: "❗", bangbang: "‼️", no_entry: "⛔", no_entry_sign: "🚫", information_source: "ℹ️", pushpin: "📌", round_pushpin: "📍",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", robot_face: "🤖", link: "🔗", mag: "🔍", recycle: "♻️", arrows_counterclockwise: "🔄",
};

export const REACTIONS = ["white_check_mark", "eyes", "+1", "outbox_tray", "envelope", "warning", "tada", "heart"];

export const emoji = (name) => EMOJI[name.split("::")[0]] ?? `:${name}:`;
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

export function nameOf(id) {
  const { slack } = view.state;
  return slack.bot.id === id ? slack.bot.name : (slack.users.find((u) => u.id === id)?.name ?? id);
}

export const channelName = (id) => view.state.slack.channels?.find((c) => c.id === id)?.name ?? id;
export const mention = (id) => el("span", { class: id === view.user ? "mention me" : "mention" }, `@${nameOf(id)}`);
export const place = (id) => el("span", { class: "mention" }, `#${channelName(id)}`);
export const broadcast = (range) => el("span", { class: "mention me" }, `@${range}`);

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const INLINE = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*?\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*?\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*?\S)~(?![\p{L}\p{N}~])/gu;

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) nodes.push(withEmoji(unescape(text.slice(at, found.index))));
    const [whole, pre, code, angle, bold, italic, strike] = found;
    if (pre !== undefined) nodes.push(el("pre", {}, unescape(pre.replace(/^\n|\n$/g, ""))));
    else if (code !== undefined) nodes.push(el("code", {}, unescape(code)));
    else if (angle !== undefined) nodes.push(bracket(angle));
    else if (bold !== undefined) nodes.push(el("strong", {}, inline(bold)));
    else if (italic !== undefined) nodes.push(el("em", {}, inline(italic)));
    else nodes.push(el("s", {}, inline(strike)));
    at = found.index + whole.length;
  }
  if (at < text.length) nodes.push(withEmoji(unescape(text.slice(at))));
  return nodes;
}

function bracket(inside) {
  const [target, label] = [inside.split("|")[0], inside.split("|").slice(1).join("|")];
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return place(target.slice(1));
  if (target.startsWith("!date^")) return el("time", {}, label || moment(Number(target.split("^")[1])));
  if (target.startsWith("!")) return broadcast(label.replace(/^@/, "") || target.slice(1));
  return link(unescape(target), unescape(label) || unescape(target.replace(/^(mailto|tel):/, "")));
}

export function moment(seconds) {
  const zone = view.state.clock.zone;
  return when(new Date(seconds * 1000), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }, zone);
}

// Lines that begin with > are a quotation; everything else keeps its line breaks.
export function mrkdwn(text) {
  const box = el("div", { class: "words", dir: "auto" });
  let quote = null;
  const blocks = text.split(/(```[\s\S]*?```)/);
  for (const block of blocks) {
    if (block.startsWith("```")) {
      box.append(...inline(block));
      continue;
    }
    block.split("\n").forEach((line, n) => {
      const quoted = /^(&gt;|>) ?/.exec(line);
      if (quoted) {
        if (!quote) box.append((quote = el("blockquote")));
        else quote.append("\n");
        quote.append(...inline(line.slice(quoted[0].length)));
        return;
      }
      const after = quote !== null;
      quote = null;
      if (n && !after) box.append("\n");
      box.append(...inline(line));
    });
  }
  return box;
}
