"""What can be exported: a list of sources, each a stream of rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Select

from bot.store.answering_schema import notes
from bot.store.database import reading
from bot.store.judging_schema import decisions, flags
from bot.store.schema import cases, events, handoffs, ratings
from bot.store.teaching_schema import annotated, sentences

Row = dict[str, Any]
BATCH = 1_000
FORMATS = {"jsonl": "application/x-ndjson", "csv": "text/csv"}
# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Source:
    """Something that can be exported.

    Args:
        name: its words are `export.<name>` and `export.<name>.about`.
        columns: of each row, in order.
        batches: reads lists of rows between two times (seconds since 1970, None: open); it blocks,
            and raises `DatabaseUnavailable` when the database is away.
    """

    name: str
    columns: tuple[str, ...]
    batches: Callable[[Engine, float | None, float | None], Iterator[list[Row]]]


def by_key(
    query: Select,
    key: Column,
    at: Column,
    row: Callable[[Any], Row] = dict,
) -> Callable[[Engine, float | None, float | None], Iterator[list[Row]]]:
    """Reads `query` in batches by its key: no long transaction, whatever its length.

    Args:
        query: what to read; it selects `key`.
        key: a column that counts upwards.
        at: the column of the time, in seconds since 1970.
        row: makes what is exported of a row of the result (a mapping).
    """

    def batches(engine: Engine, since: float | None, until: float | None) -> Iterator[list[Row]]:
        wanted = query.order_by(key).limit(BATCH)
        if since is not None:
            wanted = wanted.where(at >= since)
        if until is not None:
            wanted = wanted.where(at < until)
        last: Any = None
        while True:
            after = wanted if last is None else wanted.where(key > last)
            with reading(engine) as connection:
                rows = connection.execute(after).mappings().all()
            if not rows:
                return
            last = rows[-1][key.name]
            yield [row(each) for each in rows]

    return batches


def _message(found: Any) -> Row:
    data = json.loads(found["data"])
    parsed = data.get("parse_data") or {}
    intent = parsed.get("intent") or {}
    user = found["type_name"] == "user"
    return {
        "id": found["id"],
        "conversation": found["sender_id"],
        "at": found["timestamp"],
        "from": "viewer" if user else "bot",
        "text": data.get("text"),
        "language": found["language"],
        "channel": found["channel"],
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "entities": [
            {name: each.get(name) for name in ("entity", "value", "start", "end")}
            for each in parsed.get("entities") or []
        ],
        "action": (data.get("metadata") or {}).get("utter_action"),
        "data": None if user else data.get("data"),
    }


def _plain(*columns: Column) -> Callable[[Any], Row]:
    return lambda found: {column.name: found[column.name] for column in columns}


_MESSAGE_COLUMNS = (
    *("id", "conversation", "at", "from", "text", "language", "channel"),
    *("intent", "confidence", "entities", "action", "data"),
)

SOURCES: tuple[Source, ...] = (
    Source(
        "messages",
        _MESSAGE_COLUMNS,
        by_key(
            select(
                events.c.id,
                events.c.sender_id,
                events.c.timestamp,
                events.c.type_name,
                events.c.language,
                events.c.channel,
                events.c.data,
            ).where(events.c.type_name.in_(("user", "bot"))),
            events.c.id,
            events.c.timestamp,
            _message,
        ),
    ),
    *(
        Source(
            table.name,
            tuple(column.name for column in table.c),
            by_key(select(table), table.c.id, table.c.at),
        )
        for table in (cases, handoffs, ratings, flags, decisions, sentences, annotated, notes)
    ),
)


def source(name: str) -> Source | None:
    """The source of this name."""
    return next((each for each in SOURCES if each.name == name), None)


def jsonl(rows: list[Row]) -> str:
    """Rows as JSON, one a line."""
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"
        for row in rows
    )


def csv_head(columns: tuple[str, ...]) -> str:
    """The first line of a CSV file, with the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + csv_lines(columns, [{column: column for column in columns}])


def csv_lines(columns: tuple[str, ...], rows: list[Row]) -> str:
    """Rows as CSV (RFC 4180); lists and objects as JSON; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
