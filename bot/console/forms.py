"""Reads what people wrote into forms and addresses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def text(form: Mapping[str, Any], name: str, limit: int = 2_000) -> str:
    """What stands in a field, without space around it; "" when it is absent or a file."""
    value = form.get(name, "")
    return value.strip()[:limit] if isinstance(value, str) else ""


def number(value: Any, least: int = 0, most: int = 2**53) -> int | None:
    """A whole number within bounds; None when it is not one."""
    try:
        found = int(str(value), 10)
    except ValueError:
        return None
    return found if least <= found <= most and str(value).isascii() else None


def day(value: str | None, end: bool = False) -> float | None:
    """The beginning (or the end) of a day "2026-01-31" (UTC), in seconds since 1970."""
    try:
        found = datetime.date.fromisoformat(value or "")
        start = datetime.datetime.combine(found, datetime.time(), datetime.timezone.utc)
        return (start + datetime.timedelta(days=1 if end else 0)).timestamp()
    except (ValueError, OverflowError):
        return None


def number_in_path(request: web.Request, name: str) -> int:
    """The number that is part of the path.

    Raises:
        web.HTTPNotFound: it is none, or too large for the database.
    """
    found = number(request.match_info[name])
    if found is None:
        raise web.HTTPNotFound
    return found
