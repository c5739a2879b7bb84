"""Sentences that the assistant may have got wrong, for the staff to look at.

`bot.desk.collecting` puts them there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Engine, Row

from bot.store.database import reading, writing
from bot.store.teaching_schema import sentences

REASONS = ("thumbs_down", "fallback", "disagreement", "low", "close")
PAGE = 40


@dataclass(frozen=True)
class Sentence:
    """A sentence with what was made of it; `understood`: ranking, entities, moderation."""

    id: int
    text: str
    language: str | None
    intent: str
    confidence: float
    margin: float
    reasons: tuple[str, ...]
    understood: Mapping[str, Any]
    times: int
    viewer: str
    event: int
    at: float
    state: str


class Inbox:
    """The sentences; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self,
        reason: str | None = None,
        language: str | None = None,
        after: tuple[float, int] | None = None,
        limit: int = PAGE,
    ) -> list[Sentence]:
        """Open sentences, the least confident first, after (confidence, id)."""
        query = select(sentences).where(sentences.c.state == "open")
        if reason in REASONS:
            query = query.where(sentences.c.reasons.contains(reason))
        if language is not None:
            query = query.where(sentences.c.language == language)
        if after is not None:
            confidence, number = after
            query = query.where(
                (sentences.c.confidence > confidence)
                | ((sentences.c.confidence == confidence) & (sentences.c.id > number))
            )
        query = query.order_by(sentences.c.confidence, sentences.c.id).limit(limit)
        with reading(self._engine) as connection:
            return [_sentence(row) for row in connection.execute(query)]

    def get(self, sentence: int) -> Sentence | None:
        """One sentence."""
        with reading(self._engine) as connection:
            row = connection.execute(select(sentences).where(sentences.c.id == sentence)).first()
            return None if row is None else _sentence(row)

    def count(self) -> int:
        """How many wait."""
        query = select(sentences.c.id).where(sentences.c.state == "open").limit(100)
        with reading(self._engine) as connection:
            return len(connection.execute(query).all())

    def set_aside(self, sentence: int, state: str) -> bool:
        """Mark as "ignored" (it may come again) or "deleted" (its words are taken away); False
        when it is not open."""
        values: dict[str, Any] = {"state": state}
        if state == "deleted":
            values |= {"text": "", "understood": "{}"}
        query = update(sentences).where(sentences.c.id == sentence, sentences.c.state == "open")
        with writing(self._engine) as connection:
            return bool(connection.execute(query.values(**values)).rowcount)


def _sentence(row: Row) -> Sentence:
    return Sentence(
        row.id,
        row.text,
        row.language,
        row.intent or "",
        row.confidence,
        row.margin,
        tuple(row.reasons.split("|")),
        json.loads(row.understood),
        row.times,
        row.viewer,
        row.event,
        row.at,
        row.state,
    )
