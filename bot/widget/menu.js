// The menu: language, appearance, what one often asks, and what is kept.

import { button, make } from "./elements.js";
import { recall, remember } from "./memory.js";
import { PACKS } from "./packs.js";
import { language, say } from "./words.js";

/** What the viewer may ask for by a word of the menu, as the assistant understands it. */
const ASKED = { help: "/help", watchlist: "/watchlist_show", person: "/talk_to_person" };

/**
 * @typedef {object} On
 * @property {() => void} changed the language or the theme is another one
 * @property {(act: () => void) => void} leave closes the menu, then does it
 * @property {(payload: string, label: string) => void} say
 * @property {() => void} end
 * @property {() => void} export
 * @property {() => void} delete
 */

/** @param {boolean} fixed whether the page has set the theme @param {On} on */
export function menuItems(fixed, on) {
  /** @param {"language" | "theme"} key @param {[string, string][]} choices @param {string} chosen */
  const choice = (key, choices, chosen) =>
    make(
      "div.line",
      make("span", { id: `${key}-label` }, say(key)),
      make(
        "div.switch",
        { role: "group", "aria-labelledby": `${key}-label` },
        ...choices.map(([name, shown]) =>
          button("choice", () => {
            remember(key, name);
            on.changed();
          }, { "aria-pressed": String(name === chosen), lang: key === "language" && name }, shown),
        ),
      ),
    );
  /** @param {string} key @param {() => void} act */
  const item = (key, act) => button(`item.${key}`, () => on.leave(act), say(key));
  /** @param {keyof typeof ASKED} key */
  const asked = (key) => item(key, () => on.say(ASKED[key], say(key)));
  /** @type {[string, string][]} */
  const themes = ["auto", "light", "dark"].map((each) => [each, say(each)]);
  return [
    choice("language", Object.entries(PACKS).map(([name, [own]]) => [name, own]), language()),
    !fixed && choice("theme", themes, recall("theme") ?? "auto"),
    asked("help"),
    asked("watchlist"),
    asked("person"),
    item("end", on.end),
    make("hr"),
    item("export", on.export),
    item("delete", on.delete),
  ].filter((each) => each !== false);
}
