// Building pieces of the chat from data. Text is only ever set as text: nothing is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";
const LINK = /https?:\/\/[^\s<>"'，。；：！？（）【】《》、]+/g;

export const ICONS = {
  send: "M12 19V6M6 11.5l6-6 6 6",
  down: "M12 5v13M6 12.5l6 6 6-6",
  left: "M14.5 6 8.5 12l6 6",
  right: "M9.5 6l6 6-6 6",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  picture: "M5 5h14v14H5zM5 16l4.5-4.5 4 4 2.5-2.5 3 3M15.5 8.5h.01",
  up: "M7 11v8H4v-8zM7 11l4-7c1.6 0 2.4 1 2.1 2.5L12.5 9.5H18a1.8 1.8 0 0 1 1.7 2.2l-1.3 5.8A2 2 0 0 1 16.5 19H7",
};

/**
 * An element with attributes and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any> | null} [attributes] `on…` are listeners, false and null are left out
 * @param {...(Node | string | false | null | undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {Node[]} */ (children.filter(Boolean)));
  return element;
}

/**
 * A button; `attributes` as for `make`.
 * @param {string} name its class
 * @param {(event: Event) => void} act
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | false | null)} children
 */
export function button(name, act, attributes, ...children) {
  return make("button", { type: "button", class: name, onclick: act, ...attributes }, ...children);
}

/** A drawn icon. @param {keyof ICONS} name */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  line.setAttribute("d", ICONS[name]);
  drawing.append(line);
  return drawing;
}

/** A text with its web addresses as links. @param {string} text */
export function linked(text) {
  const pieces = document.createDocumentFragment();
  let position = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/, "");
    const safe = webAddress(address);
    if (!safe) continue;
    pieces.append(text.slice(position, match.index));
    pieces.append(make("a", { href: safe, target: "_blank", rel: "noopener noreferrer nofollow" }, address));
    position = match.index + address.length;
  }
  pieces.append(text.slice(position));
  return pieces;
}

/** `address` when it is one of the web; null for any other kind (javascript:, data:, …). @param {any} address */
export function webAddress(address) {
  try {
    const parsed = new URL(address);
    return /^https?:$/.test(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** How to scroll: smoothly, unless the viewer wants no motion. @returns {ScrollBehavior} */
export function motion() {
  return matchMedia("(prefers-reduced-motion:reduce)").matches ? "instant" : "smooth";
}
