"""One conversation between a simulated viewer and the assistant, and what is counted of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from bot.agent import Answer
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.simulator.acts import INTENTS, SEARCHING, Act
from bot.simulator.goal import Constraint, Goal, draw
from bot.simulator.heard import Heard
from bot.simulator.kinds import KINDS
from bot.simulator.outcome import FALLBACKS, Outcome
from bot.simulator.viewer import Viewer
from bot.simulator.wording import Voice

MOST_TURNS = 24
Send = Callable[[str], Awaitable[Answer]]


def cast(number: int, seed: int, catalogue: Catalogue) -> tuple[Viewer, Voice]:
    """The viewer of conversation `number`: the kinds take turns, and in each the languages."""
    rng = Random(f"{seed}/{number}")
    kind = KINDS[number % len(KINDS)]
    language = kind.languages[number // len(KINDS) % len(kind.languages)]
    goal = draw(kind, catalogue, language, rng)
    viewer = Viewer(kind, language, goal, catalogue, rng)
    return viewer, Voice(language, catalogue, rng, kind.slips, series=kind.series)


@dataclass(frozen=True)
class Exchange:
    """What was said and answered in a turn.

    `told` is what the viewer had said of their wish by then, `shown` what they saw last;
    `informed`: a fact they had asked for came; `failure` is an exception that escaped the
    assistant.
    """

    acts: Sequence[Act]
    text: str
    answer: Answer
    failure: str
    told: Sequence[Constraint]
    shown: Sequence[Title]
    informed: bool

    @cached_property
    def heard(self) -> Heard:
        """The answer as the viewer reads it."""
        return Heard.read(self.answer)

    @property
    def last(self) -> Act:
        """The act that the answer is to."""
        return self.acts[-1]


async def play(viewer: Viewer, voice: Voice, send: Send) -> Outcome:
    """Have the conversation until the viewer is done or leaves."""
    outcome = Outcome(viewer.kind.name, viewer.language)
    outcome.transcript.append({"goal": _written(viewer.goal)})
    said_before: set[str] = set()
    at_hand: str | None = None
    since = 0
    while not viewer.done() and outcome.turns < MOST_TURNS:
        goal, found, answered = viewer.goal, viewer.found, len(viewer.answered)
        acts = viewer.next()
        text = voice.say(acts, viewer.shown, at_hand)
        told, shown = list(viewer.told), list(viewer.shown)
        answer, failure = await _sent(send, text)
        viewer.hear(Heard.read(answer))
        outcome.turns += 1
        since = since + 1 if viewer.goal is goal else 0
        if found is None and viewer.found is not None:
            outcome.first = since
        informed = len(viewer.answered) > answered
        exchange = Exchange(acts, text, answer, failure, told, shown, informed)
        at_hand = _at_hand(exchange, at_hand)
        notes = problems(exchange, viewer, said_before)
        said_before.update(exchange.heard.texts)
        outcome.count(notes, exchange.last.kind)
        outcome.transcript.append(_written_turn(exchange, notes))
    outcome.close(viewer.satisfied)
    outcome.facts = len(viewer.answered) + len(viewer.missed)
    outcome.facts_told = len(viewer.answered)
    outcome.transcript.append({"success": outcome.success, "missed": viewer.missed})
    return outcome


async def _sent(send: Send, text: str) -> tuple[Answer, str]:
    """The answer; an exception is an empty answer and its text."""
    try:
        return await send(text), ""
    except Exception as error:  # noqa: BLE001 - whatever escapes the assistant is what is counted
        return Answer((), (), (), (), "", (), 0.0), f"{type(error).__name__}: {error}"


def _at_hand(exchange: Exchange, before: str | None) -> str | None:
    """The title that "it" means to the viewer after this turn."""
    shown = exchange.heard.title_ids
    if shown:
        return shown[0] if len(shown) == 1 else None
    about = [act.about for act in exchange.acts if act.about is not None]
    return about[-1] if about else before


def problems(exchange: Exchange, viewer: Viewer, said_before: Set[str]) -> list[str]:
    """What was poor in a turn, by the names of `Outcome`'s counts."""
    heard, answer, last = exchange.heard, exchange.answer, exchange.last
    titles = [viewer.catalogue.titles[i] for i in heard.title_ids]
    wrong = [t for t in titles if not all(each.met_by(t) for each in exchange.told)]
    fallback = FALLBACKS.intersection(answer.actions)
    found = {
        "errors": heard.failed,
        "misread": last.kind != "press"
        and all(answer.intent not in INTENTS.get(a.name, {answer.intent}) for a in exchange.acts),
        "fallbacks": fallback and last.name in INTENTS and last.name != "aside_weather",
        "other_language": viewer.language == ("en" if heard.is_chinese else "zh"),
        "same_text": any(text in said_before for text in heard.texts),
        "needless": _asks_needlessly(exchange),
        "dead_ends": _is_dead_end(exchange),
        "off": last.kind in SEARCHING and len(wrong) * 2 > len(titles) > 0,
    }
    return [name for name, holds in found.items() if holds]


def _asks_needlessly(exchange: Exchange) -> bool:
    """Whether something is asked for that the viewer has said, or that could be seen."""
    asked, last = exchange.heard.asked, exchange.last
    if exchange.heard.choices or "title" in asked:
        named = last.kind in ("name", "neither") or last.about in {t.id for t in exchange.shown}
        return named or (
            last.kind in SEARCHING and not any(e.slot == "like" for e in exchange.told)
        )
    if last.kind in SEARCHING and "wish" in asked and exchange.told:
        return True
    return any(each.slot in asked for each in exchange.told)


def _is_dead_end(exchange: Exchange) -> bool:
    """Whether what was asked was not done, and nothing is there to take up."""
    if exchange.heard.leads_on or exchange.heard.failed or exchange.informed:
        return False
    return exchange.last.kind in {"ask", "name", "which", *SEARCHING}


def _written(goal: Goal) -> dict[str, Any]:
    return {
        "constraints": [[each.slot, each.value] for each in goal.constraints],
        "change": [goal.change.slot, goal.change.value] if goal.change else None,
        "requests": goal.requests,
        "seen": sorted(goal.seen),
    }


def _written_turn(exchange: Exchange, notes: list[str]) -> dict[str, Any]:
    """One turn as it is written to the transcript."""
    heard, answer = exchange.heard, exchange.answer
    cards = [f"{card['title']} ({card.get('year')}) [{card['id']}]" for card in heard.cards]
    return {
        "acts": [act.name for act in exchange.acts],
        "viewer": exchange.text,
        "intent": answer.intent,
        "actions": list(answer.actions),
        "usher": list(heard.texts),
        "cards": cards,
        "buttons": [button.label for button in heard.buttons],
        "notes": [*notes, exchange.failure] if exchange.failure else notes,
    }
