// What the viewer thinks: of one answer, and of the conversation at its end.

import { button, icon, make, motion } from "./elements.js";
import { stars } from "./stars.js";
import { say } from "./words.js";

/** @typedef {import("./types").Acts} Acts */
/** @typedef {"up" | "down"} Verdict */

const REASONS = ["wrong", "irrelevant", "unclear", "other"];

/** Thumbs under an answer; the verdict counts at once, a reason can be added. @param {import("./types").Message} message @param {Acts} acts */
export function thumbs(message, acts) {
  const box = make("div.opinion");
  const form = make("div.form", { hidden: true });
  /** @type {Verdict | null} */
  let verdict = message.verdict ?? null;
  const choices = /** @type {Verdict[]} */ (["up", "down"]).map((each) => {
    const thumb = button(`thumb.${each}`, () => judge(each), { "aria-label": say(each === "up" ? "up" : "notUp") }, icon("up"));
    return thumb;
  });
  const show = () => choices.forEach((thumb, index) => thumb.ariaPressed = String(verdict === ["up", "down"][index]));
  /** @param {Verdict} pressed */
  const judge = (pressed) => {
    verdict = message.verdict = verdict === pressed ? undefined : /** @type {any} */ (pressed);
    verdict ??= null;
    show();
    form.hidden = !verdict;
    if (verdict) form.replaceChildren(details(verdict));
    void acts.judge({ message: message.id, verdict });
  };
  /** @param {Verdict} given */
  const details = (given) => {
    /** @type {string | null} */
    let reason = null;
    const reasons = REASONS.map((name) =>
      button("chip", () => {
        reason = reason === name ? null : name;
        reasons.forEach((chip, index) => chip.ariaPressed = String(reason === REASONS[index]));
      }, { "aria-pressed": "false" }, say(name)),
    );
    return comment(given === "down" && make("div.chips", { role: "group", "aria-label": say("why") }, make("p", say("why")), ...reasons), (text) =>
      acts.judge({ message: message.id, verdict: given, reason, text }), form);
  };
  show();
  box.append(make("div.thumbs", ...choices), form);
  return box;
}

/** The question at the end. @param {Acts} acts */
export function satisfaction(acts) {
  const box = make("div.bubble.asked", make("p", say("satisfied")));
  const after = make("div");
  box.append(
    stars(5, say("satisfied"), (score) => {
      void acts.rate(score, "");
      after.replaceChildren(comment(null, (text) => acts.rate(score, text), box));
    }),
    after,
  );
  return box;
}

/**
 * A field for what one wants to add, and thanks in its place (all of `box`) once sent.
 * @param {Node | false | null} before
 * @param {(text: string) => Promise<boolean>} give
 * @param {HTMLElement} box
 */
function comment(before, give, box) {
  const text = make("textarea", { rows: 2, maxlength: 2000, "aria-label": say("more"), placeholder: say("more") });
  const send = async () => {
    if (await give(text.value.trim())) box.replaceChildren(make("p.soft", { role: "status" }, say("thanks")));
  };
  const field = make("div.comment", before, text, button("chip.strong", send, say("submit")));
  requestAnimationFrame(() => field.scrollIntoView({ block: "nearest", behavior: motion() }));
  return field;
}
