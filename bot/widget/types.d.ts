/** What the modules of the chat hand to one another. */

/** What a tag with classes stands for. */
export type Made<S extends string> = S extends `${infer T}.${string}` ? Made<T>
  : S extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[S] : HTMLElement;

export interface Button {
  title: string;
  payload: string;
}

export interface Card {
  id?: string;
  kind?: string;
  title?: string;
  other_title?: string;
  year?: number;
  genres?: string[];
  runtime?: string;
  people?: string[];
  synopsis?: string;
  score?: number;
  why?: string;
  poster?: string;
  buttons?: Button[];
}

/** How a message of this viewer fares until the server has it. */
export type State = "pending" | "failed";

/** A message as the server sends and remembers it; `time` is in seconds since 1970. */
export interface Message {
  id: string;
  from: "bot" | "viewer" | "agent" | "system";
  time: number;
  text?: string;
  buttons?: Button[];
  image?: string;
  picture?: string;
  custom?: any;
  agent?: { name?: string };
  verdict?: "up" | "down";
  /** Of a message of this viewer that is on its way. */
  state?: State;
  reason?: string;
  file?: Blob;
}

/** A message on its way; `text` is what the server gets, `label` what the viewer sees. */
export interface Outgoing {
  id: string;
  at: number;
  text: string;
  label?: string;
  picture?: string;
  /** In which a payload is answered, where it is not the chat's. */
  language?: string;
}

export interface Answer {
  id: string;
  messages: Message[];
  failure?: string;
}

export interface History {
  messages: Message[];
  before: number | null;
  last_event: string;
}

/** What the launcher may ask of the chat. */
export interface Controller {
  show(): void;
  hide(): void;
  send(text: string): void;
  identify(who: { user: string; signature: string }): Promise<void>;
  update(): void;
  forget(): Promise<void>;
  rest(): void;
}

/** What drawn messages may ask of the chat. */
export interface Acts {
  /** `beside` is the text that the button stands beside. */
  choose(button: Button, beside: string): void;
  judge(opinion: Opinion): Promise<boolean>;
  rate(score: number, text: string): Promise<boolean>;
  retry(id: string): void;
  picture(name: string): Promise<Blob>;
  head: number;
}

export interface Opinion {
  message: string;
  verdict: "up" | "down" | null;
  reason?: string | null;
  text?: string;
}
