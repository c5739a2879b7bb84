// Stands for the files in `words/`, one a language; the server puts them in this place.

/** @type {Record<string, Record<string, any>>} */
export const PACKS = {};
