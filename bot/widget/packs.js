// Stands for the files in `words/`, one a language; the server puts them in this place.

/** What the words and sentences are called, the same in every language. @type {string[]} */
export const KEYS = [];

/** The words of each language, in the order of the keys. @type {Record<string, any[]>} */
export const PACKS = {};
