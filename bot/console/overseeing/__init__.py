"""The figures of the dashboard with their charts and tables, in the reader's words.

figure    a chart with its table, and what all of them are made from
headline  the numbers at the top
by_day    lines over days, of the whole or split by language, channel or version
lists     what is most frequent, slowest, unanswered; recommendations; the parts beside each other
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from bot.console.overseeing import by_day, headline, lists
from bot.console.overseeing.figure import Figure, Material
from bot.console.words import Words
from bot.desk.scope import Scope

__all__ = ["Figure", "Overview", "overview"]


@dataclass
class Overview:
    """All of it: headline figures (word, value, note) and charts."""

    stats: list[tuple[str, str, str]]
    figures: list[Figure]


def overview(connection: Connection, scope: Scope, by: str, t: Words) -> Overview:
    """The dashboard for `scope`; `by` is one of `scope.PARTS`, or "" for lines of the whole.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    material = Material(connection, scope, by, t)
    days = by_day.split(material) if by else by_day.whole(material)
    return Overview(headline.stats(material), [*days, *lists.all_lists(material)])
