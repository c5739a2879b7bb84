"""Cases for the moderators: abuse and distress, with what was said, masked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import insert, reading, writing
from bot.store.judging_schema import appeals
from bot.store.privacy import mask
from bot.store.schema import cases

# How long after a case a viewer may object to it.
APPEAL_SECONDS = 30 * 86_400.0


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
        """How many cases of `kind` a viewer has had since then; those dismissed do not count."""
        query = (
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.viewer == storable.text(viewer),
                cases.c.kind == kind,
                cases.c.at >= storable.seconds(since),
                cases.c.state != "dismissed",
            )
        )
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def appeal(self, viewer: str, language: str | None, text: str = "") -> int | None:
        """Keep a viewer's objection to their latest case of abuse.

        Args:
            viewer: who objects.
            language: in which they are answered.
            text: their words; masked.

        Returns:
            The case's number, also when an appeal is kept already; None when there is no case
            that could still be appealed against.
        """
        viewer = storable.text(viewer)
        latest = (
            select(cases.c.id, cases.c.state)
            .where(
                cases.c.viewer == viewer,
                cases.c.kind == "abuse",
                cases.c.at >= time.time() - APPEAL_SECONDS,
            )
            .order_by(cases.c.id.desc())
            .limit(1)
        )
        with writing(self._engine) as connection:
            found = connection.execute(latest).first()
            if found is None or found.state == "dismissed":
                return None
            connection.execute(
                insert(connection, appeals)
                .values(
                    case_id=found.id,
                    viewer=viewer,
                    language=language,
                    text=storable.text(mask(text), 1000),
                    at=time.time(),
                )
                .on_conflict_do_nothing()
            )
            return int(found.id)
