// The chat: puts the connection, the conversation and its window together.

import { Asking } from "./asking.js";
import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { recall, remember } from "./memory.js";
import { menuItems } from "./menu.js";
import { save } from "./message.js";
import { Panel } from "./panel.js";
import { STYLE } from "./style.js";
import { language, languageOf, say, speak } from "./words.js";

/** @typedef {HTMLElement & { launcher: HTMLButtonElement, unread: number, opened: boolean, hide(): void }} Host */

class Chat {
  #host;
  #page;
  /** @type {Panel} */
  #panel;
  #composer;
  #connection;
  /** @type {Conversation} */
  #conversation;
  #asking;
  #attention;
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
        void this.#conversation.voice.picture(file);
      },
      complain: (text) => this.#hint(text),
    });
    this.#panel = new Panel(this.#page, this.#composer.element, {
      close: () => host.hide(),
      older: () => void this.#try(() => this.#conversation.older()),
      // Without the viewer's consent there is nothing to go back to.
      leave: () => (this.#asking.unasked ? host.hide() : this.#asking.ask()),
    });
    this.#asking = new Asking(host, this.#panel, this.#composer);
    /** @type {import("./types").Acts} */
    const acts = {
      choose: ({ payload, title }, beside) => {
        this.#composer.text.focus({ preventScroll: true });
        this.#tell({ text: payload, label: title, language: languageOf(beside) });
      },
      judge: (opinion) => this.#opine("feedback", opinion),
      rate: (score, text) => this.#opine("satisfaction", { score, text }),
      retry: (id) => this.#conversation.voice.retry(id),
      picture: (name) => this.#connection.picture(name),
      head: this.#page ? 1 : 2,
    };
    this.#conversation = new Conversation(this.#connection, this.#panel, acts, {
      event: (name, detail) => this.#emit(name, detail),
      may: () => !this.#asking.unasked,
      came: () => this.#attention.came(!this.#panel.element.hidden && !document.hidden),
      ready: () => {
        this.#composer.measure();
        this.#panel.element.classList.add("ready");
      },
      away: (away) => {
        this.#away = away;
        this.#hint();
      },
    });
  }

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
    this.#begin();
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
      await this.#conversation.anew();
    });
  }

  /** The attributes have changed. */
  update() {
    this.#speak();
    this.#panel.element.dataset.theme = this.#host.getAttribute("theme") ?? recall("theme") ?? "auto";
  }

  async forget() {
    for (const name of ["token", "draft", "unread", "consent"]) remember(name, null);
    this.#conversation.forget();
  }

  /** The element has left the page. */
  rest() {
    this.#conversation.rest();
  }

  /** Words, appearance, and for those who have been here the conversation. */
  prepare() {
    this.#host.launcher.setAttribute("aria-controls", "panel");
    this.#host.launcher.before(this.#panel.element);
    this.update();
    if (recall("token")) this.#begin();
    this.#emit("ready");
  }

  /** Go on with the conversation, once the viewer agrees to it. */
  #begin() {
    if (this.#asking.unasked) this.#asking.consent(() => this.#begin());
    else void this.#conversation.begin();
  }

  /** @param {{ text: string, label?: string, language?: string }} said */
  #tell(said) {
    if (this.#asking.unasked) return this.#begin();
    this.#hint();
    this.#conversation.voice.say(said);
    this.#begin();
    // In the mode "conversation" the chat speaks the language that the viewer writes.
    const written = languageOf(said.text);
    if (this.#host.getAttribute("lang") !== "conversation" || said.text.startsWith("/") || written === language()) return;
    remember("language", written);
    this.#speak();
  }

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
        end: () => this.#conversation.askHow(),
        export: () => void this.#try(() => this.#export()),
        delete: () => this.#asking.deletion(() => void this.#try(() => this.#delete())),
      }),
    );
  }

  async #export() {
    const kept = await this.#connection.call("GET", "personal");
    save(new Blob([JSON.stringify(kept, null, 1)]), "usher.json");
  }

  async #delete() {
    await this.#connection.call("DELETE", "personal");
    this.#conversation.voice.drop();
    await this.#conversation.anew();
    this.#hint(say("deleted"));
  }

  /** @param {string} path @param {any} opinion */
  #opine(path, opinion) {
    return this.#try(async () => {
      await this.#connection.call("POST", path, opinion);
      this.#emit("feedback", opinion);
    });
  }

  #speak() {
    const asked = this.#host.getAttribute("lang") ?? "";
    speak([recall("language") ?? "", /^(|auto|conversation)$/.test(asked) ? "" : asked, ...navigator.languages]);
    this.#panel.speak(this.#host.getAttribute("name") || "Usher");
    this.#composer.speak();
    this.#menu();
    this.#panel.greet(
      this.#host.getAttribute("greeting") ?? say("greeting"),
      (this.#host.getAttribute("prompts") ?? say("prompts")).split("|").filter(Boolean),
      (text) => this.#tell({ text }),
    );
    this.#conversation.redraw();
    if (this.#page) document.documentElement.lang = this.#panel.element.lang;
  }

  /** Say something in passing, until the next message; else what lasts. @param {string} [text] */
  #hint(text) {
    this.#panel.notice.textContent = text || (this.#away ? say("offline") : "");
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
  chat.prepare();
  return chat;
}
