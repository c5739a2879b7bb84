"""Fills a database in bulk: events, and of them rows as the projector makes them, many times over.

Some thousand conversations are made and projected by the projector's own functions; the rest are
copies of their events and rows under other ids, viewers and times. Some viewers come back, some
press a thumb or give a score, a few wait for a person or are flagged by the staff.
"""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Engine

from benchmarks.console.made import conversation
from bot.desk.daily import count_day, days_of, keep_day
from bot.desk.projector import POSITION
from bot.desk.reading import conversations
from bot.desk.rows import TABLES, rows_of
from bot.desk.scope import DAY
from bot.desk.turns import Stored
from bot.store.database import writing
from bot.store.metadata import METADATA

DAYS = 90
MADE = 3000
_VIEWERS = 40_000
_CHUNK = 2000
_STEP = 200  # ids of a conversation
_BESIDE = ("feedback", "satisfaction", "flags", "handoffs")
_WRITTEN = ("events", *TABLES, *_BESIDE)
Rows = dict[str, list[dict[str, Any]]]


def fill(engine: Engine, messages: int, seed: int = 1) -> dict[str, float]:
    """Fill `engine` with conversations of at least `messages` messages; counts and seconds."""
    began = time.monotonic()
    rng = Random(seed)
    patterns = [_Pattern.make(rng, engine.dialect.name) for _ in range(MADE)]
    projected = time.monotonic() - began
    count, said = 0, 0
    while said < messages:
        said += patterns[count % MADE].messages
        count += 1
    copies = _Copies(rng, time.time() - 3600, count)
    with writing(engine) as connection:
        raw: Any = connection.connection
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            raw.execute("PRAGMA defer_foreign_keys = ON")
        for start in range(0, count, _CHUNK):
            chunk: Rows = {name: [] for name in _WRITTEN}
            for number in range(start, min(start + _CHUNK, count)):
                copies.add(chunk, patterns[number % MADE], number)
            for name, rows in chunk.items():
                _write(raw, engine.dialect.name, name, rows)
        last = {"name": POSITION, "position": (count + 1) * _STEP}
        connection.execute(METADATA.tables["desk_progress"].insert(), last)
    counting = time.monotonic()
    with writing(engine) as connection:
        days = days_of(connection)
        for day in days:
            keep_day(connection, count_day(connection, day))
    counted = time.monotonic() - counting
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does in life
        else:
            connection.execute(text("ANALYZE"))
    engine.dispose()  # SQLite's last connection folds the write-ahead log into the file
    return {
        "conversations": count,
        "messages": said,
        "events": copies.events,
        "projected_per_second": round(MADE / projected),
        "seconds_to_count_a_day": round(counted / len(days), 3),
        "fill_seconds": round(time.monotonic() - began, 1),
    }


@dataclass(frozen=True)
class _Pattern:
    """A conversation at time 0 with ids from 0: its events (all but their times as JSON), its
    rows, and how many messages it has."""

    events: list[tuple[float, dict[str, Any], str]]
    rows: dict[str, list[dict[str, Any]]]
    messages: int

    @classmethod
    def make(cls, rng: Random, dialect: str) -> _Pattern:
        happened = conversation(rng, 0.0)
        stored = [
            Stored(
                number, number + 1, each["event"], each["timestamp"],
                (each.get("parse_data") or {}).get("language"), each.get("input_channel"), each,
            )
            for number, each in enumerate(happened)
        ]  # fmt: skip
        rows = rows_of("", conversations(stored), dialect)
        kept = [(each["timestamp"], *_as_row(each)) for each in happened]
        return cls(kept, rows, rows["conversations"][0]["messages"])


