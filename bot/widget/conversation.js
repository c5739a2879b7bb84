// The conversation: begins where it was left, hears what comes, and is the same in every tab.

import { Log } from "./log.js";
import { alone, backoff, newId, tabs, wait } from "./memory.js";
import { Voice } from "./voice.js";

/** @typedef {import("./types").Message} Message */

/**
 * @typedef {object} On
 * @property {(name: string, detail: any) => void} event
 * @property {() => boolean} may whether the viewer has agreed to it
 * @property {() => void} came a message that was not there yet
 * @property {() => void} ready the server has told its limits, and the past stands there
 * @property {(away: boolean) => void} away whether the server is out of reach
 */

export class Conversation {
  #connection;
  #panel;
  #on;
  #log;
  /** What the viewer says, and how it fares. */
  voice;
  /** The id of the last event heard. */
  #last = "0";
  /** Where older messages begin. @type {number | null} */
  #before = null;
  #begun = false;

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {import("./panel.js").Panel} panel
   * @param {import("./types").Acts} acts
   * @param {On} on
   */
  constructor(connection, panel, acts, on) {
    this.#connection = connection;
    this.#panel = panel;
    this.#on = on;
    this.#log = new Log(panel.log, panel.speaker, acts);
    this.voice = new Voice(this.#log, panel, connection, { answer: (answer) => this.#answer(answer), event: on.event });
    tabs.onmessage = ({ data }) => this.#heard(data);
  }

  /** Draw everything again, in the language the chat now has. */
  redraw() {
    this.#log.redraw();
  }

  /** Get to know the server and what was said; then listen. */
  async begin() {
    if (this.#begun || !this.#on.may()) return;
    this.#begun = true;
    const { signal } = this.#connection;
    this.voice.resume();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#connection.open();
        this.#last = (await this.#restore("history")).last_event;
        break;
      } catch {
        if (signal.aborted) return;
        this.#panel.welcome.hidden = !this.#log.empty;
        this.#on.away(true);
        await wait(backoff(attempt));
      }
    }
    this.#away(false);
    this.#on.ready();
    this.#panel.toEnd(false);
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
            (connected) => this.#away(!connected),
          ),
    );
  }

  /** Show older messages above those that stand there. */
  older() {
    return this.#restore(`history?before=${this.#before}`);
  }

  /** Somebody else is the viewer now, or nothing is kept any more: in every tab. */
  async anew() {
    tabs.postMessage({ another: true });
    await this.#anew();
  }

  /** The viewer is nobody any more, in every tab. */
  forget() {
    this.voice.drop();
    tabs.postMessage({ another: true });
    this.rest();
  }

  /** Listen no longer. */
  rest() {
    this.#connection.close();
    this.#begun = false;
  }

  /** Ask how it was. */
  askHow() {
    const id = `end-${newId()}`;
    const element = this.#log.add({ id, from: "bot", time: Date.now() / 1000, custom: { type: "satisfaction" } });
    this.#panel.toEnd(true, element);
  }

  /** @param {string} path of a page of the past */
  async #restore(path) {
    /** @type {import("./types").History} */
    const page = await this.#connection.call("GET", path);
    // What follows a message that is still on its way is its answer, and has just come.
    const sent = page.messages.findIndex(({ id }) => this.#log.message(id)?.state);
    const past = sent < 0 ? page.messages.length : sent + 1;
    this.#panel.keepPlace(() => this.#log.restore(page.messages.slice(0, past)));
    this.#receive(page.messages.slice(past));
    this.#before = page.before;
    this.#panel.older.hidden = !page.before;
    this.#panel.welcome.hidden = !this.#log.empty;
    return page;
  }

  async #anew() {
    this.rest();
    this.#log.clear();
    await this.begin();
  }

  /** @param {boolean} away */
  #away(away) {
    this.#on.away(away);
    if (!away) this.voice.hurry();
  }

  /** @param {import("./types").Answer} answer */
  #answer({ id, messages }) {
    this.voice.busy(false);
    // The server's clock counts.
    this.#log.mark(id, undefined, messages[0] && { time: messages[0].time - 0.001 });
    this.#receive(messages);
  }

  /** @param {string} event its id @param {Message} message */
  #later(event, message) {
    this.#last = event;
    this.#receive([message]);
    if (message.custom?.notice === "person_left") this.askHow();
  }

  /** @param {Message[]} messages */
  #receive(messages) {
    const { near } = this.#panel;
    const fresh = messages.filter((message) => !this.#log.has(message.id));
    const [first] = fresh.map((message) => this.#log.add(message));
    if (!first) return;
    this.#panel.follow(near, first);
    for (const { id, from, text } of fresh) {
      this.#on.came();
      this.#on.event("message", { id, from, text });
    }
  }

  /** What another tab says. @param {any} data */
  #heard({ said, answer, event, message, another }) {
    if (said) this.voice.show(said);
    if (answer) this.#answer(answer);
    if (event) this.#later(event, message);
    if (another) void this.#anew();
  }
}
