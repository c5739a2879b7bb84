"""Who is asking: the state that the middleware gives every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.console.access import allowed
from bot.console.keys import Keys
from bot.console.words import Words
from bot.settings import Settings
from bot.store import audit
from bot.store.staff import Person
from bot.store.staff_sessions import Session, Sessions

CONFIGURATION: web.AppKey[Settings] = web.AppKey("configuration", Settings)
ENGINE: web.AppKey[Engine] = web.AppKey("engine", Engine)
KEYS: web.AppKey[Keys] = web.AppKey("keys", Keys)
SESSIONS: web.AppKey[Sessions] = web.AppKey("sessions", Sessions)


@dataclass
class Visit:
    """One request's visitor.

    `token` is the session's, or for a stranger that of the visit; the CSRF token goes with it.
    `session` and `person` are None for a stranger.
    """

    token: str
    csrf: str
    address: str
    t: Words
    theme: str
    session: Session | None = None
    person: Person | None = None

    @property
    def language(self) -> str:
        """Of the page."""
        return self.t.language

    def may(self, permission: str) -> bool:
        """Whether the visitor has a permission."""
        return self.person is not None and allowed(self.person.role, permission)


def visit(request: web.Request) -> Visit:
    """Who is asking."""
    found: Visit = request["visit"]
    return found


def person(request: web.Request) -> Person:
    """Who of the staff is asking.

    Raises:
        LookupError: a stranger; routes that need a permission have none.
    """
    found = visit(request).person
    if found is None:
        raise LookupError("a stranger")
    return found


def engine(request: web.Request) -> Engine:
    """The database."""
    return request.app[ENGINE]


def entry(request: web.Request, action: str, subject: str = "", **detail: Any) -> dict[str, Any]:
    """The arguments of an audit log's entry, for `audit.append` or `audit.record`."""
    asking = visit(request)
    return {
        "who": asking.person.email if asking.person else "",
        "person": asking.person.id if asking.person else None,
        "action": action,
        "subject": subject,
        "detail": detail,
        "address": asking.address,
    }


def log(request: web.Request, action: str, subject: str = "", **detail: Any) -> None:
    """Write to the audit log. It blocks: call it in a thread.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    audit.record(engine(request), **entry(request, action, subject, **detail))
