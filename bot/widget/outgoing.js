// Messages on their way: kept until the server has them, sent one after the other, in order.
//
// The queue is in the browser's storage, so that it outlives the page; each message is an entry of
// its own, so that tabs do not overwrite each other's. One tab at a time sends.
// A message that is sent again has the same id, which the server answers once.

import { Refused } from "./connection.js";
import { alone, backoff, recallAll, remember, tabs, wait } from "./memory.js";
import { language } from "./words.js";

/** @typedef {import("./types").Outgoing} Outgoing */

const ENTRY = "out.";
// After so many vain tries the viewer is told; trying goes on.
const PATIENCE = 3;

/** @returns {Outgoing[]} */
export const waiting = () => recallAll(ENTRY).map((kept) => JSON.parse(kept));

/** @param {Outgoing} message */
const entry = ({ at, id }) => `${ENTRY}${at}.${id}`;

export class Sender {
  #connection;
  #on;
  #working = false;
  #hurry = () => {};

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {{ answer(answer: any): void, failed(id: string, reason?: string): void, busy(busy: boolean): void }} on
   */
  constructor(connection, on) {
    this.#connection = connection;
    this.#on = on;
    addEventListener("online", () => this.hurry());
  }

  /** @param {Outgoing} message */
  add(message) {
    remember(entry(message), JSON.stringify(message));
    void this.work();
  }

  /** Give a message up. @param {Outgoing} message */
  drop(message) {
    remember(entry(message), null);
  }

  /** Try at once what waits for its next try. */
  hurry() {
    this.#hurry();
    void this.work();
  }

  async work() {
    if (this.#working || !waiting().length) return;
    this.#working = true;
    await alone("send", async () => {
      for (let next, attempt = 0; (next = waiting()[0]); ) {
        try {
          this.#on.busy(true);
          const { id, text, label } = next;
          const metadata = { language: next.language ?? language(), label };
          const answer = await this.#connection.call("POST", "messages", { id, text, metadata });
          this.drop(next);
          this.#on.answer(answer);
          tabs.postMessage({ answer });
          attempt = 0;
        } catch (error) {
          this.#on.busy(false);
          const refused = error instanceof Refused ? error : null;
          if (refused && !refused.passing) {
            this.drop(next);
            this.#on.failed(next.id, refused.message);
            continue;
          }
          attempt += 1;
          if (attempt >= PATIENCE) for (const each of waiting()) this.#on.failed(each.id);
          await Promise.race([
            wait(Math.max(refused?.wait ?? 0, backoff(attempt - 1))),
            new Promise((now) => (this.#hurry = () => now(0))),
          ]);
        }
      }
      this.#on.busy(false);
    });
    this.#working = false;
    // One may have come after the last look.
    void this.work();
  }
}
