// Titles as cards in a row that is moved by touch, wheel, keyboard or its two buttons.

import { icon, make } from "./elements.js";
import { language, languageOf, say } from "./words.js";

const LEFT = "M14.5 6 8.5 12l6 6";
const RIGHT = "M9.5 6l6 6-6 6";
// Light and shade of a cover, as hues: pairs that film posters are graded in.
const GRADES = [[38, 205], [350, 262], [188, 228], [24, 338], [268, 208], [152, 196], [48, 14], [318, 246], [206, 252], [8, 222]];

/**
 * @param {object[]} cards
 * @param {(payload: string, label: string) => void} onChoose
 */
export function titleRow(cards, onChoose) {
  const list = make(
    "ul",
    { class: "cards", "aria-label": say("titles", cards.length), tabindex: "0" },
    ...cards.map((card) => make("li", {}, titleCard(card, onChoose))),
  );
  const previous = make("button", { type: "button", class: "step previous", "aria-label": say("previous") }, icon(LEFT));
  const next = make("button", { type: "button", class: "step next", "aria-label": say("next") }, icon(RIGHT));
  const move = (direction) => {
    const width = list.firstElementChild.getBoundingClientRect().width + 14;
    const steps = Math.max(1, Math.floor(list.clientWidth / width));
    list.scrollBy({ left: direction * steps * width, behavior: "smooth" });
  };
  previous.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  const update = () => {
    previous.hidden = list.scrollLeft < 8;
    next.hidden = list.scrollLeft + list.clientWidth > list.scrollWidth - 8;
    list.classList.toggle("more-before", !previous.hidden);
    list.classList.toggle("more-after", !next.hidden);
  };
  list.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(list);
  return make("div", { class: "row" }, list, previous, next);
}

function titleCard(card, onChoose) {
  const title = String(card.title ?? "");
  const facts = [card.year, card.runtime].filter(Boolean).map(String);
  const genres = Array.isArray(card.genres) ? card.genres.map(String) : [];
  const people = Array.isArray(card.people) ? card.people.map(String) : [];
  return make(
    "article",
    { class: "card", lang: languageOf(title + genres.join("")), "aria-label": title },
    cover(card, title),
    make(
      "div",
      { class: "card-body" },
      make("h3", {}, title),
      card.other_title ? make("p", { class: "other", lang: languageOf(card.other_title) }, String(card.other_title)) : null,
      make("p", { class: "facts" }, facts.join(" · ")),
      genres.length ? make("p", { class: "facts" }, genres.join(language() === "zh" ? " / " : ", ")) : null,
      card.why ? make("p", { class: "why" }, String(card.why)) : null,
      card.synopsis || people.length ? story(card.synopsis, people) : null,
      actions(card.buttons, onChoose),
    ),
  );
}

function story(synopsis, people) {
  const names = people.join(language() === "zh" ? "、" : ", ");
  // Opened at the lower edge, it is moved into sight.
  const reveal = (event) =>
    event.target.open && event.target.closest(".card").scrollIntoView({ block: "nearest", behavior: "smooth" });
  return make(
    "details",
    { class: "story", ontoggle: reveal },
    make("summary", {}, say(synopsis ? "story" : "people")),
    synopsis ? make("p", {}, String(synopsis)) : null,
    names ? make("p", { class: "people" }, names) : null,
  );
}

function actions(buttons, onChoose) {
  if (!Array.isArray(buttons) || !buttons.length) return null;
  return make(
    "div",
    { class: "card-actions" },
    ...buttons.map((each) => {
      const label = String(each.title ?? "");
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => {
        button.classList.add("used");
        onChoose(String(each.payload ?? ""), label);
      });
      return button;
    }),
  );
}

/** Cover art drawn from the title's id, the same every time. */
function cover(card, title) {
  const seed = hash(String(card.id ?? title));
  const art = make(
    "div",
    { class: `cover cover-${seed % 4}` },
    make("span", { class: "initials", "aria-hidden": "true" }, initials(title)),
    card.kind === "series" ? make("span", { class: "kind" }, say("series")) : null,
    typeof card.score === "number"
      ? make("span", { class: "score", role: "img", "aria-label": say("score", card.score.toFixed(1)) }, `★ ${card.score.toFixed(1)}`)
      : null,
  );
  const [light, shade] = GRADES[(seed >>> 4) % GRADES.length];
  art.style.setProperty("--light", String(light));
  art.style.setProperty("--shade", String(shade));
  art.style.setProperty("--x", `${12 + ((seed >>> 9) % 76)}%`);
  return art;
}

function initials(title) {
  const chinese = title.match(/[\u3400-\u9fff]/g);
  if (chinese) return chinese.slice(0, 2).join("");
  if (/^\d{1,4}$/.test(title)) return title;
  const words = title.split(/[\s:–-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const telling = words.filter((word) => !/^(the|a|an|of|in|and|for|to)$/i.test(word));
  const chosen = telling.length ? telling : words;
  return chosen.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "★";
}

function hash(text) {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 16777619);
  value = Math.imul(value ^ (value >>> 15), 2246822507);
  return (value ^ (value >>> 13)) >>> 0;
}
