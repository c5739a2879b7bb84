// What is asked in place of the composer: consent before the first message, whether to delete.

import { button, linked, make } from "./elements.js";
import { recall, remember } from "./memory.js";
import { say } from "./words.js";

export class Asking {
  #host;
  #panel;
  #composer;
  #agreed = Boolean(recall("consent"));

  /** @param {HTMLElement} host @param {import("./panel.js").Panel} panel @param {import("./composer.js").Composer} composer */
  constructor(host, panel, composer) {
    this.#host = host;
    this.#panel = panel;
    this.#composer = composer;
  }

  /** Whether the viewer has yet to agree: nothing is sent before. */
  get unasked() {
    return !this.#agreed && this.#host.hasAttribute("consent");
  }

  /** Ask for consent. @param {() => void} agreed */
  consent(agreed) {
    this.#panel.welcome.hidden = false;
    this.ask(
      make("p", linked(this.#host.getAttribute("consent") ?? "")),
      button("chip.strong", () => {
        this.#agreed = true;
        remember("consent", Date.now());
        this.ask();
        agreed();
      }, say("agree")),
    );
  }

  /** Ask whether to delete everything. @param {() => void} act */
  deletion(act) {
    this.ask(
      make("p", say("deleteSure")),
      button("chip", () => this.ask(), say("cancel")),
      button("chip.danger", () => {
        this.ask();
        act();
      }, say("deleteYes")),
    );
  }

  /** Ask, or have the composer back. @param {...Node} question none: nothing is asked */
  ask(...question) {
    const { ask } = this.#panel;
    ask.replaceChildren(...question);
    ask.hidden = !question.length;
    this.#composer.element.hidden = !ask.hidden;
    if (!this.#panel.element.hidden) (ask.querySelector("button") ?? this.#composer.text).focus();
  }
}
