"""What the viewer has asked to see: kept between turns, refined, relaxed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from statistics import median
from typing import Any

from bot.catalogue.filters import Filters
from bot.catalogue.lexicon import mood_tastes
from bot.catalogue.title import Title
from bot.conversation.entity import Entity

MOOD_OF_DIRECTION = {
    "lighter": "light",
    "darker": "dark",
    "funnier": "funny",
}
# The order in which wishes are given up when nothing matches: the vaguest first.
RELAXATIONS = (
    ("runtime_min", "runtime_max"),
    ("score_min",),
    ("year_from", "year_to"),
    ("languages",),
    ("countries",),
    ("genres",),
    ("people",),
    ("kinds",),
)


@dataclass(frozen=True)
class StandingRequest:
    """Filters that must hold, tastes that should, and titles to be like.

    `tastes` maps features of the recommender ("genre:Comedy", "popular") to weights.
    """

    filters: Filters = field(default_factory=Filters)
    tastes: Mapping[str, float] | None = None
    moods: tuple[str, ...] = ()
    similar_to: tuple[str, ...] = ()
    count: int | None = None

    def to_slot(self) -> dict[str, Any]:
        """The JSON form kept in the slot `request`."""
        kept = {k: v for k, v in asdict(self.filters).items() if v not in (None, (), [])}
        kept = {k: list(v) if isinstance(v, tuple) else v for k, v in kept.items()}
        return {
            "filters": kept,
            "tastes": dict(self.tastes or {}),
            "moods": list(self.moods),
            "similar_to": list(self.similar_to),
            "count": self.count,
        }

    @classmethod
    def from_slot(cls, value: Any) -> StandingRequest | None:
        """Read the slot; none when there is no request."""
        if not isinstance(value, Mapping):
            return None
        filters: dict[str, Any] = {
            key: tuple(item) if isinstance(item, list) else item
            for key, item in (value.get("filters") or {}).items()
            if key in Filters.__dataclass_fields__
        }
        return cls(
            filters=Filters(**filters),
            tastes=dict(value.get("tastes") or {}),
            moods=tuple(value.get("moods") or ()),
            similar_to=tuple(value.get("similar_to") or ()),
            count=value.get("count"),
        )

    def with_entities(self, entities: Iterable[Entity]) -> StandingRequest:
        """This request with what the viewer just said; what they did not mention stays."""
        filters = self.filters
        moods = list(self.moods)
        similar = self.similar_to
        count = self.count
        wanted: dict[str, list[str]] = {}
        refused: dict[str, list[str]] = {}
        for entity in entities:
            key = entity.id or entity.value if entity.name in ("title", "person") else entity.value
            if entity.name in ("genre", "country", "spoken_language", "person", "kind", "title"):
                if isinstance(key, str):
                    (refused if entity.negated else wanted).setdefault(entity.name, []).append(key)
            elif entity.name == "mood" and isinstance(key, str):
                if entity.negated:
                    moods = [*[m for m in moods if m != key], "-" + key]
                else:
                    moods = [*[m for m in moods if m != "-" + key], key]
            elif entity.name == "years" and isinstance(key, Mapping):
                first, last = _limits(key.get("from"), key.get("to"), entity.negated)
                filters = replace(filters, year_from=first, year_to=last)
            elif entity.name == "runtime" and isinstance(key, Mapping):
                least, most = _limits(key.get("min"), key.get("max"), entity.negated)
                filters = replace(filters, runtime_min=least, runtime_max=most)
            elif entity.name == "audience" and not entity.negated:
                audience = key if key in ("children", "family") else None
                filters = replace(filters, audience=audience)
            elif entity.name == "number" and isinstance(key, int) and 2 <= key <= 10:
                # "a film", 一部: a manner of speaking, not a wish for one title only.
                count = key
        if "genre" in wanted:
            filters = replace(
                filters,
                genres=_unique(wanted["genre"]),
                not_genres=tuple(g for g in filters.not_genres if g not in wanted["genre"]),
            )
        if "genre" in refused:
            filters = replace(
                filters,
                genres=tuple(g for g in filters.genres if g not in refused["genre"]),
                not_genres=_unique([*filters.not_genres, *refused["genre"]]),
            )
        if "country" in wanted:
            filters = replace(filters, countries=_unique(wanted["country"]))
        if "country" in refused:
            filters = replace(
                filters, not_countries=_unique([*filters.not_countries, *refused["country"]])
            )
        if "spoken_language" in wanted:
            filters = replace(filters, languages=_unique(wanted["spoken_language"]))
        if "spoken_language" in refused:
            languages = _unique([*filters.not_languages, *refused["spoken_language"]])
            filters = replace(filters, not_languages=languages)
        if "person" in wanted:
            filters = replace(filters, people=_unique(wanted["person"]))
        if "person" in refused:
            filters = replace(
                filters,
                people=tuple(p for p in filters.people if p not in refused["person"]),
                not_people=_unique([*filters.not_people, *refused["person"]]),
            )
        if "kind" in wanted:
            filters = replace(filters, kinds=_unique(wanted["kind"]))
        elif "kind" in refused:
            others = tuple(k for k in ("film", "series") if k not in refused["kind"])
            filters = replace(filters, kinds=others)
        if "title" in wanted:
            similar = _unique(wanted["title"])
        if "title" in refused:
            filters = replace(filters, exclude=_unique([*filters.exclude, *refused["title"]]))
        return replace(self, filters=filters, moods=tuple(moods), similar_to=similar, count=count)

    def moved(self, directions: Iterable[str], shown: Iterable[Title]) -> StandingRequest:
        """This request, moved ("shorter", "newer", …) from the titles shown last."""
        filters, moods, tastes = self.filters, list(self.moods), dict(self.tastes or {})
        shown = list(shown)
        runtimes = sorted(t.runtime for t in shown if t.runtime)
        years = sorted(t.year for t in shown if t.year)
        for direction in directions:
            if direction == "shorter":
                longest = round(median(runtimes)) - 1 if runtimes else 100
                filters = replace(filters, runtime_max=longest, runtime_min=None)
            elif direction == "longer":
                shortest = round(median(runtimes)) + 1 if runtimes else 120
                filters = replace(filters, runtime_min=shortest, runtime_max=None)
            elif direction == "newer":
                start = round(median(years)) + 1 if years else 2005
                filters = replace(filters, year_from=start, year_to=None)
            elif direction == "older":
                end = round(median(years)) - 1 if years else 1985
                filters = replace(filters, year_to=end, year_from=None)
            elif direction in MOOD_OF_DIRECTION:
                moods.append(MOOD_OF_DIRECTION[direction])
            elif direction == "less_violent":
                # "Less scary" after "something scary": the wish itself is turned round.
                turned = [mood for mood in moods if mood in ("scary", "violent")] or ["violent"]
                moods = [mood for mood in moods if mood not in turned]
                moods += [f"-{mood}" for mood in turned]
            elif direction == "more_popular":
                tastes["popular"] = 1.0
            elif direction == "less_known":
                tastes["popular"] = -1.0
            elif direction == "better":
                filters = replace(filters, score_min=7.0)
        return replace(self, filters=filters, moods=tuple(dict.fromkeys(moods)), tastes=tastes)

    def weights(self) -> dict[str, float]:
        """Tastes for the recommender: moods spelt out as features, with their signs."""
        weights: dict[str, float] = dict(self.tastes or {})
        for mood in self.moods:
            sign = -1.0 if mood.startswith("-") else 1.0
            for feature, weight in mood_tastes(mood.lstrip("-")).items():
                weights[feature] = weights.get(feature, 0.0) + sign * weight
        return weights

    def set_filters(self) -> frozenset[str]:
        """The names of the filters that hold anything."""
        return frozenset(
            each.name
            for each in fields(self.filters)
            if getattr(self.filters, each.name) not in (None, ())
        )

    def relaxed(
        self, newest: Collection[str] = ()
    ) -> Iterable[tuple[StandingRequest, tuple[str, ...]]]:
        """Ever wider requests, each with the names of the filters given up so far.

        Args:
            newest: names of filters asked for last, which are given up last.
        """
        given_up: tuple[str, ...] = ()
        request = self
        for names in sorted(RELAXATIONS, key=lambda names: not set(names).isdisjoint(newest)):
            set_now = [n for n in names if n in request.set_filters()]
            if not set_now:
                continue
            empty = {n: getattr(Filters(), n) for n in set_now}
            request = replace(request, filters=replace(request.filters, **empty))
            given_up = (*given_up, *set_now)
            yield request, given_up


def _limits(low: int | None, high: int | None, refused: bool) -> tuple[int | None, int | None]:
    """The limits from `low` to `high`; refused, what is left on the open side of them.

    "Nothing from before 2000" is from 2000 on. What is refused in the middle leaves no limits.
    """
    if not refused:
        return low, high
    if low is None and high is not None:
        return high + 1, None
    if high is None and low is not None:
        return None, low - 1
    return None, None


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
