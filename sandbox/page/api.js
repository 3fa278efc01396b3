// Talking to the sandbox.

import { toast } from "./dom.js";
import { t } from "./words.js";

export async function get(address, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v !== undefined && v !== null && v !== ""));
  const answer = await fetch(`${address}?${query}`);
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error), { status: answer.status });
  return body;
}

// Do something; null (and a word to the reader) when it cannot be done.
export async function post(address, fields = {}, files = []) {
  let sent;
  if (files.length) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null) form.append(name, value);
    for (const file of files) form.append("file", file, file.name);
    sent = { method: "POST", body: form };
  } else {
    sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) };
  }
  try {
    const answer = await fetch(address, sent);
    const body = await answer.json();
    if (answer.ok) return body;
    toast(String(body.error).split("\n")[0], "bad");
  } catch {
    toast(t("lost"), "bad");
  }
  return null;
}

export const phone = (person, deed, fields, files) => post(`/control/telegram/${person}/${deed}`, fields, files);
export const desk = (user, deed, fields, files) => post(`/control/slack/${user}/${deed}`, fields, files);

// Tell of every change, and of losing the sandbox.
export function listen(changed, alive) {
  const stream = new EventSource("/control/stream");
  stream.addEventListener("changed", () => {
    alive(true);
    changed();
  });
  stream.addEventListener("error", () => alive(false));
}
