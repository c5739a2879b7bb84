"""Canned replies: texts in both languages with variables, filled for the viewer at hand."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.answering_schema import canned_replies
from bot.store.database import insert, reading, writing

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
TEXT_LIMIT = 2000
# What a text may name in braces: the person who answers, the number of the handoff, the film or
# series that was spoken of last.
VARIABLES = ("name", "number", "title")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Canned:
    """A reply by its name (typed as `/name`), with its texts by language."""

    name: str
    texts: Mapping[str, str]

    def filled(self, language: str | None, values: Mapping[str, str | None]) -> str:
        """The text in `language` (English if there is none); unknown values stay in braces, for
        the person to see before sending."""
        text = self.texts.get(language or "en") or self.texts["en"]
        return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)


class CannedReplies:
    """The replies; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[Canned]:
        """Every reply, by name."""
        query = select(canned_replies).order_by(canned_replies.c.name)
        with reading(self._engine) as connection:
            return [
                Canned(row.name, {"en": row.text_en, "zh": row.text_zh})
                for row in connection.execute(query)
            ]

    def save(self, name: str, texts: Mapping[str, str], author: Person) -> None:
        """Make or change a reply.

        Raises:
            Refused: "wrong_name", "blank" (a language is missing), "too_long" or
                "unknown_variable".
        """
        if not NAME.fullmatch(name):
            raise Refused("wrong_name")
        kept = {
            language: storable.text(texts.get(language, "")).strip() for language in ("en", "zh")
        }
        if not all(kept.values()):
            raise Refused("blank")
        if max(map(len, kept.values())) > TEXT_LIMIT:
            raise Refused("too_long")
        if any(set(_VARIABLE.findall(text)) - set(VARIABLES) for text in kept.values()):
            raise Refused("unknown_variable")
        values = {
            "text_en": kept["en"], "text_zh": kept["zh"], "author": author.id, "at": time.time()
        }  # fmt: skip
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, canned_replies)
                .values(name=name, **values)
                .on_conflict_do_update(index_elements=["name"], set_=values)
            )

    def remove(self, name: str) -> bool:
        """Delete a reply; False when there was none."""
        with writing(self._engine) as connection:
            gone = connection.execute(delete(canned_replies).where(canned_replies.c.name == name))
            return bool(gone.rowcount)
