// What the browser remembers, shared by its tabs, and how the tabs agree on who does what.

/** Storage may be forbidden: then everything lasts as long as the page. @type {Map<string, string>} */
const spare = new Map();

/** @param {string} name @returns {any} */
export function recall(name) {
  try {
    const kept = localStorage.getItem(`usher.${name}`);
    if (kept !== null) return kept;
  } catch {
    // Below.
  }
  return spare.get(name) ?? null;
}

/** @param {string} name @param {any} value null forgets it */
export function remember(name, value) {
  if (value === null) spare.delete(name);
  else spare.set(name, String(value));
  try {
    if (value === null) localStorage.removeItem(`usher.${name}`);
    else {
      localStorage.setItem(`usher.${name}`, String(value));
      spare.delete(name);
    }
  } catch {
    // Private windows and full disks: the map has it.
  }
}

/** What is remembered under names that begin so, in the order of the names. @param {string} prefix @returns {[string, any][]} */
export function recallAll(prefix) {
  const names = new Set(spare.keys());
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith("usher.")) names.add(name.slice(6));
  } catch {
    // Forbidden.
  }
  return [...names].filter((name) => name.startsWith(prefix)).sort().map((name) => [name, recall(name)]);
}

/** One tab at a time does this; without locks (a page without TLS) every tab does. @param {string} name @param {() => Promise<void>} work */
export const alone = (name, work) =>
  navigator.locks ? navigator.locks.request(`usher.${name}`, work) : work();

/** What tabs tell one another. */
export const tabs = new BroadcastChannel("usher");

export function newId() {
  // randomUUID is missing on pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} milliseconds */
export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The pause before another try: twice as long each time, by chance up to a half shorter. @param {number} attempt from 0 */
export const backoff = (attempt) => Math.min(30_000, 800 * 2 ** attempt) * (0.5 + Math.random() / 2);
