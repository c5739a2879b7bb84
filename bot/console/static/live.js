// Live pages: `listen` to a stream of events, `post` a change, `announce` to screen readers.

// handlers: event name → function of its data (and id). Returns what closes the stream. It opens only
// while the page is seen, and again by itself after a break.
export function listen(address, handlers) {
  let source = null;
  let last = "";
  function open() {
    if (source || document.hidden) return;
    const url = new URL(address, location.href);
    if (last) url.searchParams.set("after", last);
    source = new EventSource(url);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => {
        if (event.lastEventId) last = event.lastEventId;
        handle(JSON.parse(event.data), event.lastEventId);
      });
    }
    source.addEventListener("signed-out", () => location.reload());
  }
  function close() { source?.close(); source = null; }
  const seen = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", seen);
  addEventListener("pagehide", close);
  open();
  return () => { document.removeEventListener("visibilitychange", seen); close(); };
}

// POST `values` (an object or FormData) as a form; the answer's JSON. Throws an Error with a message for people.
// It is sent even if the page ends meanwhile.
export async function post(address, values = {}) {
  const body = values instanceof FormData ? new URLSearchParams(values) : new URLSearchParams(Object.entries(values));
  const response = await fetch(address, {
    method: "POST",
    keepalive: true,
    body,
    headers: { "Accept": "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content },
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const problem = new Error(answer.error?.message ?? `${response.status}`);
    problem.status = response.status;
    throw problem;
  }
  return answer;
}

export function announce(text) {
  const place = document.querySelector("[data-announce]");
  if (place) place.textContent = text;
}
