// Times as the reader's clock and language show them: <time datetime data-time="full | day | ago">.

// The page's language, as the reader's region writes it.
const page = document.documentElement.lang;
const language = navigator.languages.find(each => each.split("-")[0] === page.split("-")[0]) ?? page;
const full = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function relative(at) {
  const seconds = (at - Date.now()) / 1000;
  if (Math.abs(seconds) > 7 * 86400) return day.format(at);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return ago.format(Math.trunc(seconds / length), unit);
  }
  return ago.format(0, "second");
}

export function localTimes(root) {
  for (const place of root.querySelectorAll("time[data-time]")) {
    const at = new Date(place.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    place.title = full.format(at);
    place.textContent = { day: day.format(at), ago: relative(at) }[place.dataset.time] ?? full.format(at);
  }
}

setInterval(() => localTimes(document), 30_000);
