"""What both databases can hold: text without NUL and lone surrogates, JSON, seconds."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any


def text(value: str, limit: int | None = None) -> str:
    """`value` without what PostgreSQL or UTF-8 refuse, cut to `limit` characters."""
    if limit is not None:
        value = value[:limit]
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def dump(value: Any) -> str:
    """`value` as JSON, readable Chinese included."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        written.encode()
    except UnicodeEncodeError:  # lone surrogates have a JSON form, but no UTF-8 form
        return json.dumps(value, separators=(",", ":"))
    return written


def seconds(at: datetime | float | None) -> float:
    """Seconds since 1970; now when None."""
    if at is None:
        return time.time()
    return at.timestamp() if isinstance(at, datetime) else float(at)
