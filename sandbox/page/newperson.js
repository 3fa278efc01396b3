// A small form for somebody new with a phone.

import { post } from "./api.js";
import { dialog, el } from "./dom.js";
import { languages, t } from "./words.js";

export function newPerson(done) {
  const field = (name, props = {}) => {
    const input = el("input", { type: "text", id: `new-${name}`, autocomplete: "off", ...props });
    return { input, node: el("div", { class: "field" }, el("label", { for: input.id }, t(name)), input) };
  };
  const first = field("first_name", { required: true, maxlength: 64 });
  const last = field("last_name", { maxlength: 64 });
  const phone = field("phone_number", { type: "tel", pattern: "\\+[0-9]{7,15}", placeholder: "+33612345678" });
  const speaks = el("select", { id: "new-speaks" }, languages().map(({ code, name }) => el("option", { value: code }, name)));
  const save = async (event) => {
    event.preventDefault();
    const made = await post("/control/people", {
      first_name: first.input.value.trim(), last_name: last.input.value.trim(), language: speaks.value, phone: phone.input.value.trim() || undefined,
    });
    if (!made) return;
    box.close();
    done(made.id);
  };
  const box = dialog({ "aria-label": t("new_person") },
    el("form", { on: { submit: save } },
      el("h2", {}, t("new_person").replace("…", "")),
      first.node, last.node,
      el("div", { class: "field" }, el("label", { for: "new-speaks" }, t("speaks")), speaks),
      phone.node,
      el("div", { class: "dialog-end" },
        el("button", { type: "button", class: "quiet", on: { click: () => box.close() } }, t("cancel")),
        el("button", { type: "submit", class: "primary" }, t("save")))));
}
