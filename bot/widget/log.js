// The conversation: messages in order, days between them, what can still be chosen.

import { make } from "./elements.js";
import { draw, showState, spoken } from "./message.js";
import { dayName, languageOf } from "./words.js";

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Acts} Acts */

export class Log {
  /** @type {Map<string, { message: Message, element: HTMLElement }>} */
  #known = new Map();
  #element;
  #speaker;
  #acts;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} speaker the live region: what is put there is read out, once
   * @param {Acts} acts
   */
  constructor(element, speaker, acts) {
    this.#element = element;
    this.#speaker = speaker;
    this.#acts = acts;
  }

  get empty() {
    return !this.#known.size;
  }

  /** @param {string} id */
  has(id) {
    return this.#known.has(id);
  }

  /** @param {string} id */
  message(id) {
    return this.#known.get(id)?.message;
  }

  /** Add a message that has just come, and have it read out; its element. @param {Message} message */
  add(message) {
    const known = this.#known.get(message.id);
    if (known) return known.element;
    const element = this.#insert(message);
    this.#arrange();
    if (message.from !== "viewer") {
      const text = spoken(message);
      const line = make("p", { lang: languageOf(text) }, text);
      this.#speaker.append(line);
      // Read by now; it need not be found twice.
      setTimeout(() => line.remove(), 8000);
    }
    return element;
  }

  /** Add messages of the past, each in its place, without a word. @param {Message[]} messages */
  restore(messages) {
    for (const message of messages) {
      const known = this.#known.get(message.id);
      if (!known) this.#insert(message);
      else if (known.message.state) this.mark(message.id);
    }
    this.#arrange();
  }

  /** Draw everything again, in the language the chat now has. */
  redraw() {
    for (const entry of this.#known.values()) {
      const element = draw(entry.message, this.#acts);
      entry.element.replaceWith(element);
      entry.element = element;
    }
    this.#arrange();
  }

  clear() {
    this.#known.clear();
    this.#element.replaceChildren();
  }

  /**
   * Say how a message fares.
   * @param {string} id
   * @param {import("./types").State} [state] none: it has been sent
   * @param {Partial<Message>} [more]
   */
  mark(id, state, more) {
    const entry = this.#known.get(id);
    if (!entry) return;
    Object.assign(entry.message, { reason: undefined, ...more, state });
    showState(entry.element, entry.message, this.#acts);
  }

  /** @param {Message} message */
  #insert(message) {
    const element = draw(message, this.#acts);
    this.#known.set(message.id, { message, element });
    const all = this.#messages();
    // Mostly the last; a message of the past goes before what is newer.
    let at = all.length;
    while (!message.state && at && this.#at(all[at - 1]) > message.time) at -= 1;
    if (at < all.length) all[at].before(element);
    else this.#element.append(element);
    return element;
  }

  /** @returns {HTMLElement[]} */
  #messages() {
    return [...this.#element.querySelectorAll(":scope>.message")].map((each) => /** @type {HTMLElement} */ (each));
  }

  /** @param {HTMLElement} element */
  #at(element) {
    const { message } = /** @type {{ message: Message }} */ (this.#known.get(element.dataset.id ?? ""));
    return message.state ? Infinity : message.time;
  }

  /** Days between messages, one time for each run of them, replies only under the last one. */
  #arrange() {
    for (const old of this.#element.querySelectorAll(":scope>.day")) old.remove();
    const all = this.#messages();
    const messages = all.map((each) => /** @type {Message} */ (this.message(each.dataset.id ?? "")));
    let day = "";
    all.forEach((element, index) => {
      const message = messages[index];
      const next = messages[index + 1];
      element.classList.toggle("last", !next || next.from !== message.from || next.time - message.time > 300);
      element.classList.toggle("first", messages[index - 1]?.from !== message.from);
      element.querySelector(":scope>.replies")?.toggleAttribute("hidden", Boolean(next));
      const today = new Date(message.time * 1000).toDateString();
      if (today !== day) element.before(make("div.day", dayName(message.time * 1000)));
      day = today;
    });
  }
}
