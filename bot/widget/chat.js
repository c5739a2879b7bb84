// The chat: puts the connection, the conversation and its window together.

import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { Connection, Refused } from "./connection.js";
import { button, linked, make } from "./elements.js";
import { Log } from "./log.js";
import { alone, backoff, newId, recall, remember, tabs, wait } from "./memory.js";
import { menuItems } from "./menu.js";
import { save } from "./message.js";
import { Sender, waiting } from "./outgoing.js";
import { Panel } from "./panel.js";
import { STYLE } from "./style.js";
import { language, languageOf, say, speak } from "./words.js";

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Acts} Acts */
/** @typedef {HTMLElement & { launcher: HTMLButtonElement, unread: number, opened: boolean, hide(): void }} Host */

class Chat {
  #host;
  #page;
  #panel;
  #composer;
  #log;
  #connection;
  #sender;
  #attention;
  #last = "0";
  /** @type {number | null} */
  #before = null;
  #agreed = Boolean(recall("consent"));
  #begun = false;
  #at = 0;
  #away = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #dots;

  /** @param {Host} host @param {URL} base */
  constructor(host, base) {
    this.#host = host;
    this.#page = host.getAttribute("mode") === "page";
    this.#connection = new Connection(base);
    this.#attention = new Attention(host);
    this.#composer = new Composer(this.#connection, {
      send: (text) => this.#tell(text),
      picture: (file) => void this.#tellPicture(file),
      complain: (text) => this.#hint(text),
    });
    this.#panel = new Panel(this.#page, this.#composer.element, {
      close: () => host.hide(),
      older: () => void this.#older(),
      // Without the viewer's consent there is nothing to go back to.
      leave: () => (this.#unasked ? host.hide() : this.#ask()),
    });
    /** @type {Acts} */
    const acts = {
      choose: (payload, label) => {
        this.#composer.text.focus({ preventScroll: true });
        this.#tell(payload, label);
      },
      judge: (opinion) => this.#opine("feedback", opinion),
      rate: (score, text) => this.#opine("satisfaction", { score, text }),
      retry: (id) => this.#retry(id),
      picture: (name) => this.#connection.picture(name),
      head: this.#page ? 1 : 2,
    };
    this.#log = new Log(this.#panel.log, this.#panel.speaker, acts);
    this.#sender = new Sender(this.#connection, {
      answer: (answer) => this.#answer(answer),
      failed: (id, reason) => this.#failed(id, reason),
      busy: (busy) => this.#busy(busy),
    });
    tabs.onmessage = ({ data }) => this.#heard(data);
  }

  get element() {
    return this.#panel.element;
  }

  // --- as the launcher asks ---------------------------------------------------------------

  show() {
    const { element } = this.#panel;
    if (!element.hidden) return;
    element.hidden = false;
    this.#host.launcher.ariaExpanded = "true";
    this.#host.toggleAttribute("opened", true);
    this.#attention.unread = 0;
    this.#composer.measure();
    this.#panel.toEnd(false);
    // On a phone the keyboard would cover the welcome; a chat that is the page takes no focus.
    if (!this.#page) (matchMedia("(pointer:coarse)").matches || this.#unasked ? element.querySelector("button") : this.#composer.text)?.focus();
    this.#emit("open");
    void this.#begin();
  }

  hide() {
    const { element } = this.#panel;
    if (element.hidden || this.#page) return;
    element.hidden = true;
    this.#host.toggleAttribute("opened", false);
    this.#host.launcher.ariaExpanded = "false";
    this.#host.launcher.focus();
    this.#emit("close");
  }

  /** @param {string} text */
  send(text) {
    if (text?.trim()) this.#tell(String(text).trim());
  }

  /** @param {{ user: string, signature: string }} who */
  async identify(who) {
    await this.#try(async () => {
      await this.#connection.identify(who);
      tabs.postMessage({ identified: true });
      await this.#again();
    });
  }

  /** The attributes have changed. */
  update() {
    this.#speak();
    this.#dress();
  }

  async forget() {
    for (const name of ["token", "draft", "unread", "consent"]) remember(name, null);
    for (const each of waiting()) this.#sender.drop(each);
    tabs.postMessage({ identified: true });
    this.rest();
  }

  /** The element has left the page. */
  rest() {
    this.#connection.close();
    this.#begun = false;
  }

  // --- beginning -----------------------------------------------------------------------------

  /** Words, appearance, and for those who have been here the conversation. */
  prepare() {
    this.update();
    this.#welcome();
    if (recall("token")) void this.#begin();
    this.#emit("ready");
  }

  /** Get to know the server and what was said; then listen. */
  async #begin() {
    if (this.#unasked) return this.#consent();
    if (this.#begun) return;
    this.#begun = true;
    const { signal } = this.#connection;
    for (const each of waiting()) this.#show(each);
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#connection.open();
        await this.#restore();
        break;
      } catch {
        if (signal.aborted) return;
        this.#panel.welcome.hidden = !this.#log.empty;
        this.#offline(true);
        await wait(backoff(attempt));
      }
    }
    this.#offline(false);
    this.#composer.measure();
    this.#panel.element.classList.add("ready");
    void this.#sender.work();
    // One tab listens for all of this browser's.
    void alone("stream", () =>
      signal.aborted
        ? Promise.resolve()
        : this.#connection.listen(
            () => this.#last,
            (id, message) => {
              tabs.postMessage({ event: id, message });
              this.#later(id, message);
            },
            (connected) => {
              this.#offline(!connected);
              if (connected) this.#sender.hurry();
            },
          ),
    );
  }

  async #restore() {
    const page = await this.#connection.call("GET", "history");
    this.#log.restore(page.messages);
    this.#before = page.before;
    this.#last = page.last_event;
    this.#panel.older.hidden = !page.before;
    this.#panel.welcome.hidden = !this.#log.empty;
    this.#panel.toEnd(false);
  }

  /** Somebody else is the viewer now, or nothing is kept any more. */
  async #again() {
    this.#connection.close();
    this.#begun = false;
    this.#log.clear();
    await this.#begin();
  }

  #older() {
    return this.#try(async () => {
      const page = await this.#connection.call("GET", `history?before=${this.#before}`);
      this.#panel.keepPlace(() => this.#log.restore(page.messages));
      this.#before = page.before;
      this.#panel.older.hidden = !page.before;
    });
  }

  // --- sending -------------------------------------------------------------------------------

  /** Send what was typed, or a button's payload shown by its label. @param {string} text @param {string} [label] @param {string} [picture] */
  #tell(text, label, picture) {
    if (this.#unasked) return this.#consent();
    // Messages of one moment keep their order.
    this.#at = Math.max(Date.now(), this.#at + 1);
    const message = { id: newId(), at: this.#at, text, label, picture };
    this.#hint();
    this.#show(message);
    this.#panel.toEnd(true);
    this.#sender.add(message);
    tabs.postMessage({ said: message });
    this.#emit("message", { id: message.id, from: "viewer", text: label ?? text });
    void this.#begin();
    this.#follow(label ?? text);
  }

  /** @param {import("./types").Outgoing} outgoing */
  #show({ id, at, text, label, picture }) {
    this.#panel.welcome.hidden = true;
    this.#log.add({ id, from: "viewer", time: at / 1000, text: label ?? text, picture, state: "pending" });
  }

  /** A picture is sent first; the message that names it follows in its turn. @param {File} file @param {string} [id] */
  async #tellPicture(file, id = newId()) {
    this.#panel.welcome.hidden = true;
    if (this.#log.has(id)) this.#log.mark(id, "pending");
    else this.#log.add({ id, from: "viewer", time: Date.now() / 1000, text: say("picture"), file, state: "pending" });
    this.#panel.toEnd(true);
    try {
      const made = await this.#connection.call("POST", "uploads", file);
      this.#at = Math.max(Date.now(), this.#at + 1);
      this.#sender.add({ id, at: this.#at, text: `/picture${JSON.stringify({ picture: made.id })}`, label: say("picture"), picture: made.id });
    } catch (error) {
      this.#failed(id, error instanceof Refused ? error.message : "");
    }
  }

  /** @param {string} id */
  #retry(id) {
    const message = /** @type {Message} */ (this.#log.message(id));
    if (waiting().some((each) => each.id === id)) {
      for (const each of waiting()) this.#log.mark(each.id, "pending");
      this.#sender.hurry();
    } else if (message.file) void this.#tellPicture(/** @type {File} */ (message.file), id);
    else {
      this.#log.mark(id, "pending");
      this.#at = Math.max(Date.now(), this.#at + 1);
      this.#sender.add({ id, at: this.#at, text: message.text ?? "" });
    }
  }

  /** @param {string} id @param {string} [reason] */
  #failed(id, reason) {
    // The server's reasons are in English.
    this.#log.mark(id, "failed", { reason: language() === "en" ? reason : undefined });
    this.#emit("error", { code: "not_sent", message: reason || say("failed"), id });
  }

  /** @param {boolean} busy */
  #busy(busy) {
    clearTimeout(this.#dots);
    if (busy) this.#dots = setTimeout(() => this.#panel.typing(true), 250);
    else this.#panel.typing(false);
  }

  // --- what comes ----------------------------------------------------------------------------

  /** @param {import("./types").Answer} answer */
  #answer({ id, messages }) {
    this.#busy(false);
    // The server's clock counts.
    this.#log.mark(id, undefined, messages[0] && { time: messages[0].time - 0.001 });
    this.#receive(messages);
  }

  /** @param {string} id @param {Message} message */
  #later(id, message) {
    this.#last = id;
    this.#receive([message]);
    if (message.custom?.notice === "person_left") this.#end();
  }

  /** @param {Message[]} messages */
  #receive(messages) {
    const { near } = this.#panel;
    const fresh = messages.filter((message) => !this.#log.has(message.id));
    const [first] = fresh.map((message) => this.#log.add(message));
    if (!first) return;
    this.#panel.follow(near, first);
    for (const { id, from, text } of fresh) {
      this.#attention.came(!this.#panel.element.hidden && !document.hidden);
      this.#emit("message", { id, from, text });
    }
  }

  /** What another tab says. @param {any} data */
  #heard({ said, answer, event, message, identified }) {
    if (said) {
      this.#show(said);
      this.#panel.toEnd(true);
    }
    if (answer) this.#answer(answer);
    if (event) this.#later(event, message);
    if (identified) void this.#again();
  }

  // --- menu, opinions, questions -----------------------------------------------------------------

  #menu() {
    const panel = this.#panel;
    /** @template {any[]} A @param {(...given: A) => void} act @returns {(...given: A) => void} */
    const closing = (act) => (...given) => {
      panel.openMenu(false);
      this.#composer.text.focus({ preventScroll: true });
      act(...given);
    };
    const items = menuItems(
      { theme: recall("theme") ?? "auto", fixed: this.#host.hasAttribute("theme") },
      {
        language: (name) => {
          remember("language", name);
          this.#speak();
        },
        theme: (name) => {
          remember("theme", name === "auto" ? null : name);
          this.#dress();
          this.#menu();
        },
        say: closing((payload, label) => this.#tell(payload, label)),
        end: closing(() => this.#end()),
        export: closing(() => void this.#export()),
        delete: closing(() => this.#askDelete()),
      },
    );
    const focused = /** @type {ShadowRoot} */ (this.#host.shadowRoot).activeElement;
    const index = focused ? [...panel.menu.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (focused)) : -1;
    panel.menu.replaceChildren(.../** @type {Node[]} */ (items));
    if (index >= 0) panel.menu.querySelectorAll("button")[index]?.focus();
  }

  /** Ask how it was. */
  #end() {
    const id = `end-${newId()}`;
    const element = this.#log.add({ id, from: "bot", time: Date.now() / 1000, custom: { type: "satisfaction" } });
    this.#panel.toEnd(true, element);
  }

  /** @param {string} path @param {any} opinion */
  #opine(path, opinion) {
    return this.#try(async () => {
      await this.#connection.call("POST", path, opinion);
      this.#emit("feedback", opinion);
    });
  }

  #export() {
    return this.#try(async () => {
      const kept = await this.#connection.call("GET", "personal");
      save(new Blob([JSON.stringify(kept, null, 1)]), "usher.json");
    });
  }

  #askDelete() {
    this.#ask(
      make("p", null, say("deleteSure")),
      button("chip", () => this.#ask(), {}, say("cancel")),
      button("chip danger", () => {
        this.#ask();
        void this.#try(async () => {
          await this.#connection.call("DELETE", "personal");
          for (const each of waiting()) this.#sender.drop(each);
          tabs.postMessage({ identified: true });
          await this.#again();
          this.#hint(say("deleted"));
        });
      }, {}, say("deleteYes")),
    );
  }

  /** Whether the viewer has yet to agree. */
  get #unasked() {
    return !this.#agreed && this.#host.hasAttribute("consent");
  }

  #consent() {
    this.#panel.welcome.hidden = false;
    this.#ask(
      make("p", null, linked(this.#host.getAttribute("consent") ?? "")),
      button("chip strong", () => {
        this.#agreed = true;
        remember("consent", Date.now());
        this.#ask();
        void this.#begin();
      }, {}, say("agree")),
    );
  }

  /** Put a question in place of the composer; without one, the composer is back. @param {...Node} question */
  #ask(...question) {
    const { ask } = this.#panel;
    if (!question.length && this.#unasked) return;
    ask.hidden = !question.length;
    ask.replaceChildren(...question);
    this.#composer.element.hidden = !ask.hidden;
    const focus = ask.hidden ? this.#composer.text : ask.querySelector("button");
    if (!this.#panel.element.hidden) focus?.focus();
  }

  // --- words and appearance ----------------------------------------------------------------------

  #speak() {
    const asked = this.#host.getAttribute("lang") ?? "";
    speak([recall("language") ?? "", /^(|auto|conversation)$/.test(asked) ? "" : asked, ...navigator.languages]);
    this.#panel.speak(this.#host.getAttribute("name") || "Usher");
    this.#composer.speak();
    this.#menu();
    this.#welcome();
    this.#log.redraw();
    if (this.#page) document.documentElement.lang = this.#panel.element.lang;
  }

  /** In the mode "conversation" the chat speaks the language that the viewer writes. @param {string} text */
  #follow(text) {
    const spoken = languageOf(text);
    if (this.#host.getAttribute("lang") !== "conversation" || text.startsWith("/") || spoken === language()) return;
    remember("language", spoken);
    this.#speak();
  }

  #welcome() {
    const prompts = (this.#host.getAttribute("prompts") ?? say("prompts")).split("|").filter(Boolean);
    this.#panel.welcome.replaceChildren(
      make(this.#page ? "h2" : "h3", null, say("welcome")),
      make("p", null, this.#host.getAttribute("greeting") ?? say("greeting")),
      make("ul", { class: "prompts" }, ...prompts.map((prompt) => make("li", null, button("prompt", () => this.#tell(prompt), {}, prompt)))),
    );
  }

  #dress() {
    const theme = this.#host.getAttribute("theme") ?? recall("theme") ?? "auto";
    this.#panel.element.dataset.theme = theme;
  }

  /** Say something in passing, until the next message; else what lasts. @param {string} [text] */
  #hint(text) {
    this.#panel.notice.textContent = text || (this.#away ? say("offline") : "");
  }

  /** @param {boolean} away whether the server is out of reach */
  #offline(away) {
    this.#away = away;
    this.#hint();
  }

  /** Do what may fail; whether it worked. @param {() => Promise<void>} act */
  async #try(act) {
    try {
      await act();
      return true;
    } catch (/** @type {any} */ error) {
      this.#hint(say("unexpected"));
      this.#emit("error", { code: error.code ?? "unreachable", message: error.message });
      return false;
    }
  }

  /** @param {string} name @param {any} [detail] */
  #emit(name, detail = {}) {
    this.#host.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * Put the chat into the element; what the launcher loads.
 * @param {Host} host
 * @param {ShadowRoot} root
 * @param {URL} base the server's root
 * @returns {import("./types").Controller}
 */
export function start(host, root, base) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const chat = new Chat(host, base);
  host.launcher.setAttribute("aria-controls", "panel");
  host.launcher.before(chat.element);
  chat.prepare();
  return chat;
}
