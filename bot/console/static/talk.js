// One conversation, live: lines as they are said, who else reads it, canned replies, sending.

import "./here.js";
import { listen, post } from "./live.js";
import { localTimes } from "./times.js";

const talk = document.querySelector("[data-talk]");
const list = talk.querySelector("[data-lines]");
const words = JSON.parse(talk.dataset.words);
const known = JSON.parse(talk.dataset.state);
const composer = talk.querySelector("[data-composer]");

function paragraph(kind, text) {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = text;
  return made;
}

function draw(line) {
  if (list.querySelector(`[data-key-of="${CSS.escape(line.key)}"]`)) return;
  const item = document.createElement("li");
  item.className = `line by-${line.by}`;
  item.dataset.keyOf = line.key;
  if (line.by === "notice") {
    item.append(paragraph("told", (words[line.name] ?? line.name).replace("{name}", line.text)));
  } else {
    const who = paragraph("line-who", `${words[line.by] ?? line.name} · `);
    const time = document.createElement("time");
    time.dateTime = new Date(line.at * 1000).toISOString();
    time.dataset.time = "ago";
    who.append(time);
    if (line.intent) {
      const understood = document.createElement("span");
      understood.className = "understood";
      understood.textContent = ` ${line.intent} ${line.confidence?.toFixed(2) ?? ""}`;
      who.append(understood);
    }
    if (line.flagged) {
      const badge = document.createElement("span");
      badge.className = "badge bad";
      badge.textContent = line.flagged;
      who.append(" ", badge);
    }
    item.append(who);
    if (line.text) item.append(paragraph("said", line.text));
    if (line.cards.length) item.append(paragraph("shown", `▸ ${line.cards.join(" · ")}`));
    if (line.buttons.length) item.append(paragraph("shown", line.buttons.join(" · ")));
  }
  const follow = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.append(item);
  localTimes(item);
  if (follow) list.scrollTop = list.scrollHeight;
}

const readers = talk.querySelector("[data-readers]");

listen(talk.dataset.talk, {
  line: draw,
  state(now) {
    readers.hidden = !now.readers.length;
    readers.textContent = words.reading.replace("{names}", now.readers.join(", "));
    // Whose it is has changed: the page offers other things now. What is half written is kept.
    if (["closed", "assignee", "taken"].some(name => now[name] !== known[name])) {
      if (composer?.text.value) sessionStorage.setItem("half-written", composer.text.value);
      location.reload();
    }
  },
});

list.scrollTop = list.scrollHeight;

if (composer) {
  const field = composer.text;
  const wrong = composer.querySelector("[data-wrong]");
  const half = sessionStorage.getItem("half-written");
  if (half) { field.value = half; sessionStorage.removeItem("half-written"); }
  const canned = [...talk.querySelectorAll("[data-canned] button")];

  for (const button of canned) {
    button.addEventListener("click", () => { field.value = button.dataset.text; field.focus(); });
  }

  field.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const called = canned.find(button => `/${button.querySelector("code").textContent.slice(1)}` === field.value.trim());
      if (called) field.value = called.dataset.text;
      else composer.requestSubmit();
    }
  });

  composer.addEventListener("submit", async event => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    wrong.hidden = true;
    field.value = "";
    try {
      await post(composer.action, { text });
    } catch (problem) {
      field.value = text;
      wrong.textContent = problem.message;
      wrong.hidden = false;
    }
    field.focus();
  });
}
