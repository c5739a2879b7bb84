"""Fills the desk's tables in bulk: rows as the projector makes them, many times over.

Some thousand conversations are made and projected by the projector's own functions; the rest are
copies of their rows under other ids, viewers and times. Events are stored of the newest ones only,
which is where transcripts and what a list shows of answers are read from.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Engine

from benchmarks.console.made import conversation
from bot.desk.daily import count_again, days_of
from bot.desk.reading import Stored, conversations
from bot.desk.rows import DAY, TABLES, rows_of
from bot.store.database import writing
from bot.store.metadata import METADATA
from bot.store.schema import events

DAYS = 90
MADE = 3000
WITH_EVENTS = 3000
_CHUNK = 2000
_STEP = 200  # ids of a conversation
Columns = dict[str, list[str]]


def fill(engine: Engine, messages: int, seed: int = 1) -> dict[str, float]:
    """Fill `engine` with conversations of at least `messages` messages; counts and seconds."""
    began = time.monotonic()
    rng = Random(seed)
    patterns = [_pattern(rng, engine.dialect.name) for _ in range(MADE)]
    projected = time.monotonic() - began
    lengths = [rows["conversations"][0]["messages"] for _, rows in patterns]
    count = 0
    said = 0
    while said < messages:
        said += lengths[count % MADE]
        count += 1
    now = time.time() - 3600
    names = {name: [c.name for c in METADATA.tables[name].columns] for name in (*TABLES, "events")}
    with writing(engine) as connection:
        raw: Any = connection.connection
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            raw.execute("PRAGMA defer_foreign_keys = ON")
        for start in range(0, count, _CHUNK):
            chunk: dict[str, list[list[Any]]] = {name: [] for name in names}
            for number in range(start, min(start + _CHUNK, count)):
                at = now - (count - number) / count * DAYS * DAY
                happened, rows = patterns[number % MADE]
                _copy(chunk, names, number, at, rows, rng)
                if number >= count - WITH_EVENTS:
                    chunk["events"] += _events(happened, number, at)
            for name in ("conversations", *TABLES[1:], "events"):
                _write(raw, engine.dialect.name, name, names[name], chunk[name])
    with writing(engine) as connection:
        for day in days_of(connection):
            count_again(connection, [day])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()  # SQLite's last connection folds the write-ahead log into the file
    return {
        "conversations": count,
        "messages": said,
        "projected_per_second": round(MADE / projected),
        "fill_seconds": round(time.monotonic() - began, 1),
    }


def _pattern(rng: Random, dialect: str) -> tuple[list[dict[str, Any]], dict[str, list[Any]]]:
    """A conversation at time 0 with ids from 0, and its rows."""
    happened = conversation(rng, 0.0)
    stored = [
        Stored(
            number, number + 1, each["event"], each["timestamp"],
            (each.get("parse_data") or {}).get("language"), each.get("input_channel"), each,
        )
        for number, each in enumerate(happened)
    ]  # fmt: skip
    return happened, rows_of("", conversations(stored), dialect)


def _copy(
    chunk: dict[str, list[list[Any]]],
    names: Columns,
    number: int,
    at: float,
    rows: dict[str, list[Any]],
    rng: Random,
) -> None:
    first = (number + 1) * _STEP
    for row in rows["conversations"]:
        moved = {
            "id": first,
            "viewer": f"viewer-{number * 7 % 60_000}-{number // 60_000}",
            "day": int(at // DAY),
            "started_at": at,
            "last_at": at + row["last_at"],
        }
        chunk["conversations"].append([{**row, **moved}[name] for name in names["conversations"]])
    for name in TABLES[1:]:
        for row in rows[name]:
            moved = dict(row)
            for key in ("id", "turn", "conversation"):
                if key in moved:
                    moved[key] = first + moved[key]
            if "at" in moved:
                moved["at"] += at
            chunk[name].append([moved[key] for key in names[name]])


def _events(happened: Sequence[dict[str, Any]], number: int, at: float) -> Iterator[list[Any]]:
    viewer = f"viewer-{number * 7 % 60_000}-{number // 60_000}"
    for place, each in enumerate(happened):
        moved = {**each, "timestamp": each["timestamp"] + at}
        parsed = each.get("parse_data") or {}
        row = {
            "id": (number + 1) * _STEP + place,
            "sender_id": viewer,
            "seq": place + 1,
            "type_name": each["event"],
            "timestamp": moved["timestamp"],
            "intent": (parsed.get("intent") or {}).get("name"),
            "action": each.get("name") if each["event"] == "action" else None,
            "language": parsed.get("language"),
            "channel": each.get("input_channel"),
            "data": json.dumps(moved, ensure_ascii=False),
        }
        yield [row[column.name] for column in events.columns]


def _write(raw: Any, dialect: str, name: str, columns: list[str], rows: Iterable[Any]) -> None:
    rows = list(rows)
    if not rows:
        return
    if dialect == "sqlite":
        places = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
        return
    lines = io.StringIO("".join("\t".join(map(_field, row)) + "\n" for row in rows))
    with raw.cursor() as cursor:
        cursor.copy_expert(f"COPY {name} ({', '.join(columns)}) FROM STDIN", lines)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else repr(value)
