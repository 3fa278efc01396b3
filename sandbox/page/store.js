// What the reader has chosen to look at, and what the sandbox said last.

export const view = { person: null, room: null, user: null, channel: null, thread: null, home: false, limit: 200, state: null };

let asked = () => {};

// Look at something else: the page asks the sandbox again.
export function look(changes) {
  Object.assign(view, changes);
  asked();
}

export const onLook = (act) => (asked = act);

// Whether the phone or the team is before the reader's eyes.
export function inSight(panel) {
  return !document.hidden && (document.body.dataset.tab === panel || !matchMedia("(max-width: 900px)").matches);
}

export function recall(name) {
  try {
    return localStorage.getItem(`sandbox.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`sandbox.${name}`, value);
  } catch {
    // private windows keep nothing
  }
}
