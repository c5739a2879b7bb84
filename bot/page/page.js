// The chat page: puts connection, conversation and controls together.

import { Connection, Refused, memory, newId } from "./connection.js";
import { make } from "./elements.js";
import { Log } from "./log.js";
import { LOCALES, browserLanguage, language, say, useLanguage } from "./words.js";

const LANGUAGE = "usher.language";
const THEME = "usher.theme";
const DRAFT = "usher.draft";
const NEAR_LIMIT = 300;
const LINES = 5;

const $ = (id) => document.getElementById(id);
const [log, scroll, text, send, typing, notice] = ["log", "scroll", "text", "send", "typing", "notice"].map($);
const [welcome, counter, older, down, menu, menuButton] = ["welcome", "counter", "older", "down", "menu", "menu-button"].map($);

const connection = new Connection();
const conversation = new Log(log, (payload, label) => tell(payload, label));
const queue = [];
let answering = false;
let before = null;
let lastEvent = "0";

// --- sending -------------------------------------------------------------------------------

/** Send what was typed, or a button's payload shown by its label. */
function tell(content, label) {
  const message = { id: newId(), from: "viewer", time: Date.now() / 1000, text: label ?? content, state: "sending" };
  conversation.add(message);
  welcome.hidden = true;
  toEnd(true);
  queue.push({ id: message.id, text: content, metadata: label ? { label, language: language() } : { language: language() } });
  void work();
}

/** One message after the other, in the order they were written. */
async function work() {
  if (answering) return;
  answering = true;
  while (queue.length) {
    const message = queue.shift();
    const dots = setTimeout(() => show(typing), 250);
    try {
      const answer = await connection.send(message);
      conversation.mark(message.id, "sent");
      clearTimeout(dots);
      typing.hidden = true;
      receive(answer.messages);
    } catch (error) {
      conversation.mark(message.id, "failed", reason(error), () => {
        conversation.mark(message.id, "sending");
        queue.push(message);
        void work();
      });
    }
    clearTimeout(dots);
    typing.hidden = true;
  }
  answering = false;
}

function reason(error) {
  if (!(error instanceof Refused)) return say("failed");
  return language() === "en" && error.status < 500 && error.message ? error.message : say("unexpected");
}

function receive(messages) {
  const near = nearEnd();
  const first = messages.map((message) => conversation.add(message))[0];
  if (near && first) toEnd(false, first);
  else if (first) down.hidden = false;
}

// --- where one is in the conversation --------------------------------------------------------

function nearEnd() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
}

/** To the end, but never past the beginning of `first`. */
function toEnd(always, first) {
  if (!always && !first && !nearEnd()) return;
  requestAnimationFrame(() => {
    const end = scroll.scrollHeight - scroll.clientHeight;
    const start = first ? first.offsetTop - 24 : end;
    scroll.scrollTo({ top: Math.min(end, Math.max(start, 0)), behavior: motion() });
  });
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function show(element) {
  const near = nearEnd();
  element.hidden = false;
  if (near) toEnd(true);
}

scroll.addEventListener("scroll", () => (down.hidden = nearEnd()), { passive: true });
down.addEventListener("click", () => toEnd(true));
older.addEventListener("click", async () => {
  older.disabled = true;
  try {
    const page = await connection.history(before);
    const height = scroll.scrollHeight;
    conversation.prepend(page.messages);
    before = page.before;
    older.hidden = !before;
    scroll.scrollTop += scroll.scrollHeight - height;
  } catch {
    notice.textContent = say("offline");
  }
  older.disabled = false;
});

// --- writing -----------------------------------------------------------------------------------

function measure() {
  text.style.height = "auto";
  const line = parseFloat(getComputedStyle(text).lineHeight);
  text.style.height = `${Math.min(text.scrollHeight, line * LINES + 24)}px`;
  const length = [...text.value.trim()].length;
  const left = connection.limit - length;
  counter.textContent = left > NEAR_LIMIT ? "" : left < 0 ? say("over", -left) : say("left", left);
  counter.classList.toggle("over", left < 0);
  send.disabled = length === 0 || left < 0;
}

text.addEventListener("input", () => {
  memory.set(DRAFT, text.value || null);
  measure();
});
text.addEventListener("keydown", (event) => {
  // While an input method composes, Enter belongs to it; 229 is how some browsers say so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const written = text.value.trim();
  if (send.disabled || !written) return;
  text.value = "";
  memory.set(DRAFT, null);
  measure();
  text.focus();
  tell(written);
});

// --- menu, language, appearance ----------------------------------------------------------------

function openMenu(open) {
  menu.hidden = !open;
  menuButton.setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector("button").focus();
}

menuButton.addEventListener("click", () => openMenu(menu.hidden));
menu.addEventListener("click", (event) => {
  const item = event.target.closest("[data-payload]");
  if (!item) return;
  openMenu(false);
  text.focus({ preventScroll: true });
  tell(item.dataset.payload, item.textContent);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || menu.hidden) return;
  openMenu(false);
  menuButton.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!menu.hidden && !menu.contains(event.target) && !menuButton.contains(event.target)) openMenu(false);
});

