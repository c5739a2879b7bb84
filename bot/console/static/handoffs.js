// The queue, drawn anew whenever it changes; what is chosen in it stays chosen.

import "./here.js";
import { listen } from "./live.js";
import { drawnAnew } from "./renew.js";
import { localTimes } from "./times.js";

const place = document.querySelector("[data-refresh]");

async function refresh() {
  const fresh = await drawnAnew("[data-refresh]");
  if (!fresh) return;
  const at = [...place.querySelectorAll("[data-row]")].findIndex(row => row.classList.contains("at"));
  const open = place.querySelector("details")?.open;
  place.replaceChildren(...fresh.childNodes);
  if (at >= 0) place.querySelectorAll("[data-row]")[at]?.classList.add("at");
  if (open) place.querySelector("details")?.setAttribute("open", "");
  localTimes(place);
}

listen(place.dataset.refresh, { changed: refresh });
setInterval(() => { if (!document.hidden) refresh(); }, 30_000);
