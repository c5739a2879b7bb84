// The words of the chat, from one JSON file a language.

import { KEYS, PACKS } from "./packs.js";

let current = "en";
/** @type {Record<string, any>} */
let words = {};

/** The language of the chat, as its file is named. */
export const language = () => current;

/** The locale that dates and numbers are written in: the viewer's own, if it is of the language. @returns {string} */
export const locale = () => navigator.languages.find((tag) => tag.startsWith(current)) ?? words.locale;

/** @returns {string} */
export const direction = () => words.direction;

/** The best of the languages there are for what is asked, first wish first. @param {readonly string[]} asked */
export function speak(asked) {
  for (const tag of [...asked, "en"]) {
    const found = Object.keys(PACKS).find((each) => `${tag.toLowerCase()}-`.startsWith(`${each}-`));
    if (found) {
      current = found;
      words = Object.fromEntries(KEYS.map((key, at) => [key, PACKS[found][at]]));
      return;
    }
  }
}

/**
 * A word or sentence; `{n}` and the like are filled in, the plural goes by `n`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  let found = words[key] ?? "";
  if (typeof found === "object") {
    found = found[new Intl.PluralRules(locale()).select(Number(values.n))] ?? found.other;
  }
  return found.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => values[name] ?? "");
}

/** The language a text is written in, for its `lang` attribute. @param {any} text */
export const languageOf = (text) => (/[\u3400-\u9fff\uf900-\ufaff]/.test(text) ? "zh" : "en");

/** @param {number} milliseconds */
export const clock = (milliseconds) =>
  new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(milliseconds);

const DAY = 86_400_000;

/** Today, yesterday, or the date. @param {number} milliseconds */
export function dayName(milliseconds) {
  const days = Math.floor((milliseconds - new Date().setHours(0, 0, 0, 0)) / DAY);
  if (days >= -1) return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.min(days, 0), "day");
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full" }).format(milliseconds);
}
