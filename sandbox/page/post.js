// One message of Slack, with what can be done to it.

import { desk } from "./api.js";
import { blocksNodes } from "./blocks.js";
import { fileCard } from "./bubble.js";
import { el, menu, spinning } from "./dom.js";
import { icon } from "./icons.js";
import { emoji, mrkdwn, nameOf, REACTIONS } from "./mrkdwn.js";
import { look, view } from "./store.js";
import { DAY, HOUR, t, when } from "./words.js";

const HUES = 8;

export function avatar(name, bot) {
  const letters = name.split(/\s+/).map((w) => w[0]).join("").slice(0, 2).toUpperCase();
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)) % 997;
  return el("span", { class: `avatar ${bot ? "bot" : `hue${sum % HUES}`}`, "aria-hidden": "true" }, letters);
}

// Messages with a line where a new day begins.
export function withDays(posts, zone) {
  const listed = [];
  let day = "";
  for (const post of posts) {
    const its = when(new Date(post.at), { year: "numeric", month: "2-digit", day: "2-digit" }, zone);
    if (its !== day) listed.push({ ts: `day ${its}`, day: post.at });
    day = its;
    listed.push(post);
  }
  return listed;
}

// `hand`: edit(post), and whether this is `inThread`.
export function drawPost(post, zone, hand) {
  if (post.day) return el("li", { class: "day" }, when(new Date(post.day), DAY, zone));
  const about = { channel: post.channel, ts: post.ts };
  const ctx = {
    id: `${hand.inThread ? "t" : "c"}${post.ts}`,
    place: about,
    act: (deed, block, element, fields) => desk(view.user, deed, { ...about, block: block.block_id, action: element.action_id, ...fields }),
  };
  const moment = new Date(post.at);
  return el("li", { class: `post ${post.ephemeral ? "ephemeral" : ""}`, "data-item": true, "data-ts": post.ts },
    avatar(post.name, post.bot),
    el("div", { class: "post-main" },
      el("p", { class: "post-head" },
        el("strong", {}, post.name),
        post.bot ? el("span", { class: "badge" }, t("app")) : null,
        el("time", { datetime: post.at, title: when(moment, { dateStyle: "full", timeStyle: "medium" }, zone) }, when(moment, HOUR, zone)),
        post.edited ? el("span", { class: "muted" }, t("edited")) : null,
        post.broadcast ? el("span", { class: "muted" }, t("also_channel")) : null),
      post.ephemeral ? el("p", { class: "whisper" }, icon("lock"), t("only_you")) : null,
      el("div", { class: "blocks" }, post.blocks.length ? blocksNodes(post.blocks, ctx) : post.text ? mrkdwn(post.text) : null),
      post.attachments?.map((a) => el("div", { class: "attachment" }, a.blocks ? blocksNodes(a.blocks, ctx) : mrkdwn(a.text ?? a.fallback ?? ""))),
      post.files.length ? el("div", { class: "files" }, post.files.map(drawFile)) : null,
      drawReactions(post, about),
      post.replies && !hand.inThread ? replies(post, zone) : null),
    post.ephemeral ? null : toolbar(post, about, hand));
}

function drawFile(file) {
  if (/^image\/(jpeg|png|gif)$/.test(file.mime)) {
    return el("a", { class: "picture", href: file.url, target: "_blank", rel: "noopener" }, el("img", { src: file.url, alt: file.title || file.name, loading: "lazy" }));
  }
  if (file.mime.startsWith("audio/")) return el("span", { class: "sound" }, icon("voice"), el("audio", { src: file.url, controls: true, preload: "none", "aria-label": file.title }));
  if (file.mime.startsWith("video/")) return el("video", { class: "picture", src: file.url, controls: true, preload: "none", "aria-label": file.title });
  return fileCard(file.url, file.title || file.name, file.size);
}

function drawReactions(post, about) {
  const all = Object.entries(post.reactions);
  if (!all.length) return null;
  return el("div", { class: "reactions" }, all.map(([name, users]) => {
    const mine = users.includes(view.user);
    const people = users.map(nameOf).join(", ");
    return el("button", { type: "button", class: "reaction", "aria-pressed": String(mine), title: people, "aria-label": `:${name}: ${people}`, "data-focus": `r${name}`,
      on: { click: (e) => spinning(e.currentTarget, () => desk(view.user, mine ? "unreacts" : "reacts", { ...about, name })) } }, emoji(name), " ", el("span", {}, users.length));
  }));
}

function replies(post, zone) {
  const { count, users, newest } = post.replies;
  const words = count === 1 ? t("replies_one") : t("replies", { n: count });
  return el("button", { type: "button", class: "replies", "data-focus": "replies", on: { click: () => look({ thread: post.ts, focusThread: true }) } },
    users.slice(0, 4).map((u) => avatar(nameOf(u), u === view.state.slack.bot.id)),
    el("span", { class: "link" }, words),
    el("time", {}, when(new Date(Number(newest) * 1000), HOUR, zone)));
}

function toolbar(post, about, hand) {
  const small = (name, label) => el("button", { type: "button", class: "deed", "aria-label": label, title: label, "data-focus": name }, icon(name));
  const mine = post.user === view.user;
  const react = menu(small("smile", t("react")), () => REACTIONS.map((name) => ({
    label: `${emoji(name)}  ${name}`,
    act: () => desk(view.user, post.reactions[name]?.includes(view.user) ? "unreacts" : "reacts", { ...about, name }),
  })));
  const answer = small("thread", t("answer_in_thread"));
  answer.addEventListener("click", () => look({ thread: post.thread_ts ?? post.ts, focusThread: true }));
  const shortcuts = view.state.shortcuts.map((s) => ({ label: s.label ?? s.callback_id, icon: icon("bolt"), act: () => desk(view.user, "message_shortcut", { ...about, callback_id: s.callback_id }) }));
  const own = mine ? [
    { label: t("edit"), icon: icon("edit"), act: () => hand.edit(post) },
    { label: t("delete"), icon: icon("bin"), act: () => desk(view.user, "deletes", about) },
  ] : [];
  const more = [...own, ...shortcuts];
  return el("div", { class: "toolbar" }, react, hand.inThread ? null : answer, more.length ? menu(small("more", t("more")), () => more) : null);
}
