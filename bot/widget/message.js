// One message as it stands in the conversation.

import { titleRow } from "./cards.js";
import { button, linked, make, webAddress } from "./elements.js";
import { satisfaction, thumbs } from "./opinion.js";
import { stars } from "./stars.js";
import { clock, languageOf, say } from "./words.js";

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Acts} Acts */

const STARS = /^★{1,5}$/;

/** @param {Message} message @param {Acts} acts */
export function draw(message, acts) {
  const { from, custom } = message;
  const notice = noticeText(message);
  if (notice) return make("div.message.notice", { "data-id": message.id }, make("span", notice));
  const mine = from === "viewer";
  const element = make(`div.message.${mine ? "mine" : "theirs"}.from-${from}`, { "data-id": message.id });
  const { name } = message.agent ?? {};
  if (from === "agent") element.append(make("div.who", make("span.face", { "aria-hidden": "true" }, [...(name || "★")][0]), name || say("someone")));
  else element.append(make("span.unseen", `${mine ? say("you") : "Usher"}: `));
  const picture = message.picture || message.file;
  if (picture) element.append(ownPicture(message, acts));
  else if (message.text) element.append(make("div.bubble", { lang: languageOf(message.text), dir: "auto" }, linked(message.text)));
  const image = webAddress(message.image);
  if (image) element.append(make("img.picture", { src: image, alt: say("picture"), loading: "lazy" }));
  if (custom?.type === "titles" && custom.cards?.length) element.append(titleRow(custom.cards, acts));
  if (custom?.type === "list" && Array.isArray(custom.items)) element.append(make("ul.bubble.list", ...custom.items.map((/** @type {any} */ item) => make("li", { dir: "auto" }, linked(String(item))))));
  if (custom?.type === "file") element.append(download(custom));
  if (custom?.type === "satisfaction") element.append(satisfaction(acts));
  if (message.buttons?.length) element.append(replies(message.buttons, message.text ?? "", acts));
  const foot = make("div.foot", make("span.state"));
  if (!mine && custom?.type !== "satisfaction") foot.append(thumbs(message, acts));
  element.append(foot);
  showState(element, message, acts);
  return element;
}

/** Say how a message fares, in place: nothing that stands there is read out again. @param {HTMLElement} element @param {Message} message @param {Acts} acts */
export function showState(element, message, acts) {
  const { state } = message;
  element.classList.toggle("pending", state === "pending");
  element.classList.toggle("failed", state === "failed");
  const at = message.time * 1000;
  element.querySelector(".state")?.replaceChildren(
    ...(state === "failed"
      ? [`${message.reason || say("failed")} `, button("plain", () => acts.retry(message.id), say("retry"))]
      : state === "pending"
        ? [say("pending")]
        : [make("time", { datetime: new Date(at).toISOString() }, clock(at))]),
  );
}

/** What is read out of a message. @param {Message} message */
export function spoken(message) {
  const notice = noticeText(message);
  if (notice) return notice;
  const { custom, buttons } = message;
  const names = (custom?.cards ?? custom?.items ?? []).map((/** @type {any} */ each) => each.title ?? each);
  const pieces = [message.text, custom?.cards && say("titles", { n: names.length }), ...names, custom?.type === "satisfaction" && say("satisfied")];
  for (const each of buttons ?? []) if (!STARS.test(each.title)) pieces.push(each.title);
  return `${message.agent?.name ?? "Usher"}: ${pieces.filter(Boolean).join(". ")}`;
}

/** @param {Message} message */
function noticeText({ from, custom }) {
  return from === "system" && custom?.type === "notice" && say(custom.notice, { name: custom.name || say("someone") });
}

/** @param {import("./types").Button[]} buttons @param {string} text what they answer @param {Acts} acts */
function replies(buttons, text, acts) {
  if (buttons.length > 1 && buttons.every((each) => STARS.test(each.title))) {
    const rising = [...buttons].sort((a, b) => a.title.length - b.title.length);
    const group = stars(rising.length, say("rate"), (count) => acts.choose(rising[count - 1], text));
    group.classList.add("replies");
    return group;
  }
  return make(
    "div.replies",
    { role: "group", "aria-label": say("replies") },
    ...buttons.map((each) => button("chip", () => acts.choose(each, text), each.title)),
  );
}

/** A picture that the viewer sent, drawn on a canvas: no address that a strict policy forbids. @param {Message} message @param {Acts} acts */
function ownPicture(message, acts) {
  const canvas = make("canvas.picture", { role: "img", "aria-label": say("picture"), width: 240, height: 160 });
  const load = async () => {
    const drawn = await createImageBitmap(message.file ?? (await acts.picture(/** @type {string} */ (message.picture))));
    const scale = Math.min(1, 640 / drawn.width, 640 / drawn.height);
    canvas.width = drawn.width * scale;
    canvas.height = drawn.height * scale;
    canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  };
  load().catch(() => canvas.replaceWith(make("p.gone", say("gone"))));
  return canvas;
}

/** @param {{ name?: string, text?: string }} file */
function download(file) {
  if (typeof file.text !== "string") return make("p.gone", say("gone"));
  const name = String(file.name || "usher.json");
  const { text } = file;
  return button("chip.file", () => save(new Blob([text]), name), say("download", { name }));
}

/** Hand a file to the viewer. @param {Blob} content @param {string} name */
export function save(content, name) {
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
