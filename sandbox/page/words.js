// The page's own few words, in the language the reader has chosen; and times as that language writes them.

import { recall, remember } from "./store.js";

let all = { en: {} };
let language = "en";

export async function loadWords() {
  all = await (await fetch("/page/words.json")).json();
  const wanted = recall("language") ?? navigator.language.slice(0, 2);
  choose(wanted in all ? wanted : "en");
}

export function choose(wanted) {
  language = wanted;
  document.documentElement.lang = wanted;
  remember("language", wanted);
}

export const languages = () => Object.entries(all).map(([code, words]) => ({ code, name: words.language_name }));
export const current = () => language;

export function t(key, blanks = {}) {
  let words = all[language]?.[key] ?? all.en[key] ?? key;
  for (const [name, value] of Object.entries(blanks)) words = words.replaceAll(`{${name}}`, String(value));
  return words;
}

const formats = new Map();

export function when(moment, style, zone) {
  const id = JSON.stringify([language, style, zone]);
  if (!formats.has(id)) formats.set(id, new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...style, timeZone: zone }));
  return formats.get(id).format(moment);
}

// An amount in the smallest unit of its currency.
export function money(amount, currency, digits) {
  const style = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language === "en" ? "en-GB" : language, style).format(amount / 10 ** digits);
}

export const HOUR = { hour: "2-digit", minute: "2-digit" };
export const DAY = { weekday: "long", day: "numeric", month: "long" };

export function languageName(code) {
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(code);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return code;
  }
}
