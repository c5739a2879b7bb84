"""Which title a message is about: named, pointed at, or meant by "it"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.conversation.entity import Entity
from bot.conversation.turn import Turn

# Of two films with one name, the first is "the original", and a later one "the remake".
_EARLIER = re.compile(
    r"\b(old(er|est)?|original|earli(er|est))\b|老|旧|原版|最早|早期", re.IGNORECASE
)
_LATER = re.compile(r"\b(new(er|est)?|remake|latest|recent)\b|新|翻拍|重拍", re.IGNORECASE)
# What a bare year or name is taken for where nothing has been asked.
MAY_BE_A_PICK = frozenset(
    {
        "refine", "recommend", "more_options", "ask_title", "ask_year", "rate_title",
        "nlu_fallback",
    }
)  # fmt: skip
LONGEST_PICK = 24


@dataclass(frozen=True)
class Reference:
    """The titles meant. With `choices` it must be asked which; `unknown` is a name not found."""

    titles: tuple[Title, ...] = ()
    choices: tuple[Title, ...] = ()
    unknown: str | None = None

    @property
    def title(self) -> Title | None:
        """The one title meant, if it is clear."""
        return self.titles[0] if self.titles else None


def resolve(turn: Turn, catalogue: Catalogue) -> Reference:
    """The title or titles `turn` is about.

    A name in the message comes first, then what was shown last, by its name or its place, then
    the title in focus. A year in the message ("the 1995 one") picks between readings of a name.
    """
    years = [entity.value for entity in turn.all("years") if isinstance(entity.value, Mapping)]
    titles: list[Title] = []
    unknown: str | None = None
    for entity in turn.all("title"):
        readings = [title for title in map(catalogue.get, entity.ids) if title is not None]
        if not readings:
            unknown = unknown or _said(entity, turn)
            continue
        if len(readings) > 1 and years:
            readings = [t for t in readings if _in_years(t, years)] or readings
        if len(readings) > 1 and turn.focus in entity.ids:
            readings = [title for title in readings if title.id == turn.focus]
        if len(readings) > 1:
            # The one on the screen is meant.
            readings = [title for title in readings if title.id in turn.shown] or readings
        if len(readings) > 1:
            return Reference(choices=tuple(readings))
        titles.append(readings[0])
    if titles or unknown:
        return Reference(titles=tuple(titles), unknown=unknown)

    shown = [title for title in map(catalogue.get, turn.shown) if title is not None]
    titles = [title for title in shown if _is_named(title, turn.text)]
    for entity in turn.all("ordinal"):
        position = entity.value
        if isinstance(position, int) and 0 < abs(position) <= len(shown):
            titles.append(shown[position - 1 if position > 0 else position])
    if not titles and years and shown:
        titles = [title for title in shown if _in_years(title, years)][:1]
    focus = catalogue.get(turn.focus) if turn.focus else None
    if not titles and focus:
        titles = [focus]
        if years:  # "No, the 1984 one": of the same name
            namesakes = (t for t in catalogue.titles.values() if t.title == focus.title)
            titles = [title for title in namesakes if _in_years(title, years)][:1] or [focus]
    if not titles and len(shown) > 1:
        return Reference(choices=tuple(shown))
    return Reference(titles=tuple(titles or shown))


def _is_named(title: Title, text: str) -> bool:
    """Whether the text names a title that was shown, though the name is an ordinary word ("Up")."""
    chinese = title.title_zh or ""
    return bool(
        re.search(rf"(?<!\w){re.escape(title.title)}(?!\w)", text)
        or (len(chinese) > 1 and chinese in text)
    )


def chosen(turn: Turn, catalogue: Catalogue) -> str | None:
    """Which option of our pending question the message picks, if any."""
    if turn.pending is None or not turn.pending.options:
        return None
    options = turn.pending.options
    for entity in turn.entities:
        position = entity.value if entity.name == "ordinal" else None
        if isinstance(position, int) and 0 < abs(position) <= len(options):
            return options[position - 1 if position > 0 else position]
        if entity.name in ("title", "option"):
            said = (entity.id, *entity.ids, entity.value)
            readings = [option for option in options if option in said]
            if len(readings) == 1:
                return readings[0]
    years = [entity.value for entity in turn.all("years") if isinstance(entity.value, Mapping)]
    if years:
        for option in options:
            title = catalogue.get(option)
            if title is not None and _in_years(title, years):
                return option
        return None
    return _by_age(turn, catalogue)


def picks(turn: Turn, catalogue: Catalogue) -> bool:
    """Whether a short message that reads like something else ("1984", "Dune 2021") is an answer
    to our question which of several is meant."""
    return (
        turn.pending is not None
        and turn.pending.kind in ("which_title", "which_answer")
        and turn.intent in MAY_BE_A_PICK
        and len(turn.text) <= LONGEST_PICK
        and chosen(turn, catalogue) is not None
    )


def _by_age(turn: Turn, catalogue: Catalogue) -> str | None:
    """The oldest or the newest of the options, when the message asks for it."""
    options = turn.pending.options if turn.pending is not None else ()
    dated = [title for title in map(catalogue.get, options) if title is not None and title.year]
    dated.sort(key=lambda title: title.year or 0)
    if not dated:
        return None
    if _EARLIER.search(turn.text):
        return dated[0].id
    return dated[-1].id if _LATER.search(turn.text) else None


def _in_years(title: Title, years: list[Mapping[str, int | None]]) -> bool:
    return title.year is not None and any(
        (span.get("from") or 0) <= title.year <= (span.get("to") or 9999) for span in years
    )


def _said(entity: Entity, turn: Turn) -> str:
    said = turn.text[entity.start : entity.end]
    return said or str(entity.value)
