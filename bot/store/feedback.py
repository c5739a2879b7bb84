"""What viewers think: a verdict on an answer, and how a conversation was as a whole."""

from __future__ import annotations

import re
import time

from sqlalchemy import delete
from sqlalchemy.engine import Engine

from bot.store import desk_rows, storable
from bot.store.database import insert, writing
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.privacy import mask

VERDICTS = ("up", "down")
REASONS = ("wrong", "irrelevant", "seen_it", "unclear", "other")
TEXT_LIMIT = 2000
# A viewer who rates again within this time speaks of the same conversation.
SAME_CONVERSATION_SECONDS = 3600


class FeedbackStore:
    """Keeps opinions; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def judge(
        self,
        viewer: str,
        message_id: str,
        verdict: str | None,
        reason: str | None = None,
        text: str | None = None,
    ) -> None:
        """Keep the verdict on a message in place of an earlier one; None takes it back.

        Args:
            viewer: who judges.
            message_id: the message, as the channel names it.
            verdict: one of `VERDICTS`.
            reason: one of `REASONS`.
            text: in the viewer's words; masked before it is stored.

        Raises:
            ValueError: a verdict or reason that is not known.
        """
        if verdict not in (None, *VERDICTS) or reason not in (None, *REASONS):
            raise ValueError(f"unknown verdict or reason: {verdict!r}, {reason!r}")
        key = {"viewer": storable.text(viewer), "message_id": storable.text(message_id, 80)}
        now = time.time()
        values = {"verdict": verdict, "reason": reason, "text": _masked(text), "at": now}
        with writing(self._engine) as connection:
            desk_rows.touch(connection, [key["viewer"]], answered_at(message_id, now))
            if verdict is None:
                same = (feedback.c[name] == value for name, value in key.items())
                connection.execute(delete(feedback).where(*same))
                return
            connection.execute(
                insert(connection, feedback)
                .values(**key, **values)
                .on_conflict_do_update(index_elements=list(key), set_=values)
            )

    def rate_conversation(self, viewer: str, score: int, text: str | None = None) -> None:
        """Keep how content a viewer is, from 1 to 5; within an hour in place of an earlier score.

        Raises:
            ValueError: `score` is out of range.
        """
        if not 1 <= score <= 5:
            raise ValueError(f"a score is from 1 to 5, not {score}")
        name, now = storable.text(viewer), time.time()
        same = satisfaction.c.viewer == name, satisfaction.c.at > now - SAME_CONVERSATION_SECONDS
        with writing(self._engine) as connection:
            desk_rows.touch(connection, [name], now)
            connection.execute(delete(satisfaction).where(*same))
            connection.execute(
                satisfaction.insert().values(viewer=name, score=score, text=_masked(text), at=now)
            )


def answered_at(message_id: str, default: float) -> float:
    """When the answer of this name was given (seconds since 1970): it is called after it."""
    named = re.fullmatch(r"b(\d{10,17})", message_id, re.ASCII)
    return int(named[1]) / 1_000_000 if named else default


def _masked(text: str | None) -> str | None:
    return storable.text(mask(text.strip()[:TEXT_LIMIT])) or None if text else None
