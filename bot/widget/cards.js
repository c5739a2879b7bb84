// Titles as cards in a row that is moved by touch, wheel, keyboard or its two buttons.

import { cover } from "./cover.js";
import { button, icon, make, motion, webAddress } from "./elements.js";
import { language, languageOf, say } from "./words.js";

/** @typedef {import("./types").Card} Card */
/** @typedef {import("./types").Acts} Acts */

/** @param {Card[]} cards @param {Acts} acts */
export function titleRow(cards, acts) {
  const list = make(
    "ul.cards",
    { "aria-label": say("titles", { n: cards.length }), tabindex: 0 },
    ...cards.map((card) => make("li", titleCard(card, acts))),
  );
  /** @param {number} direction */
  const move = (direction) => {
    const width = /** @type {Element} */ (list.firstElementChild).clientWidth + 12;
    const steps = Math.max(1, Math.floor(list.clientWidth / width));
    const along = getComputedStyle(list).direction === "rtl" ? -direction : direction;
    list.scrollBy({ left: along * steps * width, behavior: motion() });
  };
  const previous = button("step.previous", () => move(-1), { "aria-label": say("previous") }, icon("left"));
  const next = button("step.next", () => move(1), { "aria-label": say("next") }, icon("right"));
  const update = () => {
    const at = Math.abs(list.scrollLeft);
    previous.hidden = at < 8;
    next.hidden = at + list.clientWidth > list.scrollWidth - 8;
  };
  list.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(list);
  return make("div.row", list, previous, next);
}

/** @param {Card} card @param {Acts} acts */
function titleCard(card, acts) {
  const title = String(card.title ?? "");
  /** @param {any} list @returns {string} */
  const joined = (list) => (Array.isArray(list) ? list.join(language() === "zh" ? "、" : ", ") : "");
  const names = joined(card.people);
  const poster = webAddress(card.poster);
  const art = cover(
    String(card.id ?? ""),
    title,
    !!poster && make("img", { src: poster, alt: "", loading: "lazy", onerror: (/** @type {any} */ event) => event.target.remove() }),
    card.kind === "series" && make("span.tag.kind", say("series")),
    typeof card.score === "number" &&
      make("span.tag.score", { role: "img", "aria-label": say("score", { n: card.score.toFixed(1) }) }, `★ ${card.score.toFixed(1)}`),
  );
  const buttons = Array.isArray(card.buttons) ? card.buttons : [];
  const labels = buttons.map((each) => each.title).join(" ");
  return make(
    "article.card",
    { lang: languageOf(title), "aria-label": title },
    art,
    make(
      "div.body",
      make(`h${acts.head + 1}.title`, title),
      card.other_title && make("p.soft", { lang: languageOf(card.other_title) }, card.other_title),
      make("p.soft", [card.year, card.runtime].filter(Boolean).join(" · ")),
      make("p.soft", joined(card.genres)),
      card.why && make("p.why", card.why),
      (card.synopsis || names) &&
        make(
          "details",
          make("summary", say(card.synopsis ? "story" : "people")),
          card.synopsis && make("p", card.synopsis),
          names && make("p.soft", names),
        ),
      buttons.length > 0 &&
        make(
          "div.acts",
          ...buttons.map((each) => {
            const pressed = button("act", () => {
              pressed.classList.add("used");
              acts.choose(each, labels);
            }, each.title);
            return pressed;
          }),
        ),
    ),
  );
}
