"""Who may do what: the one table of roles and permissions, and the mark on each route."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from aiohttp import web

PERMISSIONS = (
    "conversations.list",
    "transcripts.read",
    "transcripts.reveal",
    "flags.write",
    "moderation.decide",
    "handoffs.answer",
    "teach.annotate",
    "teach.approve",
    "faq.edit",
    "dashboard.read",
    "export",
    "retention",
    "people.manage",
    "audit.read",
)

_READING = ("conversations.list", "transcripts.read", "dashboard.read")
ROLES: dict[str, frozenset[str]] = {
    "viewer": frozenset(_READING),
    "agent": frozenset((*_READING, "flags.write", "handoffs.answer")),
    "trainer": frozenset((*_READING, "flags.write", "teach.annotate", "faq.edit", "export")),
    "moderator": frozenset(
        (*_READING, "flags.write", "transcripts.reveal", "moderation.decide", "teach.approve")
    ),
    "admin": frozenset(PERMISSIONS),
}

# What a route may ask for beside a permission.
EVERYBODY = "everybody"  # strangers too
SIGNED_IN = "signed in"  # any role
HALF_SIGNED_IN = "half signed in"  # the second factor or the first own password is to come
_BEYOND = (EVERYBODY, SIGNED_IN, HALF_SIGNED_IN)

_Handler = TypeVar("_Handler", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[_Handler], _Handler]:
    """Mark a handler with the permission its routes need.

    Raises:
        ValueError: there is no such permission.
    """
    if permission not in PERMISSIONS and permission not in _BEYOND:
        raise ValueError(f"there is no permission {permission!r}")

    def mark(handler: _Handler) -> _Handler:
        handler.needs = permission  # type: ignore[attr-defined]
        return handler

    return mark


def needed(handler: Any) -> str | None:
    """What a handler was marked with; None when it was not."""
    return getattr(handler, "needs", None)


def allowed(role: str, permission: str) -> bool:
    """Whether a role has a permission; an unknown role has none."""
    return permission in ROLES.get(role, frozenset())


def check_every_route(routes: Iterable[web.AbstractRoute]) -> None:
    """Refuse to start with a route that nobody has thought about.

    Raises:
        RuntimeError: a route names no permission.
    """
    for route in routes:
        if needed(route.handler) is None:
            raise RuntimeError(f"{route.method} {route.resource} names no permission: see needs()")
