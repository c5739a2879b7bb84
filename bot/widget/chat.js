// The chat: puts the connection, the conversation and its window together.

import { Asking } from "./asking.js";
import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { button, make } from "./elements.js";
import { Log } from "./log.js";
import { alone, backoff, newId, recall, remember, tabs, wait } from "./memory.js";
import { menuItems } from "./menu.js";
import { save } from "./message.js";
import { Panel } from "./panel.js";
import { STYLE } from "./style.js";
import { Voice } from "./voice.js";
import { language, languageOf, say, speak } from "./words.js";

/** @typedef {import("./types").Message} Message */
/** @typedef {HTMLElement & { launcher: HTMLButtonElement, unread: number, opened: boolean, hide(): void }} Host */

class Chat {
  #host;
  #page;
  /** @type {Panel} */
  #panel;
  #composer;
  #log;
  #connection;
  #voice;
  /** @type {Asking} */
  #asking;
  #attention;
  /** The id of the last event heard. */
  #last = "0";
  /** Where older messages begin. @type {number | null} */
  #before = null;
  #begun = false;
  #away = false;

  /** @param {Host} host @param {URL} base */
  constructor(host, base) {
    this.#host = host;
    this.#page = host.getAttribute("mode") === "page";
    this.#connection = new Connection(base);
    this.#attention = new Attention(host);
    this.#composer = new Composer(this.#connection, {
      send: (text) => this.#tell({ text }),
      picture: (file) => {
        this.#hint();
        void this.#voice.picture(file);
      },
      complain: (text) => this.#hint(text),
    });
    this.#panel = new Panel(this.#page, this.#composer.element, {
      close: () => host.hide(),
      older: () => void this.#older(),
      // Without the viewer's consent there is nothing to go back to.
      leave: () => (this.#asking.unasked ? host.hide() : this.#asking.end()),
    });
    this.#asking = new Asking(host, this.#panel, this.#composer);
    this.#log = new Log(this.#panel.log, this.#panel.speaker, {
      choose: ({ payload, title }, beside) => {
        this.#composer.text.focus({ preventScroll: true });
        this.#tell({ text: payload, label: title, language: languageOf(beside) });
      },
      judge: (opinion) => this.#opine("feedback", opinion),
      rate: (score, text) => this.#opine("satisfaction", { score, text }),
      retry: (id) => this.#voice.retry(id),
      picture: (name) => this.#connection.picture(name),
      head: this.#page ? 1 : 2,
    });
    this.#voice = new Voice(this.#log, this.#panel, this.#connection, {
      answer: (answer) => this.#answer(answer),
      event: (name, detail) => this.#emit(name, detail),
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
    const covers = matchMedia("(pointer:coarse)").matches || this.#asking.unasked;
    if (!this.#page) (covers ? element.querySelector("button") : this.#composer.text)?.focus();
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
    if (text?.trim()) this.#tell({ text: text.trim() });
  }

  /** @param {{ user: string, signature: string }} who */
  async identify(who) {
    await this.#try(async () => {
      await this.#connection.identify(who);
      await this.#again();
    });
  }

  /** The attributes have changed. */
  update() {
    this.#speak();
    this.#panel.element.dataset.theme = this.#host.getAttribute("theme") ?? recall("theme") ?? "auto";
  }

  async forget() {
    for (const name of ["token", "draft", "unread", "consent"]) remember(name, null);
    this.#voice.drop();
    tabs.postMessage({ another: true });
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
    if (recall("token")) void this.#begin();
    this.#emit("ready");
  }

  /** Get to know the server and what was said; then listen. */
  async #begin() {
    if (this.#asking.unasked) return this.#asking.consent(() => void this.#begin());
    if (this.#begun) return;
    this.#begun = true;
    const { signal } = this.#connection;
    this.#voice.resume();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#connection.open();
        this.#last = (await this.#restore("history")).last_event;
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
    this.#panel.toEnd(false);
    this.#panel.element.classList.add("ready");
    this.#voice.hurry();
    // One tab listens for all of this browser's.
    void alone("stream", () =>
      signal.aborted
        ? Promise.resolve()
        : this.#connection.listen(
            () => this.#last,
            (event, message) => {
              tabs.postMessage({ event, message });
              this.#later(event, message);
            },
            (connected) => {
              this.#offline(!connected);
              if (connected) this.#voice.hurry();
            },
          ),
    );
  }

  /** Show a page of the past. @param {string} path */
  async #restore(path) {
    const page = await this.#connection.call("GET", path);
    this.#panel.keepPlace(() => this.#log.restore(page.messages));
    this.#before = page.before;
    this.#panel.older.hidden = !page.before;
    this.#panel.welcome.hidden = !this.#log.empty;
    return page;
  }

  #older() {
    return this.#try(() => this.#restore(`history?before=${this.#before}`));
  }

  /** Somebody else is the viewer now, or nothing is kept any more. */
  async #again() {
    tabs.postMessage({ another: true });
    await this.#anew();
  }

  async #anew() {
    this.rest();
    this.#log.clear();
    await this.#begin();
  }

  // --- what is said ----------------------------------------------------------------------------

  /** @param {{ text: string, label?: string, language?: string }} said */
  #tell(said) {
    if (this.#asking.unasked) return this.#begin();
    this.#hint();
    this.#voice.say(said);
    void this.#begin();
    // In the mode "conversation" the chat speaks the language that the viewer writes.
    const written = languageOf(said.text);
    if (this.#host.getAttribute("lang") !== "conversation" || said.text.startsWith("/") || written === language()) return;
    remember("language", written);
    this.#speak();
  }

  /** @param {import("./types").Answer} answer */
  #answer({ id, messages }) {
    this.#voice.busy(false);
    // The server's clock counts.
    this.#log.mark(id, undefined, messages[0] && { time: messages[0].time - 0.001 });
    this.#receive(messages);
  }

  /** @param {string} event its id @param {Message} message */
  #later(event, message) {
    this.#last = event;
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
  #heard({ said, answer, event, message, another }) {
    if (said) this.#voice.show(said);
    if (answer) this.#answer(answer);
    if (event) this.#later(event, message);
    if (another) void this.#anew();
  }

  // --- menu and opinions ---------------------------------------------------------------------------

  #menu() {
    this.#panel.fillMenu(
      menuItems(this.#host.hasAttribute("theme"), {
        changed: () => this.update(),
        leave: (act) => {
          this.#panel.openMenu(false);
          this.#composer.text.focus({ preventScroll: true });
          act();
        },
        say: (text, label) => this.#tell({ text, label }),
        end: () => this.#end(),
        export: () =>
          void this.#try(async () => {
            const kept = await this.#connection.call("GET", "personal");
            save(new Blob([JSON.stringify(kept, null, 1)]), "usher.json");
          }),
        delete: () =>
          this.#asking.deletion(() =>
            void this.#try(async () => {
              await this.#connection.call("DELETE", "personal");
              this.#voice.drop();
              await this.#again();
              this.#hint(say("deleted"));
            }),
          ),
      }),
    );
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

  // --- words ---------------------------------------------------------------------------------------

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

  #welcome() {
    const prompts = (this.#host.getAttribute("prompts") ?? say("prompts")).split("|").filter(Boolean);
    this.#panel.welcome.replaceChildren(
      make(this.#page ? "h2" : "h3", say("welcome")),
      make("p", this.#host.getAttribute("greeting") ?? say("greeting")),
      make("ul.prompts", ...prompts.map((text) => make("li", button("prompt", () => this.#tell({ text }), text)))),
    );
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

  /** Do what may fail; whether it worked. @param {() => Promise<unknown>} act */
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
