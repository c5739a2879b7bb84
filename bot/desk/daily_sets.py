"""Which different ones there were on each day: viewers, titles offered, unanswered questions, and
actions with the class of the time they took (`<action>|<bound in ms>`).

How many different ones a range of days had is no sum of its days, and adding up a row for every
title of every day takes longer than somebody waits for a page. So a day keeps them as two arrays
(`daily_sets`): numbers made of the names, rising, and how often each was there. Viewers' names are
not kept: a number does not lead back to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.desk.answer_times import bound_of
from bot.desk.scope import PARTS, Scope, sums_of, within
from bot.store.desk_schema import conversations, daily_sets, recommended_titles, turns

VIEWERS, TITLES, GISTS, ACTIONS = "viewer", "title", "gist", "action"
_GROUP = (conversations.c.language, conversations.c.channel, conversations.c.version)
_BYTES = 8
Part = tuple[str, ...]


def count_sets(connection: Connection, day: int) -> list[dict[str, Any]]:
    """The rows of `day`, from the conversations that began on it."""
    c = conversations.c
    talks = select(*_GROUP, c.viewer, func.count()).where(c.day == day, c.messages > 0)
    offers = select(*_GROUP, recommended_titles.c.title_id, func.count()).where(c.day == day)
    offers = offers.select_from(
        recommended_titles.join(conversations, recommended_titles.c.conversation == c.id)
    )
    lost = select(*_GROUP, turns.c.gist, func.count()).where(c.day == day, turns.c.gist.isnot(None))
    lost = lost.select_from(turns.join(conversations, turns.c.conversation == c.id))
    bound = bound_of(turns.c.milliseconds)
    timed = select(*_GROUP, turns.c.action, bound, func.count()).where(
        c.day == day, turns.c.action.isnot(None), turns.c.milliseconds.isnot(None)
    )
    timed = timed.select_from(turns.join(conversations, turns.c.conversation == c.id))
    rows = []
    for figure, query, named in (
        (VIEWERS, talks.group_by(*_GROUP, c.viewer), False),
        (TITLES, offers.group_by(*_GROUP, recommended_titles.c.title_id), True),
        (GISTS, lost.group_by(*_GROUP, turns.c.gist), True),
        (ACTIONS, timed.group_by(*_GROUP, turns.c.action, bound), True),
    ):
        for part, counts in _by_part(connection.execute(query)).items():
            key = dict(zip(PARTS, part, strict=True))
            rows.append({"figure": figure, "day": day, **key, **_packed(counts, named)})
    return rows


def _by_part(rows: Iterable[Any]) -> dict[Part, dict[str, int]]:
    found: dict[Part, dict[str, int]] = {}
    for *found_in, count in rows:
        group, names = found_in[: len(PARTS)], found_in[len(PARTS) :]
        label = "|".join(map(str, names))
        for part in sums_of(group):
            counts = found.setdefault(part, {})
            counts[label] = counts.get(label, 0) + count
    return found


def number_of(label: str) -> int:
    """The number that stands for a name: 64 bits, so that two names never share one."""
    digest = blake2b(label.encode("utf-8", "replace"), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)


def _packed(counts: Mapping[str, int], named: bool) -> dict[str, Any]:
    ordered = sorted((number_of(label), label, count) for label, count in counts.items())
    return {
        "numbers": np.array([number for number, _, _ in ordered], "<i8").tobytes(),
        "counts": np.array([count for _, _, count in ordered], "<i4").tobytes(),
        # A name has no line of its own to break: it is one of ours, or words with blanks between.
        "labels": "\n".join(label.replace("\n", " ") for _, label, _ in ordered) if named else "",
    }


@dataclass(frozen=True)
class Different:
    """How many different ones there were in all, and by day."""

    all: int = 0
    by_day: Mapping[int, int] = field(default_factory=dict)


def different(
    connection: Connection, scope: Scope, figure: str, by: str = ""
) -> dict[str, Different]:
    """How many different viewers or titles there were.

    Args:
        connection: to read with.
        scope: which days and parts.
        figure: `VIEWERS` or `TITLES`.
        by: one of `PARTS` whose values are told apart; without, all is under "".
    """
    found: dict[str, dict[int, list[Any]]] = {} if by else {"": {}}
    for row in _sets(connection, scope, figure, by):
        days = found.setdefault(getattr(row, by) if by else "", {})
        days.setdefault(row.day, []).append(np.frombuffer(row.numbers, "<i8"))
    return {
        value: Different(
            _count([each for some in days.values() for each in some]),
            {day: _count(some) for day, some in days.items()},
        )
        for value, days in found.items()
    }


def most_frequent(
    connection: Connection, scope: Scope, figure: str, most: int
) -> tuple[list[tuple[str, int]], int]:
    """The most frequent of a figure with how often they were there, and how many different ones
    there were; not for viewers, who have no names here."""
    rows, numbers, sums = _added_up(connection, scope, figure)
    # Of those that are as frequent, the numbers decide: it is the same choice each time.
    first = np.lexsort((numbers, -sums))[:most]
    wanted = {int(numbers[place]): int(sums[place]) for place in first}
    names = _names(connection, rows, figure, wanted)
    ranked = [(names[each], count) for each, count in wanted.items()]
    return sorted(ranked, key=lambda each: (-each[1], each[0])), len(numbers)


def every(connection: Connection, scope: Scope, figure: str) -> list[tuple[str, int]]:
    """All of a figure that has few of them, with how often they were there."""
    rows, numbers, sums = _added_up(connection, scope, figure)
    names = _names(connection, rows, figure, map(int, numbers))
    return [(names[int(each)], int(count)) for each, count in zip(numbers, sums, strict=True)]


def _added_up(connection: Connection, scope: Scope, figure: str) -> tuple[list[Any], Any, Any]:
    """The rows of all days, and the numbers in them with their sums."""
    rows = list(_sets(connection, scope, figure))
    if not rows:
        return [], np.empty(0, "<i8"), np.empty(0, "<i8")
    found = np.concatenate([np.frombuffer(row.numbers, "<i8") for row in rows])
    often = np.concatenate([np.frombuffer(row.counts, "<i4") for row in rows])
    numbers, places = np.unique(found, return_inverse=True)
    return rows, numbers, np.bincount(places, often).astype(int)


def _names(
    connection: Connection, rows: list[Any], figure: str, wanted: Iterable[int]
) -> dict[int, str]:
    """What the numbers stand for, from a day on which each was there."""
    left = np.array(sorted(wanted), "<i8")
    found: dict[int, str] = {}
    for row in rows:
        numbers = np.frombuffer(row.numbers, "<i8")
        places = np.searchsorted(numbers, left)
        here = (places < len(numbers)) & (numbers[np.minimum(places, len(numbers) - 1)] == left)
        if not here.any():
            continue
        key = [daily_sets.c[name] == getattr(row, name) for name in ("day", *PARTS)]
        query = select(daily_sets.c.labels).where(daily_sets.c.figure == figure, *key)
        lines = connection.execute(query).scalar_one().split("\n")
        found.update((int(n), lines[at]) for n, at in zip(left[here], places[here], strict=True))
        left = left[~here]
    return found


def _sets(connection: Connection, scope: Scope, figure: str, by: str = "") -> Iterable[Any]:
    s = daily_sets.c
    columns = [s[name] for name in ("day", *PARTS, "numbers", "counts")]
    return connection.execute(select(*columns).where(*within(daily_sets, scope, [figure], by)))


def _count(arrays: list[Any]) -> int:
    if len(arrays) == 1:
        return len(arrays[0])  # no number is twice in one
    return int(np.unique(np.concatenate(arrays)).size) if arrays else 0
