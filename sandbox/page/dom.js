// Building blocks: elements without markup in strings, lists that change only where they must, menus, dialogs, toasts.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "selected", "textContent", "tabIndex", "multiple"]);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (AS_PROPERTY.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const kept = new WeakMap();

// Make the children of `parent` those of `items`, touching only what has changed.
export function sync(parent, items, key, draw, stamp = JSON.stringify) {
  const before = kept.get(parent) ?? new Map();
  const now = new Map();
  const keys = new Set(items.map(key));
  let lost = false;
  for (const [id, entry] of before) {
    if (keys.has(id)) continue;
    lost ||= entry.node.contains(document.activeElement);
    entry.node.remove();
  }
  let at = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    const mark = stamp(item);
    let entry = before.get(id);
    if (entry === undefined) entry = { node: draw(item), mark };
    else if (entry.mark !== mark) {
      const fresh = draw(item);
      if (at === entry.node) at = fresh;
      swap(entry.node, fresh);
      entry = { node: fresh, mark };
    }
    now.set(id, entry);
    if (at === entry.node) at = at.nextElementSibling;
    else parent.insertBefore(entry.node, at);
  }
  kept.set(parent, now);
  if (lost) parent.closest("[data-panel]")?.querySelector("[data-fallback]")?.focus({ preventScroll: true });
}

// Put `fresh` in the place of `old`; who was inside with the keyboard stays inside.
export function swap(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const name = active?.dataset.focus;
  old.replaceWith(fresh);
  if (!active) return;
  const again = name && fresh.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  (again || fresh).focus({ preventScroll: true });
}

const FOCUSABLE = "button, a[href], select, input, textarea, audio, video";

// Arrow keys move between the items of a list; only the current item and what is in it are reached by Tab.
export function roving(list, { horizontal = false } = {}) {
  const [back, forth] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  let current = null;
  const reach = (item, on) => {
    item.tabIndex = on ? 0 : -1;
    for (const inner of item.querySelectorAll(FOCUSABLE)) inner.tabIndex = on ? 0 : -1;
  };
  const items = () => [...list.children].filter((c) => c.dataset.item !== undefined);
  const mark = (item) => {
    if (current && current !== item) reach(current, false);
    current = item;
    if (current) reach(current, true);
  };
  list.addEventListener("focusin", (event) => {
    const item = items().find((i) => i.contains(event.target));
    if (item && item !== current) mark(item);
  });
  list.addEventListener("keydown", (event) => {
    if (event.target.matches("select, input, textarea, [role=menuitem]")) return;
    const all = items();
    const at = all.findIndex((i) => i.contains(document.activeElement));
    const to = { [back]: at - 1, [forth]: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0 || !all[to]) return;
    event.preventDefault();
    mark(all[to]);
    all[to].focus();
  });
  return {
    // after every change of the list
    settle(fallback) {
      const all = items();
      const inside = all.find((i) => i.contains(document.activeElement));
      for (const item of all) if (item !== current) reach(item, false);
      mark(inside ?? fallback ?? all.find((i) => i === current) ?? all.at(-1) ?? null);
    },
  };
}

// Stay at the end of a log while the reader is there; otherwise keep their place and offer the way down.
export function keepingEnd(log, change, jump) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  const height = log.scrollHeight;
  const edge = log.getBoundingClientRect().top;
  const first = atEnd ? null : [...log.children].find((c) => c.dataset.item !== undefined && c.getBoundingClientRect().bottom > edge);
  const top = first?.getBoundingClientRect().top;
  change();
  if (atEnd || jump) log.scrollTop = log.scrollHeight;
  else if (first?.isConnected) log.scrollTop += first.getBoundingClientRect().top - top;
  return !atEnd && !jump && log.scrollHeight > height;
}

// A button that opens a menu; `items` gives [{label, icon, act}] when it is opened.
export function menu(button, items, { label } = {}) {
  const box = el("span", { class: "menu" }, button);
  let list = null;
  const close = (back) => {
    if (!list) return;
    list.remove();
    list = null;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
    if (back) button.focus();
  };
  const outside = (event) => box.contains(event.target) || close(false);
  const choose = (item) => {
    close(true);
    item.act();
  };
  const open = () => {
    list = el("div", { class: "menu-list", role: "menu", "aria-label": label ?? button.getAttribute("aria-label") });
    for (const item of items()) {
      list.append(
        el("button", { type: "button", role: "menuitem", class: "menu-item", on: { click: () => choose(item) } },
          item.icon ?? null, el("span", { class: "menu-words" }, item.label, item.hint ? el("small", {}, item.hint) : null)),
      );
    }
    box.append(list);
    place(list, button);
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside);
    list.firstElementChild?.focus();
  };
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (list ? close(true) : open()));
  box.addEventListener("keydown", (event) => {
    if (!list) return;
    if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      if (event.key === "Escape") event.preventDefault();
      close(event.key === "Escape");
      return;
    }
    const all = [...list.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[to].focus();
  });
  return box;
}

// Where there is room: above the button or below it, inside the window.
function place(list, button) {
  const at = button.getBoundingClientRect();
  list.classList.toggle("up", at.top > window.innerHeight / 2);
  list.classList.toggle("left", at.left > window.innerWidth / 2);
}

export function toast(words, kind = "") {
  if (!words) return;
  const node = el("div", { class: `toast ${kind}` }, words);
  const close = el("button", { type: "button", class: "toast-close", "aria-label": "×", on: { click: () => node.remove() } }, "×");
  node.append(close);
  const box = document.getElementById("toasts");
  while (box.children.length > 3) box.firstElementChild.remove();
  box.append(node);
  setTimeout(() => node.remove(), kind === "bad" ? 9000 : 5000);
}

// A dialog on top of everything; closed by Escape, and gone when closed.
export function dialog(props, ...children) {
  const before = document.activeElement;
  const node = el("dialog", { class: "dialog", ...props }, ...children);
  node.addEventListener("close", () => {
    node.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
  document.body.append(node);
  node.showModal();
  return node;
}

export function spinning(button, work) {
  if (button.getAttribute("aria-busy") === "true") return Promise.resolve();
  button.setAttribute("aria-busy", "true");
  return Promise.resolve(work()).finally(() => button.removeAttribute("aria-busy"));
}
