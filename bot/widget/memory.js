// What the browser remembers, shared by its tabs, and how the tabs agree on who does what.

/** Storage may be forbidden: then everything lasts as long as the page. @type {Record<string, string>} */
let store;
try {
  store = localStorage;
} catch {
  store = {};
}
const MARK = "usher.";

/** @param {string} name @returns {any} a text; undefined when there is none */
export const recall = (name) => store[MARK + name];

/** @param {string} name @param {any} value null forgets it */
export function remember(name, value) {
  if (value === null) delete store[MARK + name];
  else store[MARK + name] = value;
}

/** What is remembered under names that begin so, in the order of the names. @param {string} prefix @returns {any[]} */
export const recallAll = (prefix) =>
  Object.keys(store).filter((name) => name.startsWith(MARK + prefix)).sort().map((name) => store[name]);

/** One tab at a time does this; without locks (a page without TLS) every tab does. @param {string} name @param {() => Promise<void>} work */
export const alone = (name, work) =>
  navigator.locks ? navigator.locks.request(`usher.${name}`, work) : work();

/** What tabs tell one another. */
export const tabs = new BroadcastChannel("usher");

/** An id nobody else has; `randomUUID` is missing on pages without TLS. */
export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** @param {number} milliseconds */
export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The pause before another try: twice as long each time, by chance up to a half shorter. @param {number} attempt from 0 */
export const backoff = (attempt) => Math.min(30_000, 800 * 2 ** attempt) * (0.5 + Math.random() / 2);
