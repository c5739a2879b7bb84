"""The record that a request names by its number, such as `conversation=7` or `case=3`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.console.forms import number
from bot.console.visit import engine
from bot.desk.whose import KINDS, Whose, whose


async def named(request: web.Request, values: Mapping[str, Any], *kinds: str) -> Whose:
    """Whose the record is that `values` (a form or a query) name.

    Args:
        request: the request.
        values: hold the number under the kind of the record.
        kinds: which kinds it may be; by default any.

    Raises:
        web.HTTPNotFound: none is named, or it is not there.
    """
    kind = next((each for each in kinds or KINDS if each in values), "")
    known = number(values.get(kind), 1) if kind else None
    found = await asyncio.to_thread(whose, engine(request), kind, known) if known else None
    if found is None:
        raise web.HTTPNotFound
    return found
