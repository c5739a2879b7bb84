"""Pages out of templates: `render`, `redirect`, and what every template may use."""

from __future__ import annotations

import datetime
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console import navigation
from bot.console.static import address
from bot.console.visit import CONFIGURATION, visit
from bot.console.words import LANGUAGES, NAMES, TAGS, Words, called

FOLDER = Path(__file__).resolve().parent / "templates"
NOTICE_COOKIE = "usher-notice"


def render(
    request: web.Request, template: str, *, status: int = 200, **context: Any
) -> web.Response:
    """The page that `template` makes of `context`.

    Every template knows `t` (words), `visit`, `may(permission)`, `csrf()` (a form's hidden field),
    `static(name)`, `link(path, **query)`, `path`, `here(**query)` and the filters `when`, `iso` and
    `number`; the macros of `ui.html` are imported by itself.
    """
    asking = visit(request)
    notice = request.cookies.get(NOTICE_COOKIE, "")
    page = environment().get_template(template)
    html = page.render(
        t=asking.t,
        visit=asking,
        may=asking.may,
        path=request.path,
        query=request.query,
        navigation=navigation.of(asking),
        notice=asking.t.get(f"notice.{notice}", " ") if notice else "",
        **context,
    )
    response = web.Response(text=html, status=status, content_type="text/html")
    if notice:
        response.del_cookie(NOTICE_COOKIE, path="/")
    return response


def redirect(request: web.Request, path: str, notice: str = "") -> web.Response:
    """Go on to `path` (303) and say the word `notice.<notice>` there."""
    response = web.Response(status=303, headers={"Location": path})
    if notice:
        secure = request.app[CONFIGURATION].console_url.startswith("https:")
        response.set_cookie(
            NOTICE_COOKIE,
            notice,
            max_age=60,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=secure,
        )
    return response


def local(path: str | None, default: str = "/") -> str:
    """`path` when it leads to a page of ours, else `default`: no open redirect."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return default
    if any(ord(character) < 0x21 for character in path):
        return default
    return path


def link(path: str, **query: Any) -> str:
    """`path` with the parameters that are not None or empty."""
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja's, made once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "static": address,
        "link": link,
        "called": called,
        "languages": [(code, NAMES[code]) for code in LANGUAGES],
        "tags": TAGS,
        "csrf": _csrf,
        "here": _here,
    }
    made.filters |= {"iso": _iso, "when": _when, "number": "{:,}".format, "json": _json}
    made.filters |= {"desk_word": _desk_word, "pseudonym": pseudonym}
    return made


@pass_context
def _csrf(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["visit"].csrf)


@pass_context
def _here(context: Context, **query: Any) -> str:
    """This page's address with parameters changed."""
    return link(context["path"], **{**context["query"], **query})


def _desk_word(value: Any, t: Words, group: str) -> tuple[str, str]:
    """A value and its word, for a list of options."""
    return str(value), called(t, group, str(value))


def pseudonym(viewer: str) -> str:
    """What a viewer is called where their id is nobody's business."""
    return hashlib.blake2b(viewer.encode(), digest_size=3).hexdigest()


def _iso(at: float) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat(timespec="seconds")


def _when(at: float) -> str:
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
