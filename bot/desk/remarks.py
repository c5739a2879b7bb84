"""What viewers think of single answers, and what the staff flagged, beside the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.store.database import reading
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.judging_schema import flags


@dataclass(frozen=True)
class Remark:
    """A remark; `kind` is up, down or flag, `author` the id of the member of staff who flagged."""

    kind: str
    reason: str
    text: str
    at: float
    author: str = ""


@dataclass(frozen=True)
class Rating:
    """How content a viewer was, from 1 to 5, in their words."""

    score: int
    text: str
    at: float


@dataclass(frozen=True)
class Remarks:
    """About answers by the message's id, about a viewer's message by its event's id, and ratings
    of whole conversations, oldest first."""

    answers: dict[str, list[Remark]]
    messages: dict[int, list[Remark]]
    ratings: list[Rating]


def remarks(engine: Engine, viewer: str) -> Remarks:
    """What is remarked of a viewer's conversations; of flags the open ones.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    found = Remarks({}, {}, [])
    with reading(engine) as connection:
        for row in connection.execute(select(feedback).where(feedback.c.viewer == viewer)):
            said = Remark(row.verdict, row.reason or "", row.text or "", row.at)
            found.answers.setdefault(row.message_id, []).append(said)
        query = select(flags).where(flags.c.viewer == viewer, flags.c.closed_at.is_(None))
        for row in connection.execute(query.order_by(flags.c.id)):
            flagged = Remark("flag", row.reason, row.note, row.at, row.author)
            found.messages.setdefault(row.event or 0, []).append(flagged)
        query = select(satisfaction).where(satisfaction.c.viewer == viewer)
        for row in connection.execute(query.order_by(satisfaction.c.id)):
            found.ratings.append(Rating(row.score, row.text or "", row.at))
    return found
