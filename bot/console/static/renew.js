// A part of a page of ours as the server draws it now. HTML is made of text here and nowhere else: the
// pages' policy names this one maker (trusted types), and a browser refuses every other.

const pages = globalThis.trustedTypes?.createPolicy("usher-pages", { createHTML: text => text });

// The element that `selector` finds in the page at `address`; null when the page cannot be had.
export async function drawnAnew(selector, address = location.pathname + location.search) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  const text = await answer.text();
  return new DOMParser().parseFromString(pages?.createHTML(text) ?? text, "text/html").querySelector(selector);
}
