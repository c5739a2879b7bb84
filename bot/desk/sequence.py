"""The steps of a conversation as one text, and ordered sequences looked for in it.

Each turn is a step `<skill/intent>`; what it ended in may follow as `<!/fallback>`,
`<!/handoff>`, `<!/abuse>`, `<!/failure>`. "recommend > refuse > leave" is then a pattern for LIKE.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.skills import HANDOFF, skill_of_intent, skills
from bot.desk.turns import Turn, is_failure

# Steps of a conversation that are kept for looking through it.
MOST_STEPS = 300
OUTCOMES = ("fallback", "handoff", "abuse", "failure")
LEAVE = "leave"
PARTING = ("goodbye", "thank")
# Nothing said for so long: the viewer has left.
LEFT_SECONDS = 600.0
_SHORT = {"refuse": "refuse_title", "person": "handoff"}
_ESCAPED = re.compile(r"([\\%_])")


class SequenceError(ValueError):
    """A step is not known; the message names it."""


@dataclass(frozen=True)
class Sequence:
    """A pattern for LIKE (escaped by a backslash); `marks` are what a conversation must have to
    match; `left`: the viewer must have gone after the last step."""

    patterns: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    left: bool


def steps(turns: Iterable[Turn]) -> str:
    """The steps of a conversation."""
    known = skill_of_intent()
    made: list[str] = []
    for turn in turns:
        intent = turn.intent or "?"
        made.append(f"<{known.get(intent, '?')}/{intent}>")
        if turn.fallback:
            made.append("<!/fallback>")
        if any(each["name"] == HANDOFF for each in turn.actions):
            made.append("<!/handoff>")
        if turn.moderation.get("flagged"):
            made.append("<!/abuse>")
        if any(is_failure(each) for each in turn.said):
            made.append("<!/failure>")
    return "".join(made[:MOST_STEPS])


def compile_sequence(text: str) -> Sequence | None:
    """The sequence that `text` describes: skills, intents and outcomes with ">" between ("then,
    sooner or later") or ">>" ("directly then"); the last may be "leave". None when it is empty.

    Raises:
        SequenceError: a step is not known.
    """
    pieces = re.split(r"\s*(>>|>|→)\s*", text.strip())
    names = [each.strip().casefold().replace(" ", "_") for each in pieces[::2]]
    links = pieces[1::2]
    if not text.strip():
        return None
    if not all(names) or len(names) > 12:
        raise SequenceError(text)
    left = names[-1] == LEAVE
    if left:
        names, links = names[:-1], links[: len(names) - 2] if names[1:] else []
    pattern, marks = "%", []
    for number, name in enumerate(names):
        step, mark = _step(name)
        if number:
            pattern += "" if links[number - 1] == ">>" else "%"
        pattern += step
        marks.append(mark)
    if not left:
        return Sequence((pattern + "%",), tuple(marks), False)
    endings = ["", *(f"<smalltalk/{each}>" for each in PARTING)]
    return Sequence(tuple(pattern + _escaped(each) for each in endings), tuple(marks), True)


def _step(name: str) -> tuple[str, tuple[str, str]]:
    known = skill_of_intent()
    name = _SHORT.get(name, name)
    if name in OUTCOMES:
        return f"<!/{name}>", ("outcome", name)
    if name in known:
        return _escaped(f"<{known[name]}/{name}>"), ("intent", name)
    if name in skills():
        return _escaped(f"<{name}/") + "%>", ("skill", name)
    raise SequenceError(name)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", text)
