// The menu: language, appearance, what one often asks, and what is kept.

import { button, make } from "./elements.js";
import { PACKS } from "./packs.js";
import { language, say } from "./words.js";

/**
 * @param {{ theme: string, fixed: boolean }} now
 * @param {{ language(name: string): void, theme(name: string): void, say(payload: string, label: string): void, end(): void, export(): void, delete(): void }} act
 */
export function menuItems(now, act) {
  const label = (/** @type {string} */ key) => make("span", { id: `${key}-label` }, say(key));
  /** @param {string} key @param {[string, string][]} choices @param {string} chosen @param {(name: string) => void} choose */
  const choice = (key, choices, chosen, choose) =>
    make(
      "div",
      { class: "line" },
      label(key),
      make(
        "div",
        { class: "switch", role: "group", "aria-labelledby": `${key}-label` },
        ...choices.map(([name, shown]) =>
          button("", () => choose(name), { "aria-pressed": String(name === chosen), lang: key === "language" && name }, shown),
        ),
      ),
    );
  const packs = Object.entries(PACKS);
  /** @param {string} key @param {() => void} chosen @param {string} [name] */
  const item = (key, chosen, name = "") => button(`item ${name}`, chosen, {}, say(key));
  return [
    packs.length > 1 && choice("language", packs.map(([name, pack]) => [name, pack.name]), language(), act.language),
    !now.fixed && choice("theme", [["auto", say("auto")], ["light", say("light")], ["dark", say("dark")]], now.theme, act.theme),
    item("help", () => act.say("/help", say("help"))),
    item("watchlist", () => act.say("/watchlist_show", say("watchlist"))),
    item("person", () => act.say("/talk_to_person", say("person"))),
    item("end", act.end),
    make("hr"),
    item("kept", () => act.say("/privacy_show", say("kept"))),
    item("export", act.export),
    item("delete", act.delete, "grave"),
  ].filter(Boolean);
}
