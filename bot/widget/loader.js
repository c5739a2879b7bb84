// The launcher: all that a page loads before a viewer opens the chat.

import { FILES } from "./files.js";
import { STYLE } from "./style.js";

/** @typedef {import("./types").Controller} Controller */

const HERE = new URL(import.meta.url);
const BASE = new URL(/\/widget\/[0-9a-f]+\/widget\.js$/.test(HERE.pathname) ? "../../" : "./", HERE);
const SETTINGS = ["lang", "theme", "mode", "side", "name", "greeting", "prompts", "consent", "sound", "blink"];
const TALK = "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4.2V16A2.3 2.3 0 0 1 4 13.5zM8.5 9h7M8.5 12h4";
const FOLD = "M6 9.5l6 6 6-6";

/** @param {string} name */
const kept = (name) => {
  try {
    return localStorage.getItem(`usher.${name}`);
  } catch {
    return null;
  }
};

/** @param {string} path @param {string} name */
function drawing(path, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Import a module of ours; where the browser can check it against its hash, it does. */
async function fetchChat() {
  const address = new URL(FILES.chat, BASE).href;
  const link = document.createElement("link");
  if (FILES.integrity && link.relList.supports("modulepreload")) {
    await new Promise((done, fail) => {
      link.onload = done;
      link.onerror = fail;
      Object.assign(link, { rel: "modulepreload", crossOrigin: "anonymous", integrity: FILES.integrity, href: address });
      document.head.append(link);
    });
    link.remove();
  }
  return import(address);
}

export class UsherChat extends HTMLElement {
  static observedAttributes = SETTINGS;
  /** The launcher, for the chat to give focus back to. */
  launcher = document.createElement("button");
  #badge = document.createElement("span");
  #section = document.createElement("section");
  #root = this.attachShadow({ mode: "open" });
  /** @type {Promise<Controller> | undefined} */
  #chat;
  #wanted = false;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    const { launcher } = this;
    launcher.type = "button";
    launcher.className = "launcher";
    launcher.ariaExpanded = "false";
    this.#badge.className = "badge";
    launcher.append(drawing(TALK, "talk"), drawing(FOLD, "fold"), this.#badge);
    launcher.onclick = () => (this.opened ? this.hide() : this.show());
    this.#section.append(launcher);
    this.#root.append(this.#section);
  }

  connectedCallback() {
    this.#name();
    this.unread = Number(kept("unread")) || 0;
    if (this.getAttribute("mode") === "page") void this.show();
    else {
      // The top layer: no z-index of the page is above it.
      this.popover = "manual";
      this.showPopover();
      // Whoever has been here may have got a message meanwhile.
      if (kept("token")) (window.requestIdleCallback ?? setTimeout)(() => this.isConnected && this.#load());
    }
  }

  disconnectedCallback() {
    void this.#chat?.then((chat) => chat.rest());
  }

  attributeChangedCallback() {
    this.#name();
    void this.#chat?.then((chat) => chat.update());
  }

  get opened() {
    return this.#wanted;
  }

  /** Messages that came while the chat was closed. @param {number} count */
  set unread(count) {
    this.#badge.textContent = count ? (count > 99 ? "99+" : String(count)) : "";
    this.#name(count);
  }

  /** @param {number} [unread] */
  #name(unread = Number(this.#badge.textContent) || 0) {
    const chinese = /^zh/i.test(this.getAttribute("lang") || kept("language") || navigator.language);
    const label = chinese ? "聊天" : "Chat";
    this.launcher.ariaLabel = unread ? `${label} (${unread})` : label;
    if (this.getAttribute("mode") !== "page") this.#section.ariaLabel = this.getAttribute("name") || "Usher";
  }

  #load() {
    return (this.#chat ??= this.#start());
  }

  async #start() {
    this.launcher.ariaBusy = "true";
    try {
      return (await fetchChat()).start(this, this.#root, BASE);
    } catch (error) {
      this.#chat = undefined;
      this.#wanted = false;
      this.dispatchEvent(new CustomEvent("error", { detail: { code: "not_loaded", message: String(error) } }));
      throw error;
    } finally {
      this.launcher.ariaBusy = null;
    }
  }

  async show() {
    this.#wanted = true;
    const chat = await this.#load();
    if (this.#wanted) chat.show();
  }

  async hide() {
    this.#wanted = false;
    (await this.#chat)?.hide();
  }

  /** @param {string} text */
  async send(text) {
    (await this.#load()).send(text);
  }

  /** @param {{ user: string, signature: string }} who */
  async identify(who) {
    return (await this.#load()).identify(who);
  }

  /** Forget who the viewer is, and leave. */
  async shutdown() {
    await (await this.#load()).forget();
    this.remove();
  }
}

customElements.define("usher-chat", UsherChat);

/** @param {Record<string, unknown>} [settings] */
function settle(settings = {}) {
  const element = document.querySelector("usher-chat") ?? document.createElement("usher-chat");
  for (const [name, value] of Object.entries(settings)) {
    if (!SETTINGS.includes(name)) continue;
    if (value === false || value === null) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : Array.isArray(value) ? value.join("|") : String(value));
  }
  if (!element.isConnected) document.body.append(element);
  return /** @type {UsherChat} */ (element);
}

/** @type {[string, EventListener][]} */
const listeners = [];

/** @param {string} method @param {any} [value] @param {(detail: any) => void} [listener] */
function Usher(method, value, listener) {
  if (method === "on") {
    /** @param {Event} event */
    const heard = (event) => listener?.(/** @type {CustomEvent} */ (event).detail);
    listeners.push([value, heard]);
    document.querySelector("usher-chat")?.addEventListener(value, heard);
    return () => document.querySelector("usher-chat")?.removeEventListener(value, heard);
  }
  const present = document.querySelector("usher-chat");
  if (method === "boot" || method === "update") {
    const element = settle(value);
    if (element !== present) for (const each of listeners) element.addEventListener(...each);
    if (value?.user) return element.identify(value);
    return undefined;
  }
  if (!present || !["show", "hide", "send", "identify", "shutdown"].includes(method)) return undefined;
  return /** @type {any} */ (present)[method](value);
}

const before = /** @type {any} */ (window).Usher?.q ?? [];
/** @type {any} */ (window).Usher = Usher;
const tag = /** @type {HTMLScriptElement | undefined} */ (
  [...document.querySelectorAll("script[src]")].find((each) => /** @type {HTMLScriptElement} */ (each).src === HERE.href)
);
for (const call of before) if (call[0] === "on") Usher.apply(null, call);
if (tag?.dataset.boot !== "false") Usher("boot", tag ? { ...tag.dataset } : {});
for (const call of before) if (call[0] !== "on") Usher.apply(null, call);
