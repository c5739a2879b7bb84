"""What is counted of a conversation, and the table over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

PARTING = frozenset({"thank", "bye", "leave"})
FALLBACKS = frozenset({"action_not_understood", "action_out_of_scope"})


@dataclass
class Outcome:
    """One conversation.

    Attributes:
        smooth: a success in which nothing of what is counted below went wrong before the viewer
            said thanks or goodbye, but for a text said twice.
        success: an acceptable title was offered, and the facts asked about it were told.
        first: turns from the wish (a change of mind: from the new one) to the first acceptable
            title; none when there was none.
        needless: questions for what the viewer had said: a part of the wish, or which title is
            meant when it is one of those just shown, or when no title was spoken of.
        same_text: answers that had been given before in the conversation, word for word.
        dead_ends: answers that neither did what was asked nor had a title, a button or a question.
        fallbacks: messages on the matter that were not understood, or held to be out of scope.
        misread: typed messages taken for something else, by the intent.
        off: answers with titles most of which went against what had been said.
        other_language: answers in the language that the viewer does not write.
        errors: failures, empty answers and exceptions.
        rough: answers in which something of this was wrong.
    """

    kind: str
    language: str
    success: bool = False
    smooth: bool = False
    first: int | None = None
    turns: int = 0
    typed: int = 0
    facts: int = 0
    facts_told: int = 0
    needless: int = 0
    same_text: int = 0
    dead_ends: int = 0
    fallbacks: int = 0
    misread: int = 0
    off: int = 0
    other_language: int = 0
    errors: int = 0
    rough: int = 0
    transcript: list[dict[str, Any]] = field(default_factory=list)

    def count(self, notes: Sequence[str], act: str) -> None:
        """Count what was poor in the answer to `act`."""
        self.typed += act != "press"
        self.rough += act not in PARTING and any(note != "same_text" for note in notes)
        for note in notes:
            setattr(self, note, getattr(self, note) + 1)

    def close(self, success: bool) -> None:
        """Say how it ended."""
        self.success = success
        self.smooth = success and not self.rough


_HEADINGS = (
    *("talks", "success", "smooth", "to title", "facts", "needless", "repeats"),
    *("dead ends", "fallbacks", "misread", "off wish", "language", "errors"),
)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """The figures of some conversations; rates are for each conversation, shares from 0 to 1."""
    count = len(outcomes)
    first = [each.first for each in outcomes if each.first is not None]
    facts = sum(each.facts for each in outcomes)
    told = sum(each.facts_told for each in outcomes)

    def rate(name: str) -> float:
        return round(sum(getattr(each, name) for each in outcomes) / max(count, 1), 3)

    return {
        "conversations": count,
        "success": rate("success"),
        "smooth": rate("smooth"),
        "turns_to_title": median(first) if first else None,
        "facts_told": round(told / facts, 3) if facts else None,
        "needless": rate("needless"),
        "same_text": rate("same_text"),
        "dead_ends": rate("dead_ends"),
        "fallbacks": rate("fallbacks"),
        "misread": round(
            sum(each.misread for each in outcomes) / max(sum(e.typed for e in outcomes), 1), 3
        ),
        "off_wish": rate("off"),
        "other_language": rate("other_language"),
        "errors": sum(each.errors for each in outcomes),
    }


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Lines of figures by kind of viewer, by language and in all."""
    lines = [f"{'':16}" + "".join(f"{name:>11}" for name in _HEADINGS)]
    for name, some in groups(outcomes):
        lines.append(f"{name:16}" + "".join(f"{_cell(v):>11}" for v in figures(some).values()))
    return lines


def groups(outcomes: Sequence[Outcome]) -> Iterable[tuple[str, list[Outcome]]]:
    """Outcomes by kind, in the order they first come, then by language, then all."""
    for attribute in ("kind", "language"):
        for name in dict.fromkeys(getattr(each, attribute) for each in outcomes):
            yield name, [each for each in outcomes if getattr(each, attribute) == name]
    yield "all", list(outcomes)


def _cell(value: float | int | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value % 1 else f"{value:g}"
