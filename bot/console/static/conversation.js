// A conversation that goes on: what is said while it is open comes in, and stays opened as it was.

import { localTimes } from "./times.js";
import { announce, listen } from "./live.js";
import { drawnAnew } from "./renew.js";

const transcript = () => document.querySelector(".transcript");
const all = () => [...document.querySelectorAll(".thought")];
const button = document.querySelector("[data-thoughts]");

button?.addEventListener("click", () => {
  const open = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(open));
  for (const each of all()) each.open = open;
});

async function renew() {
  const fresh = await drawnAnew(".transcript");
  const old = transcript();
  if (!fresh || !old) return;
  const opened = new Set(all().filter(each => each.open).map(each => each.dataset.turn));
  const at = old.querySelector(".turn.at")?.id;
  const grown = fresh.querySelectorAll(".message").length - old.querySelectorAll(".message").length;
  const nearEnd = window.innerHeight + window.scrollY > document.body.scrollHeight - 200;
  for (const each of fresh.querySelectorAll(".thought")) each.open = opened.has(each.dataset.turn);
  if (at) fresh.querySelector(`#${CSS.escape(at)}`)?.classList.add("at");
  localTimes(fresh);
  old.replaceWith(fresh);
  if (grown > 0) {
    announce(fresh.querySelector(".turn:last-child .message:last-child")?.textContent.trim() ?? "");
    if (nearEnd) window.scrollTo({ top: document.body.scrollHeight });
  }
}

const place = transcript();
if (place) {
  const known = place.dataset.last;
  listen(`${place.dataset.live}?after=${known}`, { said: renew });
}
