// Stands for where the chat is; the server puts the address and its hash in this place.

/** `chat` is relative to the server's root, `integrity` as in the attribute of that name. */
export const FILES = { chat: "", integrity: "" };
