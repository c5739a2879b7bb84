// Stars to choose from: one radio group, moved by the arrow keys, given by Enter, Space or a press.

import { button, make } from "./elements.js";
import { say } from "./words.js";

/**
 * @param {number} most
 * @param {string} label
 * @param {(count: number) => void} give
 */
export function stars(most, label, give) {
  const group = make("div.stars", { role: "radiogroup", "aria-label": label });
  let chosen = 0;
  /** @param {number} count */
  const light = (count) => all.forEach((star, index) => star.classList.toggle("lit", index < count));
  /** @param {number} count */
  const choose = (count) => {
    chosen = count;
    all.forEach((star, index) => {
      star.ariaChecked = String(index + 1 === count);
      star.tabIndex = index === Math.max(count - 1, 0) ? 0 : -1;
    });
    light(count);
  };
  const all = Array.from({ length: most }, (_, index) =>
    button(
      "star",
      () => {
        choose(index + 1);
        give(index + 1);
      },
      { role: "radio", "aria-label": say("stars", { n: index + 1 }), onpointerenter: () => light(index + 1) },
      "★",
    ),
  );
  group.append(...all);
  group.addEventListener("pointerleave", () => light(chosen));
  group.addEventListener("keydown", (event) => {
    const forth = getComputedStyle(group).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const step = event.key === forth || event.key === "ArrowUp" ? 1 : -1;
    choose(((chosen || (step > 0 ? 0 : 1)) - 1 + step + most) % most + 1);
    all[chosen - 1].focus();
  });
  choose(0);
  return group;
}
