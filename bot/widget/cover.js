// Cover art drawn from a title's id, the same every time.

import { make } from "./elements.js";

// Light and shade of a cover, as hues: pairs that film posters are graded in.
const GRADES = [[38, 205], [350, 262], [188, 228], [24, 338], [268, 208], [152, 196], [48, 14], [318, 246], [206, 252], [8, 222]];

/** @param {string} id @param {string} title @param {...(Node | false | null)} extras */
export function cover(id, title, ...extras) {
  const seed = hash(id || title);
  const art = make("div", { class: `cover c${seed % 4}` }, make("span", { class: "initials", "aria-hidden": "true" }, initials(title)), ...extras);
  const [light, shade] = GRADES[(seed >>> 4) % GRADES.length];
  art.style.setProperty("--l", String(light));
  art.style.setProperty("--s", String(shade));
  art.style.setProperty("--x", `${12 + ((seed >>> 9) % 76)}%`);
  return art;
}

/** @param {string} title */
function initials(title) {
  const chinese = title.match(/[\u3400-\u9fff]/g);
  if (chinese) return chinese.slice(0, 2).join("");
  if (/^\d{1,4}$/.test(title)) return title;
  const words = title.split(/[\s:–-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const telling = words.filter((word) => !/^(the|a|an|of|in|and|for|to)$/i.test(word));
  return (telling.length ? telling : words).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "★";
}

/** @param {string} text */
function hash(text) {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619);
  return (value ^ (value >>> 13)) >>> 0;
}
