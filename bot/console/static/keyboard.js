// Shortcuts. A list is [data-list] with [data-row] in it; the search field is [data-search]; what has
// data-key="a" is pressed by a; [data-up] leads back to the list; [data-go="c"] is reached by g c.

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter(row => row.offsetParent);

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex(row => row.classList.contains("at"));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + step));
  all[now]?.classList.remove("at");
  const row = all[next];
  row.classList.add("at");
  const target = row.matches("a, [tabindex]") ? row : row.querySelector("a[href], button, [tabindex]");
  target?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("row", { bubbles: true }));
}

function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable
    || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
}

// The keys of this page stand in the help as well.
function describe() {
  const help = document.querySelector("[data-keys]");
  if (!help) return;
  for (const place of document.querySelectorAll("[data-key]")) {
    const key = place.dataset.key;
    if ([...help.querySelectorAll("[data-of]")].some(row => row.dataset.of === key)) continue;
    const row = document.createElement("div");
    row.dataset.of = key;
    const name = document.createElement("dt");
    const shown = document.createElement("kbd");
    shown.textContent = key;
    name.append(shown);
    const what = document.createElement("dd");
    const words = place.dataset.keyWords ?? place.getAttribute("aria-label") ?? place.querySelector("span")?.textContent ?? place.textContent;
    what.textContent = words.trim();
    row.append(name, what);
    help.append(row);
  }
}

export function keyboard() {
  if (document.body.dataset.shortcuts === "off") return;
  let going = false;
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const open = document.querySelector("dialog[open]");
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (open) {
      if (event.key === "?" && open.id === "keys") { event.preventDefault(); open.close(); }
      return;
    }
    const { key } = event;
    if (going) {
      going = false;
      const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (place) { event.preventDefault(); place.click(); return; }
    }
    if (key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
    if (key === "j" || key === "k") { event.preventDefault(); move(key === "j" ? 1 : -1); return; }
    if (key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select?.(); }
      return;
    }
    if (key === "?") {
      const help = document.getElementById("keys");
      if (help) { event.preventDefault(); describe(); help.showModal(); }
      return;
    }
    if (key === "u") { document.querySelector("[data-up]")?.click(); return; }
    const inRow = document.querySelector("[data-row].at");
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const place = inRow?.querySelector(wanted) ?? [...document.querySelectorAll(wanted)].find(each => each.offsetParent);
    if (place && !place.disabled) {
      event.preventDefault();
      if (place.matches("input, textarea, select")) place.focus();
      else place.click();
    }
  });
  for (const button of document.querySelectorAll('[data-open="keys"]')) button.addEventListener("click", describe);
}
