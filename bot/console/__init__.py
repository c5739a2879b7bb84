"""The staff's console: an aiohttp application of server-rendered pages with small scripts.

`application.application(settings, engine)` makes it; `server.serve` and `server.InThread` run it.

A group of pages is a module in `pages/` that stands in `pages.PAGES`:

    NAVIGATION = (Entry("audit", "/audit", "audit.read", order=410, key="l"),)

    def routes() -> list[web.RouteDef]:
        return [web.get("/audit", show), web.post("/audit/notes", add_note)]

    @needs("audit.read")                          # one of access.PERMISSIONS, or SIGNED_IN …
    async def show(request: web.Request) -> web.Response:
        rows = await asyncio.to_thread(read, engine(request))       # blocking work in a thread
        return render(request, "audit/list.html", rows=rows)

    @needs("audit.read")
    async def add_note(request: web.Request) -> web.Response:
        form = await request.post()                       # its CSRF token was checked already
        await asyncio.to_thread(log, request, "audit.note", "entry:7", length=12)
        return redirect(request, "/audit", notice="saved")          # says the word "notice.saved"

- `access`: the one table of roles and permissions. A route without `@needs(…)` is an error at
  start; strangers are sent to `/sign-in`, a role without the permission gets 403, a POST without
  its CSRF token (field `csrf`, or header `X-CSRF-Token`) 403.
- `visit`: `visit(request)` (`.t` words, `.may(permission)`, `.language`, `.csrf`, `.address`),
  `person(request)`, `engine(request)`; `log(request, action, subject, **detail)` and
  `entry(request, …)` (for `bot.store.audit.append` within a transaction) write the audit log.
  Reading a transcript is logged: action `transcript.read`, subject `conversation:<number>`.
  No viewer's id is in it, nor on any page before it is revealed: pages name records by number
  (`records.named`).
- `rendering`: `render`, `redirect(…, notice=)`, `local(path)` (only a path of ours), `link(path,
  **query)`. A wrong request raises `web.HTTPNotFound`, `HTTPBadRequest` …: they become pages, or
  `{"error": {"status", "message", "id"}}` for a script that accepts JSON.
- Templates extend `base.html` (blocks `title`, `heading`, `crumbs`, `lead`, `actions`, `main`;
  `head` and `scripts` for files of their own by `static(name)`) and use the macros of `ui.html`
  as `ui.…`: icon, badge, time, field, text_area, select, check, post_button, filters, table,
  pages, card, chart, stat, tabs, empty, alert, dialog. Own macros that need `t` or `csrf()`:
  import them `with context`.
- No inline script, style or handler anywhere: the policy is `default-src 'none'; script-src
  'self'; style-src 'self'; img-src 'self' data: …`. SVG drawn in a template uses attributes and
  classes; `--chart-1` … `--chart-6` are its colours. Scripts never make HTML of text.
- Words: `words/en.json`, `words/zh.json`, and a group's own `words/<group>.en.json` and
  `.zh.json`; in templates `t("group.what", name=…)`; with `n` the forms `.one` and `.other`. A
  place of the navigation needs `nav.<name>`, a notice `notice.<name>`.
- Keys: a list is `data-list` with rows `data-row` (j, k, Enter), the search field `data-search`
  (/), whatever has `data-key="a"` is pressed by `a`, first within the current row; `data-up`
  leads to the list (u); `?` shows them all (their words: `data-key-words`, `aria-label` or text).
- Live: `async with live.stream(request) as events: async for _ in events.ticks(1.0): await
  events.send("name", data, id=…)`, then `return events.response`; paths below `/live/` do not
  count as a sign of life of the session. `live.count(name, permission, number)` with
  `Entry(count=name)` shows a number in the navigation. In scripts: `import { listen, post,
  announce } from "./live.js"`.
- Tests: `tests/console/served.py` (`running`, `Console.client(role)`, `Console.context(browser,
  role)`) and the fixtures `console`, `own_console` (both databases), `full` (something on every
  page) and `browser`. Every route is tried with every role and every page is looked at by itself;
  what a new page shows is put into `tests/console/full_desk.py`.
"""
