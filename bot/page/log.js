// The conversation on the page: messages in order, days between them, what can be chosen.

import { titleRow } from "./cards.js";
import { icon, linked, make, webAddress } from "./elements.js";
import { LOCALES, language, languageOf, say } from "./words.js";

const DOWNLOAD = "M12 4v11M7 10.5l5 5 5-5M5 19.5h14";
const STARS = /^★{1,5}$/;
const DAY = 86_400_000;

export class Log {
  #element;
  #choose;
  #known = new Map();

  /**
   * @param {HTMLElement} element
   * @param {(payload: string, label: string) => void} choose called when a button is pressed
   */
  constructor(element, choose) {
    this.#element = element;
    this.#choose = choose;
  }

  get empty() {
    return this.#known.size === 0;
  }

  has(id) {
    return this.#known.has(id);
  }

  /** Add a message at the end, or put older ones before everything there is. */
  add(message) {
    if (this.has(message.id)) return this.#known.get(message.id).element;
    const element = this.#draw(message);
    this.#known.set(message.id, { message, element });
    this.#element.append(element);
    this.#arrange();
    return element;
  }

  prepend(messages) {
    const fresh = messages.filter((message) => !this.has(message.id));
    const first = this.#element.firstChild;
    for (const message of fresh) {
      const element = this.#draw(message);
      this.#known.set(message.id, { message, element });
      this.#element.insertBefore(element, first);
    }
    this.#arrange();
  }

  /** Draw everything again, in the language the page now has. */
  redraw() {
    const all = [...this.#element.querySelectorAll(":scope > .message")].map((element) => element.dataset.id);
    this.#element.replaceChildren();
    for (const id of all) {
      const entry = this.#known.get(id);
      entry.element = this.#draw(entry.message);
      this.#element.append(entry.element);
    }
    this.#arrange();
  }

  /**
   * Say how a message of the viewer fares.
   * @param {"sending" | "sent" | "failed"} state
   */
  mark(id, state, reason, retry) {
    const entry = this.#known.get(id);
    entry.message.state = state;
    entry.message.reason = reason;
    entry.message.retry = retry;
    const element = this.#draw(entry.message);
    entry.element.replaceWith(element);
    entry.element = element;
    this.#arrange();
  }

  #draw(message) {
    const mine = message.from === "viewer";
    const element = make("div", {
      class: `message ${mine ? "mine" : "theirs"}${message.state ? ` ${message.state}` : ""}`,
    });
    element.dataset.id = message.id;
    element.append(make("span", { class: "unseen" }, `${say(mine ? "you" : "usher")}: `));
    if (message.text) {
      element.append(make("div", { class: "bubble", lang: languageOf(message.text) }, linked(message.text)));
    }
    if (message.image && webAddress(message.image)) {
      element.append(make("img", { class: "picture", src: message.image, alt: say("image"), loading: "lazy" }));
    }
    const extra = this.#extra(message.custom);
    if (extra) element.append(extra);
    if (message.buttons?.length) element.append(this.#replies(message.buttons));
    if (mine && message.state) element.append(this.#state(message));
    else element.append(clock(message.time));
    return element;
  }

  #extra(custom) {
    if (!custom || typeof custom !== "object") return null;
    if (custom.type === "titles" && Array.isArray(custom.cards) && custom.cards.length) {
      return titleRow(custom.cards, this.#choose);
    }
    if (custom.type === "file") return download(custom);
    return null;
  }

  #replies(buttons) {
    if (buttons.length > 1 && buttons.every((each) => STARS.test(each.title))) return this.#stars(buttons);
    return make(
      "div",
      { class: "replies", role: "group", "aria-label": say("replies") },
      ...buttons.map((each) =>
        make("button", { type: "button", onclick: () => this.#choose(each.payload, each.title) }, each.title),
      ),
    );
  }

  #stars(buttons) {
    const rising = [...buttons].sort((a, b) => a.title.length - b.title.length);
    const group = make("div", { class: "replies stars", role: "group", "aria-label": say("rate") });
    const light = (count) => {
      [...group.children].forEach((star, index) => star.classList.toggle("lit", index < count));
    };
    rising.forEach((each, index) => {
      const star = make(
        "button",
        {
          type: "button",
          "aria-label": say("stars", each.title.length),
          onclick: () => this.#choose(each.payload, each.title),
          onpointerenter: () => light(index + 1),
          onfocus: () => light(index + 1),
          onblur: () => light(0),
        },
        "★",
      );
      group.append(star);
    });
    group.addEventListener("pointerleave", () => light(0));
    return group;
  }

  #state(message) {
    if (message.state === "failed") {
      return make(
        "div",
        { class: "state" },
        `${message.reason || say("failed")} `,
        make("button", { type: "button", onclick: message.retry }, say("retry")),
      );
    }
    return message.state === "sending" ? make("div", { class: "state" }, say("sending")) : clock(message.time);
  }

  /** Days between messages, one time for each run of them, replies only under the last one. */
  #arrange() {
    for (const old of this.#element.querySelectorAll(":scope > .day")) old.remove();
    const all = [...this.#element.children];
    let day = "";
    all.forEach((element, index) => {
      const { message } = this.#known.get(element.dataset.id);
      const next = all[index + 1] && this.#known.get(all[index + 1].dataset.id).message;
      const last = !next || next.from !== message.from || next.time - message.time > 300;
      element.classList.toggle("last", last);
      element.querySelector(":scope > .replies")?.toggleAttribute("hidden", Boolean(next));
      const today = new Date(message.time * 1000).toDateString();
      if (today !== day) {
        day = today;
        element.before(make("div", { class: "day" }, make("span", {}, dayName(message.time * 1000))));
      }
    });
  }
}

function download(file) {
  if (typeof file.text !== "string") return make("p", { class: "gone" }, say("gone"));
  const name = String(file.name || "usher.json").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  const link = make("button", { type: "button", class: "download" }, icon(DOWNLOAD), say("download", name));
  link.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([file.text], { type: "application/octet-stream" }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  });
  return link;
}

function clock(seconds) {
  const date = new Date(seconds * 1000);
  const shown = new Intl.DateTimeFormat(LOCALES[language()], { hour: "numeric", minute: "2-digit" }).format(date);
  return make("time", { class: "state", datetime: date.toISOString() }, shown);
}

function dayName(milliseconds) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (milliseconds >= midnight) return say("today");
  if (milliseconds >= midnight - DAY) return say("yesterday");
  const recent = milliseconds > midnight - 300 * DAY;
  const options = recent
    ? { weekday: "long", month: "long", day: "numeric" }
    : { year: "numeric", month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(LOCALES[language()], options).format(new Date(milliseconds));
}
