// What every page does: shortcuts, dialogs, times in the reader's zone, numbers in the navigation.

import { keyboard } from "./keyboard.js";
import { localTimes } from "./times.js";
import { listen } from "./live.js";

for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.open)?.showModal());
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", event => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

for (const choice of document.querySelectorAll("select[data-submit]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy-of]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyOf).value);
    button.textContent = button.dataset.copied;
  });
}

document.addEventListener("submit", event => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// The button turns what is seen, which the server does not know when the browser chooses.
const theme = document.querySelector("[data-theme-button]");
if (theme && document.documentElement.dataset.theme === "system") {
  theme.value = matchMedia("(prefers-color-scheme: dark)").matches ? "light" : "dark";
}

const side = document.querySelector("[data-counts]");
if (side?.querySelector("[data-count]")) {
  listen(side.dataset.counts, {
    counts(now) {
      for (const place of side.querySelectorAll("[data-count]")) {
        const number = now[place.dataset.count] ?? 0;
        place.textContent = number > 99 ? "99+" : String(number);
        place.hidden = !number;
      }
    },
  });
}

localTimes(document);
keyboard();
document.documentElement.classList.add("ready");
