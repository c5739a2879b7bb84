// One sentence: mark titles and people by selecting their words, and ask the assistant of today.

import { post } from "./live.js";

const form = document.querySelector("[data-teach]");

if (form) {
  const place = form.querySelector("[data-sentence]");
  const text = place.textContent;
  // Python counts characters, the browser counts UTF-16 units.
  const characters = [...text];
  const units = index => characters.slice(0, index).join("").length;
  const count = offset => [...text.slice(0, offset)].length;
  let marks = JSON.parse(form.dataset.marks);

  function draw() {
    form.entities.value = JSON.stringify(marks);
    const parts = [];
    let at = 0;
    for (const [start, end, entity] of marks) {
      parts.push(text.slice(units(at), units(start)));
      const made = document.createElement("span");
      made.className = `entity ${entity}`;
      made.dataset.entity = entity;
      made.textContent = characters.slice(start, end).join("");
      parts.push(made);
      at = end;
    }
    parts.push(text.slice(units(at)));
    place.replaceChildren(...parts);
  }

  // Where a point of the selection lies in the whole text.
  function offset(node, inside) {
    const range = document.createRange();
    range.selectNodeContents(place);
    range.setEnd(node, inside);
    return range.toString().length;
  }

  function selected() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !place.contains(chosen.anchorNode) || !place.contains(chosen.focusNode)) return null;
    const range = chosen.getRangeAt(0);
    let start = offset(range.startContainer, range.startOffset);
    let end = offset(range.endContainer, range.endOffset);
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end > start && /\s/.test(text[end - 1])) end -= 1;
    return start < end ? [count(start), count(end)] : null;
  }

  for (const button of form.querySelectorAll("[data-mark]")) {
    // The selection must outlive the press.
    button.addEventListener("mousedown", event => event.preventDefault());
    button.addEventListener("click", () => {
      const found = selected();
      if (!found) {
        if (!button.dataset.mark) { marks = []; draw(); }
        return;
      }
      const [start, end] = found;
      marks = marks.filter(([from, to]) => to <= start || from >= end);
      if (button.dataset.mark) marks.push([start, end, button.dataset.mark]);
      marks.sort((one, other) => one[0] - other[0]);
      getSelection().removeAllRanges();
      draw();
    });
  }

  for (const button of form.querySelectorAll("[data-intent]")) {
    button.addEventListener("click", () => { form.intent.value = button.dataset.intent; });
  }

  const words = JSON.parse(form.dataset.tryWords);
  const card = document.querySelector("[data-result]");
  const result = card.querySelector("[data-result-words]");

  function line(kind, said) {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = said;
    return made;
  }

  form.querySelector("[data-try]").addEventListener("click", async () => {
    card.hidden = false;
    result.replaceChildren(line("soft", "…"));
    try {
      const now = await post("/teach/try", { text });
      const same = now.intent.name === form.intent.value;
      const ranking = now.intent_ranking.map(each => `${each.name} ${each.confidence.toFixed(2)}`).join(" · ");
      const entities = now.entities.map(each => `${each.entity}: ${text.slice(units(each.start), units(each.end))}`).join(" · ");
      result.replaceChildren(
        line(same ? "agrees" : "differs", same ? words.agrees : words.differs),
        line("", ranking),
        line("soft", entities || words.nothing),
      );
    } catch (problem) {
      result.replaceChildren(line("differs", problem.message));
    }
  });

  draw();
}
