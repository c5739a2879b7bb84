// Stands for what the server knows of its own files; it puts the real addresses in this place.

/**
 * Addresses are relative to the server's root, `integrity` as in the attribute of that name.
 * @typedef {{ path: string, integrity: string, name?: string }} ServedFile
 * @type {{ chat: ServedFile, style: ServedFile, words: Record<string, ServedFile> }}
 */
export const FILES = {
  chat: { path: "widget/0/chat.js", integrity: "" },
  style: { path: "widget/0/chat.css", integrity: "" },
  words: { en: { path: "widget/0/en.json", integrity: "", name: "English" } },
};
