// The web channel's protocol, as docs/web-channel.md describes it.

import { alone, backoff, recall, remember, wait } from "./memory.js";

const TOKEN = "token";

/** A request that the server refused; `code` is for programs, the message for people. */
export class Refused extends Error {
  wait = 0;

  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 429 || this.status === 409 || this.status >= 500;
  }
}

/** Whether the token is no longer good. @param {any} error */
const isStale = (error) => error.status === 401;

export class Connection {
  /** Longest message in characters, largest picture in bytes; the server says. */
  limit = 4000;
  uploads = 8e6;
  #base;
  /** @type {Promise<void> | null} */
  #opening = null;
  #ended = new AbortController();

  /** @param {URL} base the server's root */
  constructor(base) {
    this.#base = new URL("webhooks/web/", base);
  }

  /** Get a token, or renew the one there is. Rejects when the server can't be reached. */
  open() {
    this.#opening ??= Promise.resolve(alone("session", () => this.#open())).finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open() {
    try {
      this.#take(await this.#json("POST", "session"));
    } catch (error) {
      if (!isStale(error)) throw error;
      remember(TOKEN, null);
      this.#take(await this.#json("POST", "session"));
    }
  }

  /** @param {{ token: string, message_limit: number, upload_limit: number }} session */
  #take(session) {
    remember(TOKEN, session.token);
    this.limit = session.message_limit;
    this.uploads = session.upload_limit;
  }

  /** Become a viewer whom the page around knows. @param {{ user: string, signature: string }} who */
  async identify({ user, signature }) {
    this.#take(await this.call("POST", "identify", { user, signature }));
  }

  /**
   * A request with the viewer's token, and its JSON.
   * @param {string} method @param {string} path @param {any} [body] @returns {Promise<any>}
   */
  async call(method, path, body) {
    if (!recall(TOKEN)) await this.open();
    try {
      return await this.#json(method, path, body);
    } catch (error) {
      if (!isStale(error)) throw error;
      await this.open();
      return this.#json(method, path, body);
    }
  }

  /** A picture of this viewer's. @param {string} name */
  async picture(name) {
    return (await this.#fetch("GET", `uploads/${name}`)).blob();
  }

  /**
   * Listen for messages that come later, until the connection is closed.
   * @param {() => string} last the id of the last event received
   * @param {(id: string, message: any) => void} onMessage
   * @param {(connected: boolean) => void} onState
   */
  async listen(last, onMessage, onState) {
    for (let attempt = 0; !this.#ended.signal.aborted; attempt += 1) {
      let pause = 0;
      try {
        const response = await this.#fetch("GET", "events", undefined, { "Last-Event-ID": last() });
        attempt = 0;
        onState(true);
        await readEvents(/** @type {ReadableStream} */ (response.body), onMessage);
      } catch (error) {
        if (error instanceof Refused) {
          pause = error.wait;
          if (isStale(error)) await this.open().catch(() => {});
        } else onState(false);
      }
      await Promise.race([
        wait(Math.max(pause, backoff(attempt))),
        new Promise((back) => addEventListener("online", back, { once: true })),
      ]);
    }
  }

  /** End the stream. */
  close() {
    this.#ended.abort();
    this.#ended = new AbortController();
  }

  get signal() {
    return this.#ended.signal;
  }

  /** @param {string} method @param {string} path @param {any} [body] */
  async #json(method, path, body) {
    const response = await this.#fetch(method, path, body);
    return response.status === 204 ? null : response.json();
  }

  /** @param {string} method @param {string} path @param {any} [body] @param {Record<string, string>} [headers] */
  async #fetch(method, path, body, headers = {}) {
    const token = recall(TOKEN);
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = body instanceof Blob ? body.type : "application/json";
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers,
      body: body instanceof Blob ? body : body && JSON.stringify(body),
      cache: path.startsWith("uploads/") ? "default" : "no-store",
      signal: path === "events" ? this.#ended.signal : null,
    });
    if (response.ok) return response;
    // A proxy in between answers in its own words.
    const { code = "unknown", message = "" } = (await response.json().catch(() => ({}))).error ?? {};
    const refused = new Refused(response.status, code, message);
    refused.wait = Math.min(1000 * (Number(response.headers.get("Retry-After")) || 0), 30_000);
    throw refused;
  }
}

/** @param {ReadableStream} body @param {(id: string, message: any) => void} onMessage */
async function readEvents(body, onMessage) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = /** @type {string} */ (blocks.pop());
    for (const block of blocks) {
      const [, id, data] = block.match(/^id: (.+)$[^]*^data: (.+)$/m) ?? [];
      if (data) onMessage(id, JSON.parse(data));
    }
  }
}
