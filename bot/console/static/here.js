// A sign of life for colleagues and the server: who is at the desk, and whose conversation they read. It
// goes on while the page is hidden, so that looking something up elsewhere does not end a conversation.

import { post } from "./live.js";

const place = document.querySelector("[data-here]");

function sign(more = {}) {
  post("/live/here", { handoff: place.dataset.here, ...more }).catch(() => {});
}

if (place) {
  sign();
  setInterval(sign, 10_000);
  if (place.dataset.here) addEventListener("pagehide", () => sign({ closed: "1" }));
}
