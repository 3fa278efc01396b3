// Money in the chat: the invoice with its lines, the sheet to pay it, the line that says it was paid.

import { phone as act } from "./api.js";
import { dialog, el, spinning, toast } from "./dom.js";
import { icon } from "./icons.js";
import { view } from "./store.js";
import { money, t } from "./words.js";

const amountOf = (about, amount) => money(amount, about.currency, about.digits);

// What stands on the Pay button unless the bot says otherwise: the client's words, in the client's language.
export const payWords = (invoice) => t("pay", { amount: amountOf(invoice, invoice.total) });

export function drawInvoice(invoice) {
  return el("div", { class: "invoice" },
    el("p", { class: "invoice-title" }, icon("receipt"), el("strong", { dir: "auto" }, invoice.title)),
    el("p", { class: "invoice-words", dir: "auto" }, invoice.description),
    bill(invoice));
}

// The lines of an invoice and their sum.
function bill(invoice) {
  const row = (label, amount, kind) => el("div", { class: kind }, el("dt", { dir: "auto" }, label), el("dd", {}, amountOf(invoice, amount)));
  return el("dl", { class: "bill" },
    invoice.lines.map((line) => row(line.label, line.amount, "bill-line")),
    row(t("total"), invoice.total, "bill-total"));
}

export function drawPaid(message) {
  const { payment } = message;
  return el("li", { class: "paid", "data-message": message.id }, icon("done"),
    el("span", { dir: "auto" }, t("paid_line", { amount: amountOf(payment, payment.total), title: payment.title })));
}

// The sheet of the Pay button, or the receipt of what was paid here. `at` is the group it is in, if any.
export function openSheet(message, at) {
  const { invoice } = message;
  const head = [el("h2", { dir: "auto" }, invoice.title), el("p", { class: "muted", dir: "auto" }, invoice.description), bill(invoice)];
  const closing = (name) => el("button", { type: "button", class: "quiet", on: { click: () => box.close() } }, t(name));
  let box;
  if (invoice.receipt) {
    box = dialog({ "aria-label": t("receipt") }, el("div", { class: "sheet" }, head,
      el("p", { class: "paid-word" }, icon("done"), t("paid")),
      el("div", { class: "dialog-end" }, closing("close"))));
    return;
  }
  const trouble = el("p", { class: "error", role: "alert", hidden: true });
  const button = el("button", { type: "submit", class: "primary" }, payWords(invoice));
  const submit = async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    const done = await spinning(button, () => act(view.person, "pays", { message: message.id, card: form.elements.card.value, at }));
    if (!done || !box.isConnected) return;
    if (done.paid) {
      box.close();
      if (at) toast(t("paid")); // in a group nothing else says so: the line stands in the payer's own chat
      return;
    }
    trouble.textContent = done.stage === "charging" ? t("pay_waiting") : done.reason === "refused" ? done.words : t(`pay_${done.reason}`);
    trouble.hidden = false;
  };
  const form = el("form", { class: "sheet", on: { submit } }, head, cards(), trouble,
    el("div", { class: "dialog-end" }, closing("cancel"), button));
  box = dialog({ "aria-label": t("payment") }, form);
}

// The cards to try, the one that works first.
function cards() {
  return el("fieldset", { class: "cards" }, el("legend", { class: "label" }, t("card")),
    view.state.telegram.cards.map(({ name, number }, at) =>
      el("label", { class: "pay-card" },
        el("input", { type: "radio", name: "card", value: name, checked: at === 0 }),
        icon("card"),
        el("span", {}, el("span", { class: "pay-number" }, number), el("small", {}, t(`card_${name}`))))));
}
