"""What can be exported, with what staff and viewers think of it beside it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.console.exports import Row, Source, by_key
from bot.desk.aside import text_of_staff
from bot.desk.neighbours import around
from bot.desk.transcript import message_id
from bot.store.answering_schema import notes
from bot.store.desk_schema import conversations
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.judging_schema import appeals, decisions, flags
from bot.store.schema import cases, events, handoffs, outbox, ratings
from bot.store.teaching_schema import annotated, sentences


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
        "message_id": message_id(data, found["timestamp"]),
        "flags": [],
        "feedback": None,
    }


def _judged(connection: Connection, rows: list[Row]) -> None:
    """Flags on messages, and viewers' verdicts on answers."""
    known = {row["id"]: row for row in rows}
    query = select(flags).where(flags.c.event.in_(known))
    for flag in connection.execute(query.order_by(flags.c.id)):
        said = {"reason": flag.reason, "note": flag.note, "author": flag.author, "at": flag.at}
        known[flag.event]["flags"].append({**said, "open": flag.closed_at is None})
    answers = {(row["conversation"], row["message_id"]): row for row in rows}
    query = select(feedback).where(feedback.c.viewer.in_({row["conversation"] for row in rows}))
    for each in connection.execute(query):
        row = answers.get((each.viewer, each.message_id))
        if row is not None:
            row["feedback"] = {
                "verdict": each.verdict, "reason": each.reason, "text": each.text, "at": each.at,
            }  # fmt: skip


def _of_staff(found: Any) -> Row:
    message = json.loads(found["message"])
    text = text_of_staff(message)
    name = (message.get("agent") or {}).get("name")
    kept = {"id": found["id"], "conversation": found["viewer"], "at": found["at"]}
    return {**kept, "name": name, "text": text} if text else {}


def _opinions(connection: Connection, rows: list[Row]) -> None:
    """What is kept about each conversation."""
    ids = [row["id"] for row in rows]
    found = connection.execute(select(conversations).where(conversations.c.id.in_(ids))).all()
    beside = around(connection, found)
    for row in rows:
        mine = beside[row["id"]]
        row |= {
            "thumbs_up": mine.thumbs_up,
            "thumbs_down": mine.thumbs_down,
            "rating": mine.rating,
            "flags": mine.flags,
        }


def _sentence(found: Any) -> Row:
    return {**found, "entities": json.loads(found["entities"])}


def _with_case(table: Table) -> Select:
    """A table about cases with what each case is about."""
    told = (cases.c.viewer, cases.c.text, cases.c.score, cases.c.category.label("model"))
    mine = [column for column in table.c if column.name != "viewer"]
    return select(*mine, *told).join(cases, cases.c.id == table.c.case_id)


def _columns(query: Select) -> tuple[str, ...]:
    return tuple(query.selected_columns.keys())


def _whole(table: Table, permission: str = "export") -> Source:
    """Every column of a table that has `id` and `at`."""
    batches = by_key(select(table), table.c.id, table.c.at)
    return Source(table.name, tuple(table.c.keys()), batches, permission)


_MESSAGES = select(
    *(events.c[name] for name in ("id", "sender_id", "timestamp", "type_name", "language")),
    *(events.c.channel, events.c.data),
).where(events.c.type_name.in_(("user", "bot")))
_CORRECTED = select(
    *(annotated.c.id, annotated.c.sentence, sentences.c.text, sentences.c.language),
    sentences.c.intent.label("understood"),
    sentences.c.confidence,
    *(annotated.c[name] for name in ("intent", "entities", "state", "author", "at")),
    *(annotated.c[name] for name in ("reviewer", "reviewed_at", "comment")),
).join(sentences, sentences.c.id == annotated.c.sentence)
_DECIDED, _APPEALED = _with_case(decisions), _with_case(appeals)

SOURCES: tuple[Source, ...] = (
    Source(
        "conversations",
        (*conversations.c.keys(), "thumbs_up", "thumbs_down", "rating", "flags"),
        by_key(
            select(conversations), conversations.c.id, conversations.c.started_at, dict, _opinions
        ),
    ),
    Source(
        "messages",
        (
            *("id", "conversation", "at", "from", "text", "language", "channel", "intent"),
            *("confidence", "entities", "action", "data", "message_id", "flags", "feedback"),
        ),
        by_key(_MESSAGES, events.c.id, events.c.timestamp, _message, _judged),
    ),
    Source(
        "staff_messages",
        ("id", "conversation", "at", "name", "text"),
        by_key(select(outbox), outbox.c.id, outbox.c.at, _of_staff),
    ),
    _whole(feedback),
    _whole(satisfaction),
    _whole(ratings),
    _whole(handoffs),
    _whole(flags),
    _whole(cases),
    Source("decisions", _columns(_DECIDED), by_key(_DECIDED, decisions.c.id, decisions.c.at)),
    Source("appeals", _columns(_APPEALED), by_key(_APPEALED, appeals.c.case_id, appeals.c.at)),
    _whole(sentences),
    Source(
        "annotations",
        _columns(_CORRECTED),
        by_key(_CORRECTED, annotated.c.id, annotated.c.at, _sentence),
    ),
    # Who may not read notes at the desk does not get them here either.
    _whole(notes, "handoffs.answer"),
)


def source(name: str) -> Source | None:
    """The source of this name."""
    return next((each for each in SOURCES if each.name == name), None)
