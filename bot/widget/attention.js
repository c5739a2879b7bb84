// What tells a viewer who is not looking: the count of unread messages, the title, a sound.

import { recall, remember } from "./memory.js";
import { say } from "./words.js";

export class Attention {
  #host;
  #title = "";
  #blinking = 0;
  /** @type {AudioContext | undefined} */
  #audio;

  /** @param {HTMLElement & { unread: number }} host */
  constructor(host) {
    this.#host = host;
  }

  get unread() {
    return Number(recall("unread")) || 0;
  }

  /** @param {number} count */
  set unread(count) {
    remember("unread", count || null);
    this.#host.unread = count;
    this.#host.dispatchEvent(new CustomEvent("unread", { detail: { count } }));
    if (!count) this.#calm();
  }

  /** A message came. @param {boolean} seen whether the viewer is looking at it */
  came(seen) {
    if (!seen) this.unread += 1;
    if (!seen || document.hidden) {
      if (this.#host.hasAttribute("blink")) this.#blink();
      if (this.#host.hasAttribute("sound")) this.#ring();
    }
  }

  #blink() {
    if (this.#blinking) return;
    this.#title = document.title;
    const turn = () => {
      document.title = document.title === this.#title ? say("unread", { n: this.unread || 1 }) : this.#title;
    };
    turn();
    // One change is enough for those who want no motion.
    this.#blinking = setInterval(() => matchMedia("(prefers-reduced-motion:reduce)").matches || turn(), 1000);
    document.addEventListener("visibilitychange", () => this.#calm(), { once: true });
  }

  #calm() {
    if (!this.#blinking) return;
    clearInterval(this.#blinking);
    this.#blinking = 0;
    document.title = this.#title;
  }

  /** Two soft notes; browsers allow them once the viewer has touched the page. */
  #ring() {
    this.#audio ??= new AudioContext();
    const now = this.#audio.currentTime;
    for (const [start, pitch] of [[0, 660], [0.12, 880]]) {
      const tone = this.#audio.createOscillator();
      const volume = this.#audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, now + start);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + start + 0.35);
      tone.connect(volume).connect(this.#audio.destination);
      tone.start(now + start);
      tone.stop(now + start + 0.4);
    }
  }
}
