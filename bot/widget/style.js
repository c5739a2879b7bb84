// Stands for the style sheet of the script that imports it; the server puts its text in this place.

export const STYLE = "";
