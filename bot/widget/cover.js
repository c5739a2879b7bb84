// Cover art drawn from a title's id, the same every time.

import { make } from "./elements.js";

// Hues of light and shade that films are graded in.
const GRADES = [[38, 205], [350, 262], [188, 228], [24, 338], [48, 14], [318, 246]];

/** @param {string} id @param {string} title @param {...(Node | false)} extras what lies on it */
export function cover(id, title, ...extras) {
  const seed = hash(id || title);
  const art = make(`div.cover.c${(seed >> 3) % 3}`, make("span.initials", { "aria-hidden": "true" }, initials(title)), ...extras);
  const [light, shade] = GRADES[seed % GRADES.length];
  art.style.setProperty("--light", String(light));
  art.style.setProperty("--shade", String(shade));
  art.style.setProperty("--x", `${12 + (seed % 76)}%`);
  return art;
}

/** The first two signs of a Chinese title, a number, or the first letters of two words, of long ones if there are. @param {string} title */
function initials(title) {
  const chinese = title.match(/[\u3400-\u9fff]{1,2}/) ?? title.match(/^\d{1,4}$/);
  const words = title.match(/[\p{L}\p{N}]{3,}/gu) ?? title.match(/[\p{L}\p{N}]+/gu) ?? ["★"];
  return chinese?.[0] ?? words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

/** A number that is the same for the same text, and another for most others. @param {string} text */
function hash(text) {
  let value = 7;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x5bd1e995) ^ (value >>> 15);
  return value >>> 4;
}
