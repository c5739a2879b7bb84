// The window of the chat: its parts, its focus, and where one is in the conversation.

import { button, call, icon, make, motion } from "./elements.js";
import { direction, locale, say } from "./words.js";

const NEAR_END = 160;

export class Panel {
  log = make("div.log");
  speaker = make("div.unseen", { role: "log", "aria-live": "polite" });
  menu = make("div.menu", { id: "menu", hidden: true });
  welcome = make("div.welcome", { hidden: true });
  notice = make("p.hint", { role: "status" });
  /** In place of the composer: a consent to give, a deletion to confirm. */
  ask = make("div.ask", { hidden: true });
  #typing = make("div.typing", { hidden: true }, make("i"), make("i"), make("i"));
  #title;
  #menuButton = button("round", () => this.openMenu(this.menu.hidden), { "aria-expanded": "false", "aria-controls": "menu" }, icon("menu"));
  #close;
  #down = button("round.down", () => this.toEnd(true), { hidden: true }, icon("down"));
  older;
  #column;
  #scroll;
  element;

  /**
   * @param {boolean} page whether the chat is the page, not a window on it
   * @param {HTMLElement} composer
   * @param {{ close(): void, older(): void, leave(): void }} on
   */
  constructor(page, composer, on) {
    this.page = page;
    this.#title = make(page ? "h1" : "h2");
    this.#close = button("round.close", on.close, icon("close"));
    this.older = button("older.chip", on.older, { hidden: true });
    this.#column = make("div.column", this.older, this.welcome, this.log, this.#typing);
    this.#scroll = make("div.scroll", { tabindex: 0, role: "region" }, this.#column);
    this.element = make(
      /** @type {"div"} */ (page ? "main.panel" : "div.panel"),
      { id: "panel", role: page ? null : "dialog", hidden: true },
      make("div.bar", this.#title, this.#menuButton, page ? null : this.#close, this.menu),
      this.#scroll,
      make("div.foot-bar", this.#down, this.notice, this.ask, composer),
      this.speaker,
    );
    this.#scroll.addEventListener("scroll", () => (this.#down.hidden = this.near), { passive: true });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      if (!this.menu.hidden) {
        this.openMenu(false);
        this.#menuButton.focus();
      } else if (!this.ask.hidden) on.leave();
      else if (!page) on.close();
      else return;
      event.stopPropagation();
    });
    this.element.addEventListener("pointerdown", (event) => {
      const path = event.composedPath();
      if (!path.includes(this.menu) && !path.includes(this.#menuButton)) this.openMenu(false);
    });
    // Phones lay the keyboard over the page: the chat is made as high as what is left.
    const fit = () => {
      const view = /** @type {VisualViewport} */ (visualViewport);
      if (view.scale > 1.01) return;
      const { near } = this;
      this.element.style.setProperty("--height", `${view.height}px`);
      this.element.style.setProperty("--top", `${view.offsetTop}px`);
      if (near) this.toEnd(true);
    };
    if (window.visualViewport) {
      visualViewport?.addEventListener("resize", fit);
      visualViewport?.addEventListener("scroll", fit);
    }
  }

  /** Put the words of the language in place. @param {string} name */
  speak(name) {
    this.element.lang = locale();
    this.element.dir = direction();
    this.element.ariaLabel = name;
    this.#title.textContent = name;
    this.older.textContent = say("older");
    this.#scroll.ariaLabel = say("conversation");
    call(this.#menuButton, say("menu"));
    call(this.#close, say("close"));
    call(this.#down, say("down"));
  }

  /** What stands there before the first message. @param {string} greeting @param {string[]} prompts @param {(prompt: string) => void} tell */
  greet(greeting, prompts, tell) {
    this.welcome.replaceChildren(
      make(this.page ? "h2" : "h3", say("welcome")),
      make("p", greeting),
      make("ul.prompts", ...prompts.map((each) => make("li", button("prompt", () => tell(each), each)))),
    );
  }

  /** Put these into the menu; the focus stays where it is. @param {Node[]} items */
  fillMenu(items) {
    const at = [...this.menu.querySelectorAll("button")].findIndex((each) => each.matches(":focus"));
    this.menu.replaceChildren(...items);
    this.menu.querySelectorAll("button")[at]?.focus();
  }

  /** @param {boolean} open */
  openMenu(open) {
    if (this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.#menuButton.ariaExpanded = String(open);
    if (open) this.menu.querySelector("button")?.focus();
  }

  /** The dots, and in words for those who don't see them. @param {boolean} busy */
  typing(busy) {
    if (this.#typing.hidden === !busy) return;
    const { near } = this;
    this.#typing.hidden = !busy;
    if (near && busy) this.toEnd(true);
  }

  get near() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** To the end, but never past the beginning of `first`. @param {boolean} smooth @param {HTMLElement} [first] */
  toEnd(smooth, first) {
    requestAnimationFrame(() => {
      const end = this.#scroll.scrollHeight - this.#scroll.clientHeight;
      const start = first ? first.offsetTop - 20 : end;
      this.#scroll.scrollTo({ top: Math.min(end, Math.max(start, 0)), behavior: smooth ? motion() : "instant" });
    });
  }

  /** Messages came: follow them if the viewer was at the end. @param {boolean} near whether they were @param {HTMLElement} first */
  follow(near, first) {
    if (near) this.toEnd(true, first);
    else this.#down.hidden = false;
  }

  /** Keep what is read in its place while `change` adds older messages above it. @param {() => void} change */
  keepPlace(change) {
    const height = this.#scroll.scrollHeight;
    change();
    this.#scroll.scrollTop += this.#scroll.scrollHeight - height;
  }
}
