// What the viewer says: it stands there at once, and is sent in its turn.

import { Refused } from "./connection.js";
import { newId, tabs } from "./memory.js";
import { Sender, waiting } from "./outgoing.js";
import { language, say } from "./words.js";

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Outgoing} Outgoing */

export class Voice {
  #log;
  #panel;
  #connection;
  #sender;
  #on;
  #at = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #dots;

  /**
   * @param {import("./log.js").Log} log
   * @param {import("./panel.js").Panel} panel
   * @param {import("./connection.js").Connection} connection
   * @param {{ answer(answer: import("./types").Answer): void, event(name: string, detail: any): void }} on
   */
  constructor(log, panel, connection, on) {
    this.#log = log;
    this.#panel = panel;
    this.#connection = connection;
    this.#on = on;
    this.#sender = new Sender(connection, {
      answer: on.answer,
      failed: (id, reason) => this.#failed(id, reason),
      busy: (busy) => this.busy(busy),
    });
  }

  /** What was written, or a button's payload shown by its label. @param {Partial<Outgoing> & { text: string }} said */
  say(said) {
    const message = this.#outgoing(said);
    this.show(message);
    this.#sender.add(message);
    tabs.postMessage({ said: message });
    this.#on.event("message", { id: message.id, from: "viewer", text: said.label ?? said.text });
  }

  /** A picture is sent first; the message that names it follows in its turn. @param {File} file @param {string} [id] */
  async picture(file, id = newId()) {
    const label = say("picture");
    if (this.#log.has(id)) this.#log.mark(id, "pending");
    else this.#add({ id, from: "viewer", time: Date.now() / 1000, text: label, file, state: "pending" });
    try {
      const { id: picture } = await this.#connection.call("POST", "uploads", file);
      this.#sender.add(this.#outgoing({ id, text: `/picture${JSON.stringify({ picture })}`, label, picture }));
    } catch (error) {
      this.#failed(id, error instanceof Refused ? error.message : "");
    }
  }

  /** What another tab says, or what was left unsent. @param {Outgoing} message */
  show({ id, at, text, label, picture }) {
    this.#add({ id, from: "viewer", time: at / 1000, text: label ?? text, picture, state: "pending" });
  }

  /** Show what was left unsent, and send it. */
  resume() {
    for (const each of waiting()) this.show(each);
  }

  /** Send what waits, at once. */
  hurry() {
    this.#sender.hurry();
  }

  /** Give up what was left unsent. */
  drop() {
    for (const each of waiting()) this.#sender.drop(each);
  }

  /** @param {string} id */
  retry(id) {
    const message = /** @type {Message} */ (this.#log.message(id));
    if (waiting().some((each) => each.id === id)) {
      for (const each of waiting()) this.#log.mark(each.id, "pending");
      this.#sender.hurry();
    } else if (message.file) void this.picture(/** @type {File} */ (message.file), id);
    else {
      this.#log.mark(id, "pending");
      this.#sender.add(this.#outgoing({ id, text: message.text ?? "" }));
    }
  }

  /** Dots, unless the answer is there in a moment. @param {boolean} busy */
  busy(busy) {
    clearTimeout(this.#dots);
    if (busy) this.#dots = setTimeout(() => this.#panel.typing(true), 250);
    else this.#panel.typing(false);
  }

  /** @param {Partial<Outgoing> & { text: string }} said @returns {Outgoing} */
  #outgoing(said) {
    // Messages of one moment keep their order.
    this.#at = Math.max(Date.now(), this.#at + 1);
    return { id: newId(), at: this.#at, ...said };
  }

  /** @param {Message} message */
  #add(message) {
    this.#panel.welcome.hidden = true;
    this.#log.add(message);
    this.#panel.toEnd(true);
  }

  /** @param {string} id @param {string} [reason] */
  #failed(id, reason) {
    // The server's reasons are in English.
    this.#log.mark(id, "failed", { reason: language() === "en" ? reason : undefined });
    this.#on.event("error", { code: "not_sent", message: reason || say("failed"), id });
  }
}