function speak(chosen) {
  useLanguage(chosen);
  document.documentElement.lang = LOCALES[language()];
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  text.placeholder = say("inputPlaceholder");
  log.setAttribute("aria-label", say("conversation"));
  $("languages").setAttribute("aria-label", say("language"));
  for (const [id, name] of [["menu-button", "menu"], ["send", "send"], ["down", "down"]]) {
    $(id).setAttribute("aria-label", say(name));
    $(id).title = say(name);
  }
  for (const button of $("languages").children) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
  }
  $("prompts").replaceChildren(
    ...say("prompts").map((prompt) => make("li", {}, make("button", { type: "button", onclick: () => tell(prompt) }, prompt))),
  );
  if (!conversation.empty) conversation.redraw();
  measure();
}

$("languages").addEventListener("click", (event) => {
  const chosen = event.target.closest("button")?.dataset.language;
  if (!chosen) return;
  memory.set(LANGUAGE, chosen);
  speak(chosen);
});

function dress(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of $("themes").children) button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
}

$("themes").addEventListener("click", (event) => {
  const theme = event.target.closest("button")?.dataset.theme;
  if (!theme) return;
  memory.set(THEME, theme === "auto" ? null : theme);
  dress(theme);
});

// --- beginning -----------------------------------------------------------------------------------

/** iOS lays the keyboard over the page: the page is made as high as what is left. */
function fit() {
  if (visualViewport.scale > 1.01) return;
  const near = nearEnd();
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
  if (near) toEnd(true);
}

async function begin() {
  for (let delay = 1000; ; delay = Math.min(delay * 2, 15_000)) {
    try {
      await connection.open();
      const page = await connection.history();
      conversation.prepend(page.messages);
      before = page.before;
      lastEvent = page.last_event;
      break;
    } catch {
      notice.textContent = say("noSession");
      await new Promise((done) => setTimeout(done, delay));
    }
  }
  notice.textContent = "";
  older.hidden = !before;
  welcome.hidden = !conversation.empty;
  measure();
  requestAnimationFrame(() => {
    scroll.scrollTop = scroll.scrollHeight;
    // What was there before is not read out; what comes is.
    log.setAttribute("aria-live", "polite");
  });
  document.documentElement.classList.add("ready");
  await connection.listen(
    () => lastEvent,
    (id, message) => {
      lastEvent = id;
      if (!conversation.has(message.id)) receive([message]);
    },
    (connected) => (notice.textContent = connected ? "" : say("offline")),
  );
}

dress(memory.get(THEME) ?? "auto");
text.value = memory.get(DRAFT) ?? "";
speak(memory.get(LANGUAGE) ?? browserLanguage());
if (window.visualViewport) {
  visualViewport.addEventListener("resize", fit);
  fit();
}
// On a phone the keyboard would cover the welcome.
if (matchMedia("(hover: hover)").matches) text.focus();
void begin();
