// Building pieces of the page from data. Text is only ever set as text: nothing is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";
const LINK = /https?:\/\/[^\s<>"'，。；：！？（）【】《》、]+/g;

/**
 * An element with attributes and children.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes `on…` are listeners, false and null are left out
 * @param {...(Node | string | null)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A drawn icon of 24 × 24 from one path. */
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** A text with its web addresses as links. */
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

/** `address` when it is one of the web; null for any other kind (javascript:, data:, …). */
export function webAddress(address) {
  try {
    const parsed = new URL(address);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}
