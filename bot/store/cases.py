"""Cases for the moderators: abuse and distress, with what was said, masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import reading, writing
from bot.store.privacy import mask
from bot.store.schema import cases


class CaseStore:
    """Records cases. Every method raises `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(
        self,
        viewer: str,
        kind: str,
        category: str | None,
        score: float,
        text_masked: str,
        span: Sequence[int] | None,
        at: datetime | float | None = None,
    ) -> int:
        """Keep a case and return its number.

        Args:
            viewer: who said it.
            kind: "abuse" or "self_harm".
            category: the moderation category, if any.
            score: 0 to 1.
            text_masked: what was said; masked once more as a net.
            span: start and end of the words that speak for it, in characters.
            at: when; now by default.
        """
        start, end = (int(span[0]), int(span[1])) if span else (None, None)
        with writing(self._engine) as connection:
            done = connection.execute(
                cases.insert().values(
                    viewer=storable.text(viewer),
                    kind=kind,
                    category=category,
                    score=float(score),
                    text=storable.text(mask(text_masked)),
                    span_start=start,
                    span_end=end,
                    at=storable.seconds(at),
                )
            )
            return int(done.inserted_primary_key[0])

    def recent_count(self, viewer: str, kind: str, since: datetime | float) -> int:
        """How many cases of `kind` a viewer has had since then."""
        query = (
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.viewer == storable.text(viewer),
                cases.c.kind == kind,
                cases.c.at >= storable.seconds(since),
            )
        )
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())
