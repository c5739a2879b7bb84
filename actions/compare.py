"""Comparing titles: which is the longer, the newer, the better rated, or side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import TitleFact
from bot.catalogue.title import Title
from bot.conversation.cards import genres_text, label_with_year, length_text
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn
from bot.conversation.wording import listed, phrase

MOST = 5
Measure = Callable[[Title], float | None]


def _runtime(title: Title) -> float | None:
    return title.runtime


def _year(title: Title) -> float | None:
    return title.year


def _score(title: Title) -> float | None:
    return title.score


def _known(title: Title) -> float | None:
    return title.reviews or None


# What a direction asks for: the measure, and whether the greatest is meant.
MEASURES: dict[str, tuple[Measure, bool]] = {
    "shorter": (_runtime, False),
    "longer": (_runtime, True),
    "older": (_year, False),
    "newer": (_year, True),
    "better": (_score, True),
    "more_popular": (_known, True),
    "less_known": (_known, False),
}
# Where no direction is said, the fact that the message likeliest asks for.
ASKED = {"ask_runtime": "longer", "ask_year": "newer", "ask_score": "better"}
LIKELY = 0.05


class Compare(SkillAction):
    """Compare the titles named or pointed at, else all that were shown last."""

    action = "action_compare"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if turn.last_fact is not None and len(turn.all("ordinal")) == 1 == len(turn.entities):
            # "And the third?" after "how long is the first one?"
            TitleFact().answer(replace(turn, intent=turn.last_fact), reply, services)
            return
        titles = compared(turn, services)
        if len(titles) < 2:
            reply.say("utter_compare_what")
            return
        direction = _direction(turn)
        if direction is None:
            lines = "\n".join(_line(title, reply.language) for title in titles)
            reply.say("utter_compare", list=lines)
        else:
            _tell(direction, titles, reply)


def compared(turn: Turn, services: Services) -> list[Title]:
    """At most `MOST` different titles to compare, in the order they were named or shown."""
    reference = resolve(turn, services.catalogue)
    titles = list(reference.titles or reference.choices)
    shown = [title for title in map(services.catalogue.get, turn.shown) if title is not None]
    if len(titles) == 1 and len(shown) > 1 and not turn.first("title"):
        titles = shown
    elif len(titles) == 1 and turn.focus and turn.first("title"):
        # "Is it longer than Heat?"
        focus = services.catalogue.get(turn.focus)
        titles = [focus, *titles] if focus is not None else titles
    return list({title.id: title for title in titles}.values())[:MOST]


def _direction(turn: Turn) -> str | None:
    for entity in turn.all("direction"):
        if entity.value in MEASURES:
            return str(entity.value)
    asked = turn.likeliest(ASKED, LIKELY)
    return ASKED[asked] if asked is not None else None


def _tell(direction: str, titles: Sequence[Title], reply: Reply) -> None:
    """Say which of `titles` goes furthest in `direction`, and how far the others go."""
    language = reply.language
    measure, most = MEASURES[direction]
    known = [title for title in titles if measure(title) is not None]
    if len(known) < 2:
        reply.say("utter_compare_unknown")
        return
    known.sort(key=lambda title: measure(title) or 0.0, reverse=most)
    first, second = measure(known[0]), measure(known[1])
    values = [
        phrase(
            "utter_compare_value",
            language,
            title=title.name(language),
            value=_value(title, direction, language),
        )
        for title in known
    ]
    response = "utter_compare_equal" if first == second else f"utter_compare_{direction}"
    reply.say(response, title=known[0].name(language), list=listed(values, language))
    if first != second:
        reply.focus(known[0])


def _value(title: Title, direction: str, language: str) -> str:
    measure, _ = MEASURES[direction]
    if measure is _runtime:
        return length_text(title, language) or ""
    if measure is _score:
        return f"{title.score:.1f}"
    if measure is _known:
        return phrase("utter_compare_reviews", language, n=title.reviews)
    return str(title.year)


def _line(title: Title, language: str) -> str:
    facts = [
        length_text(title, language),
        phrase("utter_compare_score", language, score=f"{title.score:.1f}")
        if title.score is not None
        else None,
        listed(genres_text(title.genres[:3], language), language),
    ]
    return phrase(
        "utter_compare_line",
        language,
        title=label_with_year(title, language),
        facts=" · ".join(fact for fact in facts if fact),
    )
