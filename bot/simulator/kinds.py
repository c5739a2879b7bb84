"""The kinds of viewers: what they want, how they say it, and how much they put up with."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

BOTH = ("en", "zh")
ANYTHING = ("director", "cast", "year", "runtime", "plot", "country", "genre", "score")


@dataclass(frozen=True)
class Kind:
    """How a viewer is.

    Attributes:
        wants: groups of constraints; of each group one is chosen.
        opener: the wording of the first request.
        at_once: constraints said in one message; 0: the first message has none.
        patience: turns in vain before the viewer leaves.
        facts: the least and the most facts asked about the title found, of those in `asks`.
        seen: share of the best known acceptable titles that the viewer has seen.
        presses: how often a button is pressed where one will do.
        elsewhere: how often a fact is asked of another of the titles shown.
        slips: how often a word is mistyped.
        asides: how often something else is asked in between.
        thanks: how often the viewer says thanks and goodbye at the end.
    """

    name: str
    wants: tuple[tuple[str, ...], ...]
    opener: str = "open"
    at_once: int = 2
    patience: int = 5
    facts: tuple[int, int] = (0, 1)
    asks: tuple[str, ...] = ANYTHING
    seen: float = 0.1
    presses: float = 0.35
    elsewhere: float = 0.0
    slips: float = 0.0
    asides: float = 0.0
    greets: float = 0.2
    thanks: float = 0.7
    changes_mind: bool = False
    series: bool = False
    languages: tuple[str, ...] = BOTH

    def slots(self, rng: Random) -> list[str]:
        """What a viewer of this kind constrains, in the order they think of it."""
        return [rng.choice(group) for group in self.wants]


_PLACE = ("country", "language", "years")
KINDS = (
    Kind("decided", (("genre",), ("years",), ("runtime", "country", "not_genre")), at_once=3),
    Kind("vague", (("genre",), ("years", "runtime")), opener="vague", at_once=1, patience=7),
    Kind("impatient", (("genre",), ("years", "runtime")), patience=2, greets=0.0, thanks=0.1),
    Kind("picky", (("genre",), ("years", "country")), seen=0.65, facts=(1, 2), presses=0.6),
    Kind("changes mind", (("genre",), _PLACE), changes_mind=True),
    Kind("code-mixing", (("genre",), _PLACE), facts=(1, 2), languages=("mixed",)),
    Kind("mistyping", (("genre",), ("years", "runtime")), facts=(1, 2), slips=0.25, presses=0.1),
    Kind("person-led", (("person",), ("years", "genre")), opener="person", at_once=1, facts=(1, 2)),
    Kind("couple", (("genre",), ("genre_too",), ("not_genre", "runtime")), opener="couple"),
    Kind(
        "parent",
        (("audience",), ("runtime", "years")),
        opener="parent",
        facts=(1, 1),
        asks=("runtime", "plot"),
    ),
    Kind("late at night", (("runtime",), ("genre",)), opener="late", patience=3, asks=("runtime",)),
    Kind("fact-seeker", (("genre",), _PLACE), facts=(3, 4), elsewhere=0.3, presses=0.1),
    Kind(
        "series binger",
        (("kind",), ("genre", "country"), ("years", "not_genre")),
        facts=(1, 2),
        asks=("seasons", "episode", "cast", "year", "country"),
        series=True,
    ),
    Kind(
        "contrarian",
        (("not_genre",), ("not_genre",), ("not_country", "years"), ("genre",)),
        opener="contrary",
        at_once=3,
        patience=4,
    ),
    Kind("fan", (("like",), ("years", "not_genre", "runtime")), opener="like", at_once=1),
    Kind("wanderer", (("genre",), ("years", "runtime")), asides=0.9, greets=0.8, facts=(1, 2)),
)
