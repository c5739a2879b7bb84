// The web channel's protocol, as docs/web-channel.md describes it.

const BASE = new URL("webhooks/web/", document.baseURI);
const TOKEN = "usher.token";
const ATTEMPTS = 3;
const LONGEST_WAIT = 30_000;

/** A request that the server refused; `code` is for programs, the message for people. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Storage that may be forbidden by the browser: then everything lasts as long as the page. */
const kept = new Map();
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(name) ?? kept.get(name) ?? null;
    } catch {
      return kept.get(name) ?? null;
    }
  },
  set(name, value) {
    kept.set(name, value);
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // Private windows and full disks: the map has it.
    }
  },
};

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // randomUUID is missing on pages without TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Connection {
  /** Longest message, in characters; the server says. */
  limit = 4000;
  #token = memory.get(TOKEN);
  #opening = null;

  /** Get a token, or renew the one there is. Rejects when the server can't be reached. */
  async open() {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open() {
    let session;
    try {
      session = await this.#request("POST", "session");
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      this.#token = null;
      session = await this.#request("POST", "session");
    }
    this.#token = session.token;
    memory.set(TOKEN, session.token);
    this.limit = session.message_limit ?? this.limit;
  }

  /**
   * Send a message; its id makes sure that it is answered once, however often it is sent.
   * @returns {Promise<{id: string, messages: object[], failure?: string}>}
   */
  async send(message) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#authorised("POST", "messages", message);
      } catch (error) {
        const again =
          !(error instanceof Refused) || error.status === 429 || error.status === 409 || error.status >= 500;
        if (!again || attempt >= ATTEMPTS) throw error;
        await wait(error.retryAfter ?? 700 * attempt ** 2);
      }
    }
  }

  /** A page of the conversation, oldest first. */
  async history(before) {
    return this.#authorised("GET", before ? `history?before=${before}` : "history");
  }

  /**
   * Listen for messages that come later, for ever.
   * @param {() => string} last the id of the last event received
   * @param {(id: string, message: object) => void} onMessage
   * @param {(connected: boolean) => void} onState
   */
  async listen(last, onMessage, onState) {
    let delay = 1000;
    for (;;) {
      try {
        const response = await fetch(new URL("events", BASE), {
          headers: { ...this.#headers(), "Last-Event-ID": last() },
          cache: "no-store",
        });
        if (response.status === 401) await this.open();
        if (!response.ok) throw await refusal(response);
        delay = 1000;
        onState(true);
        await readEvents(response.body, onMessage);
      } catch (error) {
        onState(error instanceof Refused);
        delay = Math.max(delay, error.retryAfter ?? 0);
      }
      await wait(delay * (0.7 + 0.6 * Math.random()));
      delay = Math.min(delay * 2, LONGEST_WAIT);
    }
  }

  async #authorised(method, path, body) {
    if (!this.#token) await this.open();
    try {
      return await this.#request(method, path, body);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      await this.open();
      return this.#request(method, path, body);
    }
  }

  async #request(method, path, body) {
    const headers = this.#headers();
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(new URL(path, BASE), {
      method,
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
    });
    if (!response.ok) throw await refusal(response);
    return response.json();
  }

  #headers() {
    return this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
  }
}

async function refusal(response) {
  let known = {};
  try {
    known = (await response.json()).error ?? {};
  } catch {
    // A proxy in between answers in its own words.
  }
  const error = new Refused(response.status, known.code ?? "unknown", known.message ?? "");
  const after = Number(response.headers.get("Retry-After"));
  if (after > 0) error.retryAfter = Math.min(after * 1000, LONGEST_WAIT);
  return error;
}

async function readEvents(body, onMessage) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
      );
      if (fields.data) onMessage(fields.id, JSON.parse(fields.data));
    }
  }
}