def _as_row(event: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What `events` keeps of an event, and its JSON without the time and the first bracket."""
    parsed = event.get("parse_data") or {}
    row = {
        "type_name": event["event"],
        "intent": (parsed.get("intent") or {}).get("name"),
        "action": event.get("name") if event["event"] == "action" else None,
        "language": parsed.get("language"),
        "channel": event.get("input_channel"),
    }
    rest = {name: value for name, value in event.items() if name != "timestamp"}
    return row, json.dumps(rest, ensure_ascii=False)[1:]


class _Copies:
    """Copies patterns to their places, viewer by viewer."""

    def __init__(self, rng: Random, now: float, count: int) -> None:
        self._rng, self._now, self._count = rng, now, count
        self._last_seq: Counter[str] = Counter()
        self._beside: Counter[str] = Counter()
        self.events = 0

    def add(self, chunk: Rows, pattern: _Pattern, number: int) -> None:
        """The conversation of that number, in the order of time."""
        at = self._now - (self._count - number) / self._count * DAYS * DAY
        viewer = f"viewer-{self._rng.randrange(_VIEWERS)}"
        first, seq = (number + 1) * _STEP, self._last_seq[viewer]
        self._last_seq[viewer] += len(pattern.events)
        self.events += len(pattern.events)
        chunk["events"] += [
            {
                **row,
                "id": first + place,
                "sender_id": viewer,
                "seq": seq + place + 1,
                "timestamp": at + after,
                "data": f'{{"timestamp": {at + after!r}, {rest}',
            }
            for place, (after, row, rest) in enumerate(pattern.events)
        ]
        moved = {
            name: [_moved(row, first, seq, at, viewer) for row in pattern.rows[name]]
            for name in TABLES
        }
        end = at + pattern.events[-1][0]
        for name, row in self._opinions(viewer, first, end):
            self._beside[name] += 1
            chunk[name].append({"id": self._beside[name], "viewer": viewer, **row})
            _think(moved, name, row)
        for name, rows in moved.items():
            chunk[name] += rows

    def _opinions(self, viewer: str, first: int, at: float) -> Iterator[tuple[str, dict[str, Any]]]:
        chance = self._rng.random
        if chance() < 0.1:
            verdict = "up" if chance() < 0.7 else "down"
            yield "feedback", {"message_id": f"b{first}", "verdict": verdict, "at": at}
        if chance() < 0.08:
            yield "satisfaction", {"score": self._rng.randint(1, 5), "at": at}
        if chance() < 0.01:
            reason = self._rng.choice(("wrong_answer", "not_understood"))
            flag = {"event": first + 3, "reason": reason, "note": "", "author": "1", "at": at}
            yield "flags", {**flag, "closed_at": at + 60 if chance() < 0.5 else None}
        if chance() < 0.005:
            yield "handoffs", {"reason": "asked", "at": at, "closed_at": at + 300}


def _think(moved: Rows, name: str, opinion: dict[str, Any]) -> None:
    """What the projector makes of an opinion."""
    conversation = moved["conversations"][0]
    marks = []
    if name == "feedback":
        conversation[f"thumbs_{opinion['verdict']}"] = 1
        marks = [("feedback", opinion["verdict"]), ("feedback", "any")]
    elif name == "satisfaction":
        conversation["rating"] = opinion["score"]
        marks = [("rating", str(opinion["score"]))]
    moved["conversation_marks"] += [
        {"kind": kind, "value": value, "conversation": conversation["id"]} for kind, value in marks
    ]


def _moved(row: dict[str, Any], first: int, seq: int, at: float, viewer: str) -> dict[str, Any]:
    made = dict(row)
    for key in ("id", "turn", "conversation"):
        if key in made:
            made[key] += first
    for key in ("seq", "first_seq", "last_seq"):
        if key in made:
            made[key] += seq
    for key in ("at", "started_at", "last_at"):
        if key in made:
            made[key] += at
    if "viewer" in made:
        made |= {"viewer": viewer, "day": int(at // DAY)}
    return made


def _write(raw: Any, dialect: str, name: str, rows: Iterable[dict[str, Any]]) -> None:
    columns = [column.name for column in METADATA.tables[name].columns]
    values = [[row.get(column) for column in columns] for row in rows]
    if not values:
        return
    if dialect == "sqlite":
        places = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", values)
        return
    lines = io.StringIO("".join("\t".join(map(_field, row)) + "\n" for row in values))
    with raw.cursor() as cursor:
        cursor.copy_expert(f"COPY {name} ({', '.join(columns)}) FROM STDIN", lines)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else repr(value)
