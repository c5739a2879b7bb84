"""A conversation as the viewer saw it, and beside each message what Usher thought.

It is read from the events, not from the desk's tables: what has just been said is there at once.
Messages that did not come from the assistant's turns (of a person of the staff, notices) are in
the outbox and are put where they belong by their time.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine

from bot.desk.neighbours import Around, around
from bot.desk.reading import conversations as read_conversations
from bot.desk.turns import Conversation, Stored, Turn
from bot.store.database import reading
from bot.store.desk_schema import conversations
from bot.store.schema import events, outbox

_MASKED = re.compile(r"\[(email|phone|id|card|account|address|wechat|qq|token|secret|personal)\]")
_PICTURE = re.compile(r'/picture\{"picture": ?"(p[0-9a-f]{32})"\}')
_MOST_MESSAGES = 4000


@dataclass(frozen=True)
class Message:
    """One message: `by` is viewer | bot | agent | system."""

    by: str
    at: float
    text: str = ""
    id: str = ""
    name: str = ""
    notice: str = ""
    image: str = ""
    picture: str = ""
    buttons: Sequence[str] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    file: str = ""


@dataclass
class Exchange:
    """A turn with its messages; without a turn what came before or between."""

    turn: Turn | None
    messages: list[Message] = field(default_factory=list)

    @property
    def at(self) -> float:
        """When it began."""
        return self.turn.at if self.turn else self.messages[0].at


@dataclass
class Transcript:
    """A conversation with all that is known of it."""

    row: Any
    around: Around
    exchanges: list[Exchange]
    masked: Mapping[str, int]
    earlier: int | None
    later: int | None
    last_event: int


class Transcripts:
    """Reads conversations; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, conversation: int) -> Transcript | None:
        """The conversation of that number; None when there is none."""
        with reading(self._engine) as connection:
            query = select(conversations).where(conversations.c.id == conversation)
            row = connection.execute(query).first()
            if row is None:
                return None
            earlier, later = _beside(connection, row)
            stored = _events(connection, row, later)
            until = later.started_at if later is not None else None
            found = read_conversations(stored)
            mine = found[0] if found else None
            exchanges = _exchanges(mine, found[1:])
            _put_between(exchanges, _outside(connection, row, until))
            texts = [turn.text for each in found for turn in each.turns]
            masked = Counter(kind for text in texts for kind in _MASKED.findall(text))
            return Transcript(
                row=row,
                around=around(connection, [row])[row.id],
                exchanges=exchanges,
                masked=dict(masked.most_common()),
                earlier=earlier.id if earlier is not None else None,
                later=later.id if later is not None else None,
                last_event=_last(connection, row.viewer),
            )

    def last_change(self, viewer: str) -> int:
        """A number that grows with every message of the viewer's conversation."""
        with reading(self._engine) as connection:
            return _last(connection, viewer)


def _last(connection: Connection, viewer: str) -> int:
    newest = select(func.max(events.c.seq)).where(events.c.sender_id == viewer)
    sent = select(func.max(outbox.c.id)).where(outbox.c.viewer == viewer)
    return int(connection.execute(newest).scalar() or 0) + int(
        connection.execute(sent).scalar() or 0
    )


def _beside(connection: Connection, row: Any) -> tuple[Any, Any]:
    same = select(conversations.c.id, conversations.c.first_seq, conversations.c.started_at)
    same = same.where(conversations.c.viewer == row.viewer)
    seq = conversations.c.first_seq
    before = same.where(seq < row.first_seq).order_by(seq.desc()).limit(1)
    after = same.where(seq > row.first_seq).order_by(seq).limit(1)
    return connection.execute(before).first(), connection.execute(after).first()


def _events(connection: Connection, row: Any, later: Any) -> list[Stored]:
    query = select(events).where(events.c.sender_id == row.viewer, events.c.seq >= row.first_seq)
    if later is not None:
        query = query.where(events.c.seq < later.first_seq)
    query = query.order_by(events.c.seq).limit(_MOST_MESSAGES)
    return [Stored.of(each) for each in connection.execute(query)]


def _exchanges(mine: Conversation | None, unprojected: Sequence[Conversation]) -> list[Exchange]:
    made: list[Exchange] = []
    for conversation in [*([mine] if mine else []), *unprojected]:
        if conversation.opening:
            made.append(Exchange(None, [_bot(each) for each in conversation.opening]))
        for turn in conversation.turns:
            picture = _PICTURE.fullmatch(str(turn.parsed.get("text") or ""))
            said = Message(
                "viewer", turn.at, turn.text, turn.message_id, picture=picture[1] if picture else ""
            )
            made.append(Exchange(turn, [said, *map(_bot, turn.said)]))
    return made


def message_id(event: Mapping[str, Any], at: float) -> str:
    """What a message of the viewer or the assistant is called where it was seen."""
    known = event.get("message_id") or (event.get("metadata") or {}).get("message_id")
    return str(known or f"b{round(at * 1_000_000)}")


def _bot(event: Stored) -> Message:
    data = event.data.get("data") or {}
    name = message_id(event.data, event.timestamp)
    content = {**data, "text": event.data.get("text")}
    return _message("bot", event.timestamp, name, content)


def _message(by: str, at: float, name: str, content: Mapping[str, Any]) -> Message:
    custom = content.get("custom")
    custom = custom if isinstance(custom, Mapping) else {}
    buttons = content.get("buttons") or content.get("quick_replies") or ()
    agent = content.get("agent") if isinstance(content.get("agent"), Mapping) else {}
    return Message(
        by=by,
        at=at,
        id=name,
        text=str(content.get("text") or ""),
        name=str((agent or {}).get("name") or custom.get("name") or ""),
        notice=str(custom.get("notice") or ""),
        image=_address(content.get("image")),
        buttons=tuple(str(each.get("title") or "") for each in buttons),
        cards=tuple(card for card in custom.get("cards") or () if isinstance(card, Mapping)),
        file=str(custom.get("name") or "") if custom.get("type") == "file" else "",
    )


def _address(value: Any) -> str:
    """An address that may be opened; "" for any other kind."""
    text = str(value or "")
    return text if text.startswith(("https://", "http://", "/")) else ""


def _outside(connection: Connection, row: Any, until: float | None) -> list[Message]:
    query = select(outbox).where(outbox.c.viewer == row.viewer, outbox.c.at >= row.started_at)
    if until is not None:
        query = query.where(outbox.c.at < until)
    found = []
    for each in connection.execute(query.order_by(outbox.c.id).limit(_MOST_MESSAGES)):
        content = json.loads(each.message)
        name = str(content.get("id") or f"o{each.id}")
        found.append(_message(str(content.get("from") or "bot"), each.at, name, content))
    return found


def _put_between(exchanges: list[Exchange], messages: Sequence[Message]) -> None:
    """Put each message after what was said before it; one that is there already stays out."""
    known = {message.id for exchange in exchanges for message in exchange.messages}
    for message in messages:
        if message.id in known:
            continue
        place = len(exchanges)
        while place and exchanges[place - 1].at > message.at:
            place -= 1
        if place:
            into = exchanges[place - 1].messages
            at = len(into)
            while at > 1 and into[at - 1].at > message.at:
                at -= 1
            into.insert(at, message)
        else:
            exchanges.insert(0, Exchange(None, [message]))
