/** Types of the widget for pages that embed it; docs/widget.md describes it. */

export interface UsherUser {
  /** The user's id on the site. */
  user: string;
  /** HMAC-SHA256 of the id with USHER_IDENTIFY_SECRET, in hexadecimal digits, made on the site's server. */
  signature: string;
}

export interface UsherSettings extends Partial<UsherUser> {
  lang?: "auto" | "conversation" | (string & {});
  theme?: "light" | "dark" | null;
  mode?: "page" | null;
  side?: "start" | null;
  name?: string;
  greeting?: string;
  prompts?: string[] | string;
  consent?: string;
  sound?: boolean;
  blink?: boolean;
}

export interface UsherEvents {
  ready: {};
  open: {};
  close: {};
  message: { id: string; from: "viewer" | "bot" | "agent" | "system"; text?: string };
  unread: { count: number };
  feedback:
    | { message: string; verdict: "up" | "down" | null; reason?: string | null; text?: string }
    | { score: number; text: string };
  error: { code: string; message: string; id?: string };
}

export interface Usher {
  (method: "boot" | "update", settings?: UsherSettings): Promise<void> | undefined;
  (method: "show" | "hide" | "shutdown"): Promise<void> | undefined;
  (method: "send", text: string): Promise<void> | undefined;
  (method: "identify", who: UsherUser): Promise<void> | undefined;
  <E extends keyof UsherEvents>(method: "on", event: E, listener: (detail: UsherEvents[E]) => void): () => void;
}

export interface UsherChatElement extends HTMLElement {
  readonly opened: boolean;
  show(): Promise<void>;
  hide(): Promise<void>;
  send(text: string): Promise<void>;
  identify(who: UsherUser): Promise<void>;
  shutdown(): Promise<void>;
}

declare global {
  interface Window {
    Usher: Usher;
  }
  interface HTMLElementTagNameMap {
    "usher-chat": UsherChatElement;
  }
}
