"""What a viewer can do in a turn, and the agenda: a stack of what is still to be said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.simulator.goal import Constraint

# Acts after which titles are expected.
SEARCHING = frozenset({"open", "inform", "insist", "change", "restate", "more"})
# For each act, what the assistant may rightly take it for (its intents).
INTENTS: dict[str, frozenset[str]] = {
    "greet": frozenset({"greet", "how_are_you"}),
    "open": frozenset({"recommend", "refine", "ask_filmography"}),
    "inform": frozenset({"recommend", "refine", "more_options", "ask_filmography"}),
    "insist": frozenset({"recommend", "refine", "more_options", "complain_bot"}),
    "change": frozenset({"recommend", "refine", "more_options", "ask_filmography"}),
    "restate": frozenset({"recommend", "refine", "ask_filmography"}),
    "more": frozenset({"more_options", "refine", "recommend"}),
    "seen": frozenset({"seen_title"}),
    "refuse": frozenset({"refuse_title", "more_options"}),
    "take": frozenset({"choose", "play_title", "watchlist_add", "ask_title", "thank", "affirm"}),
    "keep": frozenset({"watchlist_add"}),
    "director": frozenset({"ask_director"}),
    "cast": frozenset({"ask_cast"}),
    "year": frozenset({"ask_year"}),
    "runtime": frozenset({"ask_runtime"}),
    "episode": frozenset({"ask_runtime"}),
    "country": frozenset({"ask_country"}),
    "genre": frozenset({"ask_genre"}),
    "plot": frozenset({"ask_plot", "ask_title"}),
    "score": frozenset({"ask_score"}),
    "seasons": frozenset({"ask_seasons"}),
    "aside_service": frozenset({"service_question"}),
    "aside_bot": frozenset({"bot_challenge"}),
    "aside_feelings": frozenset({"how_are_you"}),
    "aside_weather": frozenset({"out_of_scope", "nlu_fallback"}),
    "thank": frozenset({"thank", "praise_bot", "goodbye"}),
    "bye": frozenset({"goodbye", "thank"}),
    "leave": frozenset({"goodbye", "complain_bot", "deny"}),
}


@dataclass(frozen=True)
class Act:
    """One thing to say or press.

    `kind` is a key of `INTENTS` or one of "ask" (a fact), "name", "which", "neither", "rate",
    "unsure", "deny", "aside" and "press"; `about` is the id of the title meant, `detail` the fact,
    the topic of the aside or the payload pressed.
    """

    kind: str
    constraints: tuple[Constraint, ...] = ()
    about: str | None = None
    detail: str = ""

    @property
    def name(self) -> str:
        """What it is counted as: a question by the fact it asks for, an aside by its topic."""
        if self.kind == "aside":
            return f"aside_{self.detail}"
        return self.detail if self.kind == "ask" else self.kind


class Agenda:
    """A stack of acts: the last one pushed is the next one said."""

    def __init__(self, acts: Iterable[Act] = ()) -> None:
        self._stack: list[Act] = []
        self.push(*acts)

    def __len__(self) -> int:
        return len(self._stack)

    def __iter__(self) -> Iterator[Act]:
        """The acts, from the bottom up."""
        return iter(list(self._stack))

    def __contains__(self, act: object) -> bool:
        return act in self._stack

    def push(self, *acts: Act) -> None:
        """Put `acts` on top, the last uppermost; one that waits further down is moved up."""
        for act in acts:
            if act in self._stack:
                self._stack.remove(act)
            self._stack.append(act)

    def pop(self) -> Act:
        """Take the uppermost act.

        Raises:
            IndexError: the agenda is empty.
        """
        return self._stack.pop()

    def top(self) -> Act | None:
        """The uppermost act, left where it is."""
        return self._stack[-1] if self._stack else None

    def drop(self, unwanted: Callable[[Act], bool]) -> None:
        """Take out every act that `unwanted` holds of."""
        self._stack = [act for act in self._stack if not unwanted(act)]
