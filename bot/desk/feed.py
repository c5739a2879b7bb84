"""A conversation as it goes on: what viewer, bot and staff say, for the person who answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine, Row

from bot.store import storable
from bot.store.database import reading
from bot.store.schema import events, outbox

FIRST = 60
_SPOKEN = ("user", "bot")


@dataclass(frozen=True)
class Line:
    """One thing said.

    `by`: viewer, bot, agent or notice; `name`: of the person, or the notice's kind; `intent` and
    `confidence`: as a viewer's words were understood; `flagged`: moderation's category.
    """

    key: str
    by: str
    text: str
    at: float
    name: str = ""
    intent: str = ""
    confidence: float | None = None
    flagged: str = ""
    cards: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For a script."""
        return asdict(self)


@dataclass(frozen=True)
class Place:
    """How far a conversation has been read: the last event's `seq`, the last id of the outbox."""

    seq: int = 0
    sent: int = 0

    def __str__(self) -> str:
        return f"{self.seq}-{self.sent}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that `str` gave; None for anything else."""
        seq, dash, sent = text.partition("-")
        if dash and all(
            each.isascii() and each.isdigit() and len(each) < 19 for each in (seq, sent)
        ):
            return cls(int(seq), int(sent))
        return None


class Feed:
    """Reads conversations; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def latest(self, viewer: str, limit: int = FIRST) -> tuple[list[Line], Place]:
        """The last lines, oldest first, and the place after them."""
        viewer = storable.text(viewer)
        said = _said(viewer).order_by(events.c.seq.desc()).limit(limit)
        sent = _sent(viewer).order_by(outbox.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            lines, place = _lines(connection, said, sent, Place())
        return lines[-limit:], place

    def after(self, viewer: str, place: Place, limit: int = FIRST) -> tuple[list[Line], Place]:
        """What came after `place`, oldest first, and the place after that."""
        viewer = storable.text(viewer)
        said = _said(viewer).where(events.c.seq > place.seq).order_by(events.c.seq).limit(limit)
        sent = _sent(viewer).where(outbox.c.id > place.sent).order_by(outbox.c.id).limit(limit)
        with reading(self._engine) as connection:
            return _lines(connection, said, sent, place)

    def title(self, viewer: str) -> str | None:
        """The name of the title shown last."""
        recent = _said(storable.text(viewer)).where(events.c.type_name == "bot")
        with reading(self._engine) as connection:
            for row in connection.execute(recent.order_by(events.c.seq.desc()).limit(20)):
                cards = _cards(json.loads(row.data).get("data") or {})
                if cards:
                    return cards[0]
        return None


def _said(viewer: str) -> Any:
    return select(events.c.seq, events.c.type_name, events.c.data, events.c.timestamp).where(
        events.c.sender_id == viewer, events.c.type_name.in_(_SPOKEN)
    )


def _sent(viewer: str) -> Any:
    return select(outbox.c.id, outbox.c.message, outbox.c.at).where(outbox.c.viewer == viewer)


def _lines(connection: Connection, said: Any, sent: Any, place: Place) -> tuple[list[Line], Place]:
    spoken = connection.execute(said).all()
    pushed = connection.execute(sent).all()
    lines = [line for row in spoken if (line := _of_event(row)) is not None]
    lines += [line for row in pushed if (line := _of_outbox(row)) is not None]
    after = Place(
        max([place.seq, *(row.seq for row in spoken)]),
        max([place.sent, *(row.id for row in pushed)]),
    )
    return sorted(lines, key=lambda line: line.at), after


def _of_event(row: Row) -> Line | None:
    data = json.loads(row.data)
    key = f"e{row.seq}"
    if row.type_name == "user":
        metadata = data.get("metadata") or {}
        if not data.get("text") or metadata.get("is_external"):
            return None
        parsed = data.get("parse_data") or {}
        intent = parsed.get("intent") or {}
        verdict = parsed.get("moderation") or {}
        confidence = intent.get("confidence")
        return Line(
            key,
            "viewer",
            str(metadata.get("label") or data["text"]),
            row.timestamp,
            intent=str(intent.get("name") or ""),
            confidence=None if confidence is None else round(float(confidence), 3),
            flagged=str(verdict.get("category") or "") if verdict.get("flagged") else "",
        )
    content = data.get("data") or {}
    cards = _cards(content)
    buttons = tuple(str(each.get("title") or "") for each in content.get("buttons") or ())
    if not data.get("text") and not cards and not buttons:
        return None
    return Line(key, "bot", data.get("text") or "", row.timestamp, cards=cards, buttons=buttons)


def _of_outbox(row: Row) -> Line | None:
    message = json.loads(row.message)
    key, by = f"o{row.id}", message.get("from")
    custom = message.get("custom") or {}
    if by == "system" and custom.get("type") == "notice":
        return Line(key, "notice", str(custom.get("name") or ""), row.at, str(custom["notice"]))
    if by == "agent":
        name = str((message.get("agent") or {}).get("name") or "")
        return Line(key, "agent", str(message.get("text") or ""), row.at, name)
    # What the assistant says later is in the conversation as well, and has an id there.
    if message.get("text") and "id" not in message:
        return Line(key, "bot", str(message["text"]), row.at)
    return None


def _cards(content: Mapping[str, Any]) -> tuple[str, ...]:
    custom = content.get("custom")
    cards = custom.get("cards") or () if isinstance(custom, Mapping) else ()
    return tuple(str(card.get("title")) for card in cards if card.get("title"))
