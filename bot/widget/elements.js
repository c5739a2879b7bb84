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
  up: "M7 11v8H4v-8zl4-7c2 0 2.5 1 2 3l-.5 2.5H18a2 2 0 0 1 2 2.5l-1.5 5.5a2 2 0 0 1-2 1.5H7",
};

/**
 * An element, of a tag with classes ("p.soft"), attributes and children, where `on…` are listeners,
 * and false, null and undefined are left out.
 * @template {string} S
 * @param {S} kind
 * @param {...(Node | string | Record<string, any> | false | null | undefined)} parts
 * @returns {import("./types").Made<S>}
 */
export function make(kind, ...parts) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const part of parts) {
    if (part instanceof Node || typeof part === "string") element.append(part);
    else
      for (const [name, value] of Object.entries(part || {})) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
      }
  }
  return /** @type {any} */ (element);
}

/**
 * A button of these classes; the rest is as for `make`.
 * @param {string} classes
 * @param {(event: Event) => void} act
 * @param {...(Node | string | Record<string, any> | false | null | undefined)} parts
 * @returns {HTMLButtonElement}
 */
export const button = (classes, act, ...parts) =>
  make(/** @type {"button"} */ (`button.${classes}`), { type: "button", onclick: act }, ...parts);

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

/** What an element is called, for those who hear it and those who point at it. @param {HTMLElement} element @param {string} name */
export function call(element, name) {
  element.ariaLabel = name;
  element.title = name;
}

/** How to scroll: smoothly, unless the viewer wants no motion. @returns {ScrollBehavior} */
export function motion() {
  return matchMedia("(prefers-reduced-motion:reduce)").matches ? "instant" : "smooth";
}
