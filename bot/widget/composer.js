// Where the viewer writes: it grows to five lines, keeps a draft, counts near the end, takes pictures.

import { button, call, icon, make } from "./elements.js";
import { recall, remember } from "./memory.js";
import { say } from "./words.js";

const DRAFT = "draft";
const NEAR_LIMIT = 300;
const KINDS = "image/jpeg,image/png,image/webp,image/gif";

export class Composer {
  element = make("form.composer");
  text = make("textarea", { rows: 1, autocomplete: "off", enterkeyhint: "send", "aria-describedby": "counter" });
  #counter = make("span.counter", { id: "counter", role: "status" });
  #file = make("input", { type: "file", accept: KINDS, hidden: true });
  #attach = button("round.attach", () => this.#file.click(), icon("picture"));
  #send = make("button.round.send", { type: "submit" }, icon("send"));
  #connection;
  #on;

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {{ send(text: string): void, picture(file: File): void, complain(text: string): void }} on
   */
  constructor(connection, on) {
    this.#connection = connection;
    this.#on = on;
    const { text } = this;
    text.value = recall(DRAFT) ?? "";
    text.addEventListener("input", () => {
      remember(DRAFT, text.value || null);
      this.measure();
    });
    text.addEventListener("keydown", (event) => {
      // While an input method composes, Enter belongs to it; 229 is how some browsers say so.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
    text.addEventListener("paste", (event) => this.#pictures(event, event.clipboardData?.files));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const written = text.value.trim();
      if (this.#send.disabled || !written) return;
      text.value = "";
      remember(DRAFT, null);
      this.measure();
      text.focus();
      on.send(written);
    });
    this.#file.addEventListener("change", () => {
      this.#pictures(null, this.#file.files);
      this.#file.value = "";
    });
    this.element.append(this.#attach, this.#file, text, this.#counter, this.#send);
  }

  /** Put the words of the language in place. */
  speak() {
    this.text.placeholder = say("placeholder");
    this.text.ariaLabel = say("input");
    call(this.#attach, say("attach"));
    call(this.#send, say("send"));
    this.measure();
  }

  /** Fit the height, the counter and the button to what is written. */
  measure() {
    const { text } = this;
    // As high as its text; the style sheet ends it at five lines.
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
    const length = [...text.value.trim()].length;
    const left = this.#connection.limit - length;
    this.#counter.textContent = left > NEAR_LIMIT ? "" : say(left < 0 ? "over" : "left", { n: Math.abs(left) });
    this.#counter.classList.toggle("wrong", left < 0);
    this.#send.disabled = !length || left < 0;
    this.#attach.hidden = !this.#connection.uploads;
  }

  /** @param {Event | null} event @param {FileList | null | undefined} files */
  #pictures(event, files) {
    if (!files?.length || !this.#connection.uploads) return;
    event?.preventDefault();
    for (const file of files) {
      if (!file.type || !KINDS.includes(file.type) || file.size > this.#connection.uploads) this.#on.complain(say("pictureKind", { n: this.#connection.uploads / 1e6 }));
      else this.#on.picture(file);
    }
  }
}
