"""The editor of the answers about the service: edits in the database over the files of data/faq.

Viewers get an edit within a second; the files change only when somebody applies the patch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from yaml.reader import Reader

from bot.desk import faq_files
from bot.desk.faq_layer import FaqLayer
from bot.desk.nlu_files import patch
from bot.desk.people import Person, Refused
from bot.faq.answers import FOLDER
from bot.faq.entries import LANGUAGES, Entry, FaqError, layered, read, unfolded
from bot.store import storable
from bot.store.faq_edits import FaqEdit, FaqEdits

_ID = re.compile(r"[a-z][a-z0-9_]{2,79}")
QUESTION_LIMIT = 120
ANSWER_LIMIT = 1500
ASK_LIMIT = 200
MOST_ASKS = 60


@dataclass(frozen=True)
class Listed:
    """An entry as viewers get it; `edited`: otherwise than in the files."""

    entry: Entry
    edited: bool


class FaqEditing:
    """Reads and edits entries.

    Methods raise `DatabaseUnavailable` when the database is away.

    Args:
        engine: the database.
        folder: of the files.
    """

    def __init__(self, engine: Engine, folder: Path = FOLDER) -> None:
        self._edits = FaqEdits(engine)
        self._layer = FaqLayer(engine)
        self._folder = folder

    def entries(self) -> list[Listed]:
        """Every entry, file by file.

        Raises:
            FaqError: the files cannot be used.
        """
        edited = self._edits.current()
        return [Listed(each, each.id in edited) for each in self._together()]

    def get(self, entry: str) -> Listed | None:
        """One entry."""
        return next((each for each in self.entries() if each.entry.id == entry), None)

    def topics(self) -> list[str]:
        """The topics, which are the files."""
        return sorted({each.topic for each in read(self._folder)})

    def history(self, entry: str) -> list[FaqEdit]:
        """Every edit of an entry, newest first."""
        return self._edits.history(entry)

    def save(self, topic: str, content: Mapping[str, Any], author: Person) -> int:
        """Keep an edit; it takes effect at once.

        Raises:
            Refused: "wrong_name", "unknown_topic", "blank", "too_long", "duplicate" (another
                entry is asked so), or "changed" (nothing is different).
        """
        cleaned = clean(content)
        known = self.get(cleaned["id"])
        if topic not in self.topics() or (known is not None and known.entry.topic != topic):
            raise Refused("unknown_topic")
        if known is not None and content_of(known.entry) == cleaned:
            raise Refused("same")
        others = [each.entry for each in self.entries() if each.entry.id != cleaned["id"]]
        try:
            layered(others, [(topic, cleaned)])
        except FaqError:
            raise Refused("duplicate") from None
        return self._edits.add(cleaned["id"], topic, cleaned, author.id)

    def revert(self, entry: str, edit: int | None, author: Person) -> int:
        """Put an earlier edit back, or with None what the files say.

        Raises:
            Refused: "not_there", or as `save`.
        """
        history = self._edits.history(entry)
        if not history:
            raise Refused("not_there")
        if edit is None:
            return self._edits.add(entry, history[0].topic, None, author.id)
        found = next((each for each in history if each.id == edit), None)
        if found is None or found.content is None:
            raise Refused("not_there")
        return self.save(found.topic, found.content, author)

    def patch(self) -> str:
        """The edits as a patch of data/faq."""
        before = faq_files.texts(self._folder)
        after = dict(before)
        for each in self._edits.current().values():
            after = faq_files.with_entry(after, each.topic, each.content or {})
        return patch("data/faq", before, after)

    def _together(self) -> list[Entry]:
        files = read(self._folder)
        try:
            return layered(files, self._layer.edits())
        except FaqError:
            # The files have changed so that an edit no longer fits: they count, as for viewers.
            return files


def content_of(entry: Entry) -> dict[str, Any]:
    """An entry in the form that files and edits have."""
    return {
        "id": entry.id,
        "question": dict(entry.questions),
        "answer": dict(entry.answers),
        "ask": {language: list(texts) for language, texts in entry.asks.items()},
    }


def clean(content: Mapping[str, Any]) -> dict[str, Any]:
    """`content` with its texts trimmed.

    Raises:
        Refused: "wrong_name", "blank" or "too_long".
    """
    if not _ID.fullmatch(str(content.get("id", ""))):
        raise Refused("wrong_name")
    cleaned: dict[str, Any] = {"id": content["id"], "question": {}, "answer": {}, "ask": {}}
    for language in LANGUAGES:
        for part, limit in (("question", QUESTION_LIMIT), ("answer", ANSWER_LIMIT)):
            text = unfolded(_line(content[part][language]))
            if not text:
                raise Refused("blank")
            if len(text) > limit:
                raise Refused("too_long")
            cleaned[part][language] = text
        asks = [each for text in content["ask"][language] if (each := _line(text))]
        asks = list(dict.fromkeys(asks))
        if not asks:
            raise Refused("blank")
        if len(asks) > MOST_ASKS or max(map(len, asks)) > ASK_LIMIT:
            raise Refused("too_long")
        cleaned["ask"][language] = asks
    return cleaned


def _line(text: Any) -> str:
    return " ".join(Reader.NON_PRINTABLE.sub("", storable.text(str(text))).split())
