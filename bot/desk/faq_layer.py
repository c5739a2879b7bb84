"""The console's edits as the layer that `bot.faq.answers` reads over the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Engine

from bot.faq.entries import FaqError
from bot.store.database import DatabaseUnavailable
from bot.store.faq_edits import FaqEdits


class FaqLayer:
    """Edits in the database.

    Args:
        engine: the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._edits = FaqEdits(engine)

    def stamp(self) -> object:
        """Changes with every edit.

        Raises:
            FaqError: the database is away.
        """
        try:
            return self._edits.stamp()
        except DatabaseUnavailable as error:
            raise FaqError(str(error)) from None

    def edits(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Topic and content of each edited entry.

        Raises:
            FaqError: the database is away.
        """
        try:
            current = self._edits.current()
        except DatabaseUnavailable as error:
            raise FaqError(str(error)) from None
        return [(each.topic, each.content or {}) for each in current.values()]
