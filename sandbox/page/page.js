// The page: one look at the sandbox at a time, drawn into the phone, the desk and the bar on top.

import { get, listen } from "./api.js";
import { el } from "./dom.js";
import { drawPhone, buildPhone } from "./phone.js";
import { look, onLook, recall, remember, view } from "./store.js";
import { refreshStory, wordsOfStory } from "./story.js";
import { buildTeam, drawTeam } from "./team.js";
import { buildTop, drawTop, setAlive, welcome } from "./top.js";
import { loadWords, t } from "./words.js";

const NOWHERE = "-"; // a channel nobody has: the list of channels without messages

let busy = false;
let again = false;

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    try {
      await draw();
    } catch (error) {
      if (error.status === undefined && !(error instanceof TypeError)) throw error;
      if (error.status === 404) forget();
      else if (error.status === undefined) console.warn(error.message);
    }
  } while (again);
  busy = false;
}

async function draw() {
  const asked = { person: view.person, user: view.user, channel: view.channel ?? NOWHERE, thread: view.thread, limit: view.limit };
  const state = await get("/control/state", asked);
  view.state = state;
  if (settleChoices(state)) {
    again = true;
    return;
  }
  drawTop(state);
  drawPhone(state);
  drawTeam(state);
  refreshStory(state);
}

// Choose for the reader what they have not chosen; true when there is more to ask for now.
function settleChoices(state) {
  let changed = false;
  if (view.person === null && state.telegram.people.length) {
    const known = state.telegram.people.find((p) => String(p.id) === recall("person"));
    view.person = (known ?? state.telegram.people[0]).id;
    changed = true;
  }
  if (view.user === null && state.slack.users.length) {
    const known = state.slack.users.find((u) => u.id === recall("user"));
    view.user = (known ?? state.slack.users[0]).id;
    changed = true;
  }
  const channels = state.slack.channels ?? [];
  if (view.channel === null && channels.length) {
    view.channel = channels.find((c) => c.name)?.id ?? channels[0].id;
    changed = true;
  }
  return changed;
}

// The sandbox was started anew with other people.
function forget() {
  Object.assign(view, { person: null, user: null, channel: null, thread: null });
  again = true;
}

const TABS = ["phone", "team"];

function buildTabs() {
  const bar = document.getElementById("tabs");
  const show = (name) => {
    document.body.dataset.tab = name;
    remember("tab", name);
    for (const tab of bar.children) {
      const chosen = tab.dataset.name === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    if (view.state) look({}); // what comes into sight has been read
  };
  bar.setAttribute("aria-label", t("tabs"));
  bar.replaceChildren(
    ...TABS.map((name) =>
      el("button", { type: "button", role: "tab", "data-name": name, id: `tab-${name}`, "aria-controls": name, on: { click: () => show(name) } },
        t(`tab_${name}`), el("span", { class: "dot", hidden: true }))),
  );
  bar.onkeydown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = TABS[1 - TABS.indexOf(document.body.dataset.tab)];
    show(other);
    document.getElementById(`tab-${other}`).focus();
  };
  show(document.body.dataset.tab ?? recall("tab") ?? "phone");
}

function build() {
  document.title = t("title");
  buildTop(() => {
    build();
    look({});
  });
  buildTabs();
  buildPhone();
  buildTeam();
  wordsOfStory();
}

await loadWords();
build();
onLook(refresh);
listen(refresh, setAlive);
if (recall("welcomed") === null) welcome();
