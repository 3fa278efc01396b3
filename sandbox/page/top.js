// The bar on top: time, weather, the story's button, language, theme, help; and the first card.

import { post } from "./api.js";
import { dialog, el, menu, spinning } from "./dom.js";
import { icon } from "./icons.js";
import { recall, remember } from "./store.js";
import { toggleStory } from "./story.js";
import { choose, current, HOUR, languages, t, when } from "./words.js";

const STEPS = [["plus_hour", "+1 hour"], ["tomorrow", "tomorrow morning"], ["plus_week", "+1 week"]];

let parts = {};
let clock = null; // {ahead: sandbox minus this machine in ms, zone, offset}
let weather = { telegram: false, slack: false };

export function buildTop(changed) {
  theme(recall("theme"));
  const now = el("time", { class: "now" });
  const ahead = el("span", { class: "ahead", hidden: true });
  const steps = STEPS.map(([name, move]) =>
    el("button", { type: "button", class: "quiet", "data-move": move, on: { click: (e) => spinning(e.currentTarget, () => post("/control/clock", { move })) } }, t(name)));
  const sky = el("button", { type: "button", class: "quiet weather", id: "weather", "aria-label": t("weather"), title: t("weather") },
    icon("cloud"), el("span", { class: "sky" }));
  const story = el("button", { type: "button", class: "quiet", id: "story-button", "aria-expanded": "false", "aria-controls": "story", on: { click: toggleStory } },
    icon("story"), el("span", { class: "wide" }, t("story")), el("span", { class: "count bad", hidden: true }));
  const language = el("select", { class: "plain", "aria-label": t("language"), title: t("language"), id: "language", on: { change: (e) => { choose(e.target.value); changed(); document.getElementById("language").focus(); } } },
    languages().map(({ code, name }) => el("option", { value: code, lang: code, selected: code === current() }, name)));
  parts = { now, ahead, steps, sky: sky.lastChild, story, clock: el("div", { class: "clock", role: "group", "aria-label": t("clock") },
    icon("clock"), now, ahead, el("span", { class: "steps" }, steps), stepsMenu()) };
  document.getElementById("top").replaceChildren(
    el("h1", { class: "brand" }, el("span", { class: "mark", "aria-hidden": "true" }), t("brand"), el("small", {}, t("demo"))),
    parts.clock,
    el("div", { class: "tools" },
      menu(sky, skies),
      story,
      language,
      el("button", { type: "button", class: "quiet round", "aria-label": t("theme"), title: t("theme"), on: { click: () => theme(dark() ? "light" : "dark") } }, icon("moon")),
      el("button", { type: "button", class: "quiet round", id: "help", "aria-label": t("help"), title: t("help"), on: { click: welcome } }, "?"),
    ),
    el("p", { class: "offline", id: "offline", role: "alert", hidden: true }, t("disconnected")),
  );
}

// The same steps where there is no room for three buttons.
function stepsMenu() {
  const button = el("button", { type: "button", class: "quiet", "aria-label": t("clock") }, icon("clock"), "+");
  return menu(button, () => STEPS.map(([name, move]) => ({ label: t(name), icon: icon("clock"), act: () => post("/control/clock", { move }) })));
}

function skies() {
  return ["telegram", "slack"].map((network) => ({
    label: t(`${network}_${weather[network] ? "back" : "away"}`),
    icon: icon(weather[network] ? "bolt" : "cloud"),
    act: () => post("/control/weather", { network, away: !weather[network] }),
  }));
}

export function drawTop(state) {
  weather = state.weather;
  const away = ["Telegram", "Slack"].filter((n) => weather[n.toLowerCase()]);
  parts.sky.textContent = away.length ? away.map((network) => t("is_away", { network })).join(" · ") : "";
  parts.sky.parentElement.classList.toggle("stormy", away.length > 0);
  clock = { ahead: new Date(state.clock.now) - Date.now(), zone: state.clock.zone, offset: state.clock.offset };
  for (const step of parts.steps) {
    step.disabled = !state.clock.movable;
    step.title = state.clock.movable ? "" : t("clock_fixed");
  }
  parts.clock.classList.toggle("fixed", !state.clock.movable);
  const count = parts.story.querySelector(".count");
  count.hidden = !state.problems;
  count.textContent = state.problems;
  count.title = t("problems", { n: state.problems });
  tick();
}

function tick() {
  if (!clock) return;
  const now = new Date(Date.now() + clock.ahead);
  const words = when(now, { weekday: "short", day: "numeric", month: "short", ...HOUR }, clock.zone);
  if (parts.now.textContent !== words) {
    parts.now.textContent = words;
    parts.now.dateTime = now.toISOString();
    parts.now.title = `${t("clock")} · ${clock.zone}`;
  }
  parts.ahead.hidden = clock.offset < 60;
  if (clock.offset >= 60) parts.ahead.textContent = t("ahead", { time: duration(clock.offset) });
}

setInterval(tick, 1000);

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  const all = [["days", Math.floor(minutes / 1440)], ["hours", Math.floor(minutes / 60) % 24], ["minutes", minutes % 60]];
  return all.filter(([, n]) => n).slice(0, 2).map(([name, n]) => t(name, { n })).join(" ");
}

const dark = () => getComputedStyle(document.documentElement).colorScheme === "dark"
  || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

function theme(name) {
  if (name !== "light" && name !== "dark") return;
  document.documentElement.dataset.theme = name;
  remember("theme", name);
}

export function setAlive(alive) {
  document.getElementById("offline").hidden = alive;
}

export function welcome() {
  if (document.querySelector(".welcome")) return;
  const box = dialog({ class: "dialog welcome", "aria-labelledby": "welcome-title" },
    el("h2", { id: "welcome-title" }, t("welcome")),
    el("ol", {}, ["person", "thread", "clock"].map((name, n) => el("li", {}, icon(name), el("span", {}, t(`welcome_${n + 1}`))))),
    el("div", { class: "dialog-end" }, el("button", { type: "button", class: "primary", autofocus: true, on: { click: () => box.close() } }, t("begin"))),
  );
  box.addEventListener("close", () => remember("welcomed", "yes"));
}
