"""Recommending by fold-in: a viewer's ratings go in, the best titles come out; nothing retrains.

The score of a title is a sum of what collaborative filtering says (`collaborative`), how much it
is made of what the viewer liked, how it meets the tastes asked for, and how good and known it is.
Each part tells cheaply what it loses when a rating is left out, so the rating that a
recommendation rests on is found that way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from models.artefact import load
from models.recommender import rerank
from models.recommender.artefact import NAME, VERSION
from models.recommender.collaborative import Collaborative, Reading
from models.recommender.content import Content, trust
from models.recommender.mixture import POOL as WIDENED

# How much a rating from 0.5 to 5 speaks for (or against) what is like it.
OPINIONS = {5.0: 1.2, 4.5: 1.1, 4.0: 1.0, 3.5: 0.6, 3.0: 0.2, 2.5: -0.1, 2.0: -0.5, 1.5: -0.8}
WORST = -1.0
# What a dislike weighs as an input of the collaborative models, beside grades up to 1.
AGAINST = 0.5
# The parts of a score: standardised collaborative scores reach about 6, the others 1.
COLLABORATIVE, TASTE, QUALITY, POPULARITY = 0.35, 3.0, 1.0, 0.8
# The titles shown together should differ: Carbonell & Goldstein (1998), maximal marginal relevance.
DIVERSITY, POOL = 0.4, 60
# When titles are named to be like, they count more than the viewer's past, likeness more than
# anything else, and quality and fame less.
BACKGROUND, NAMED, FADED = 0.2, 1.5, 0.5


@dataclass(frozen=True)
class Recommendation:
    """A title with its score, and what it rests on.

    `reason` is "similar" (to the titles asked for), "liked" (because of the ratings in
    `because`), "taste" (the tastes asked for) or "popular".
    """

    title_id: str
    score: float
    because: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Viewer:
    """Opinions by title, their places and values, whether titles were named to be like, and what
    other viewers' ratings say; None where nobody rated what the viewer did."""

    titles: Mapping[str, float]
    places: np.ndarray
    opinions: np.ndarray
    named: bool
    reading: Reading | None


class Recommender:
    """The trained recommender in memory."""

    def __init__(
        self,
        titles: Sequence[str],
        feature_names: Sequence[str],
        items: Sequence[str],
        weights: Mapping[str, float],
        widening: float,
        arrays: Mapping[str, np.ndarray],
    ) -> None:
        self.titles = titles
        self._place = {title: i for i, title in enumerate(titles)}
        self._feature = {name: i for i, name in enumerate(feature_names)}
        # Where the rated items stand among all titles.
        self._item_place = np.array([self._place[item] for item in items], dtype=np.int64)
        self._item_of = np.full(len(titles), -1, np.int64)
        self._item_of[self._item_place] = np.arange(len(items))
        self._models = Collaborative(arrays, weights)
        self._rarity = np.zeros(len(titles), np.float32)
        self._rarity[self._item_place] = COLLABORATIVE * widening * arrays["rarity"]
        shape = (len(titles), len(feature_names))
        self._matrix = sparse.csr_matrix(
            (arrays["matrix_data"], arrays["matrix_indices"], arrays["matrix_indptr"]), shape
        )
        self._content = Content(self._matrix)
        self._by_feature = self._matrix.tocsc()
        self._prior = (QUALITY * arrays["quality"] + POPULARITY * arrays["popularity"]).astype(
            np.float32
        )
        self._popularity = arrays["popularity"]

    @classmethod
    def load(cls, folder: Path) -> Recommender:
        """Read the artefact in `folder`.

        Raises:
            ArtefactError: it is missing, damaged, or of another version.
        """
        artefact = load(folder, NAME, VERSION)
        facts = artefact.facts
        return cls(
            facts["titles"],
            facts["features"],
            facts["items"],
            facts["weights"],
            facts["widening"],
            artefact.arrays,
        )

    def recommend(
        self,
        ratings: Mapping[str, float],
        *,
        candidates: Collection[str] | None = None,
        exclude: Collection[str] = (),
        similar_to: Sequence[str] = (),
        tastes: Mapping[str, float] | None = None,
        k: int = 5,
    ) -> list[Recommendation]:
        """The best `k` titles for a viewer, best first.

        Args:
            ratings: title id → 0.5 to 5; unknown ids are passed over.
            candidates: titles that may be recommended; none means all.
            exclude: titles that may not.
            similar_to: titles that the recommendations should be like, without being them.
            tastes: feature ("genre:Comedy", "popular", …) → weight, negative to avoid it.
            k: how many.
        """
        viewer = self._viewer(ratings, similar_to)
        scores = self._scores(viewer, tastes or {})
        allowed = np.zeros(len(self.titles), dtype=bool)
        if candidates is None:
            allowed[:] = True
        else:
            allowed[[self._place[title] for title in candidates if title in self._place]] = True
        without = (*exclude, *similar_to)
        allowed[[self._place[title] for title in without if title in self._place]] = False
        rare = 0.0 if similar_to else float(trust(len(viewer.titles)))
        chosen = self._diverse(np.where(allowed, scores, -np.inf), k, rare)
        liked = [title for title, opinion in viewer.titles.items() if opinion > 0]
        drops = self._drops(chosen, viewer, liked)
        return [
            self._explained(place, float(scores[place]), liked, drops[:, i], similar_to, tastes)
            for i, place in enumerate(chosen)
        ]

    def score(
        self, ratings: Mapping[str, float], tastes: Mapping[str, float] | None = None
    ) -> np.ndarray:
        """Score of every title (titles,) for a viewer, in the order of `titles`."""
        return self._scores(self._viewer(ratings, ()), tastes or {})

    def parts(
        self, ratings: Mapping[str, float], tastes: Mapping[str, float] | None = None
    ) -> dict[str, np.ndarray]:
        """The parts that `score` is the sum of, each (titles,): "fame" (how good and known a
        title is), and where there is ground for them "tastes", "content", "collaborative"."""
        return self._parts(self._viewer(ratings, ()), tastes or {})

    def _viewer(self, ratings: Mapping[str, float], similar_to: Sequence[str]) -> Viewer:
        opinions = self._opinions(ratings, similar_to)
        places = np.array([self._place[title] for title in opinions], np.int64)
        values = np.array(list(opinions.values()), np.float32)
        items = self._item_of[places] if len(places) else places
        rated = items >= 0
        against = np.where(values < 0, AGAINST * values, np.minimum(values, 1.0))
        reading = None
        if rated.any():
            reading = self._models.read(items[rated], against[rated].astype(np.float32))
        return Viewer(opinions, places, values, bool(similar_to), reading)

    def _opinions(
        self, ratings: Mapping[str, float], similar_to: Sequence[str]
    ) -> dict[str, float]:
        known = {
            title: OPINIONS.get(round(value * 2) / 2, WORST)
            for title, value in ratings.items()
            if title in self._place
        }
        if similar_to:
            known = {title: BACKGROUND * opinion for title, opinion in known.items()}
            known.update({title: NAMED for title in similar_to if title in self._place})
        return known

    def _scores(self, viewer: Viewer, tastes: Mapping[str, float]) -> np.ndarray:
        parts = self._parts(viewer, tastes)
        scores = parts.pop("fame") * np.float32(FADED if viewer.named else 1.0)
        for part in parts.values():
            scores += part
        return scores

    def _parts(self, viewer: Viewer, tastes: Mapping[str, float]) -> dict[str, np.ndarray]:
        parts = {"fame": self._prior}
        if tastes:
            parts["tastes"] = self._tastes(tastes)
        if len(viewer.places):
            parts["content"] = self._content.scores(viewer.places, viewer.opinions, viewer.named)
        if viewer.reading is not None:
            weight = COLLABORATIVE * trust(len(viewer.reading.rated))
            parts["collaborative"] = np.zeros(len(self.titles), np.float32)
            mixed = np.float32(weight) * self._models.scores(viewer.reading)
            parts["collaborative"][self._item_place] = mixed
        return parts

    def _tastes(self, tastes: Mapping[str, float]) -> np.ndarray:
        scores = np.zeros(len(self.titles), np.float32)
        total = sum(abs(weight) for name, weight in tastes.items() if name in self._feature)
        for name, weight in tastes.items():
            if name == "popular":
                scores += 2 * weight * self._popularity
            elif name in self._feature:
                column = self._by_feature[:, self._feature[name]]
                scores[column.indices] += TASTE * weight / max(total, 1.0)
        return scores

    def _diverse(self, scores: np.ndarray, k: int, rare: float) -> list[int]:
        """The places of the `k` best, each chosen against those before it.

        `rare` is how much the rare among the very best are put ahead (see `mixture.widened`).
        """
        possible = int(np.isfinite(scores).sum())
        size = min(POOL, possible)
        if not size:
            return []
        pool = np.argpartition(-scores, size - 1)[:size]
        pool = pool[np.argsort(-scores[pool], kind="stable")]
        values = scores[pool].astype(np.float64)
        values[:WIDENED] += rare * self._rarity[pool[:WIDENED]]
        chosen = rerank.marginal(
            values, lambda i: self._content.likeness(pool, pool[i]), DIVERSITY, k
        )
        return [int(pool[i]) for i in chosen]

    def _explained(
        self,
        place: int,
        score: float,
        liked: Sequence[str],
        drops: np.ndarray,
        similar_to: Sequence[str],
        tastes: Mapping[str, float] | None,
    ) -> Recommendation:
        title = self.titles[place]
        because: list[str] = []
        if liked:
            order = np.argsort(-drops, kind="stable")
            least = 0.05 * max(float(drops[order[0]]), 0.2)
            because = [liked[i] for i in order if drops[i] > least and liked[i] != title][:2]
        if similar_to and any(known in similar_to for known in because):
            because = [known for known in because if known in similar_to]
            return Recommendation(title, score, tuple(because), "similar")
        if because and not similar_to:
            return Recommendation(title, score, tuple(because), "liked")
        row = self._matrix[place]
        met = any(
            weight > 0 and self._feature.get(name) in row.indices
            for name, weight in (tastes or {}).items()
        )
        return Recommendation(title, score, (), "taste" if met else "popular")

    def _drops(self, places: Sequence[int], viewer: Viewer, liked: Sequence[str]) -> np.ndarray:
        """How much each title at `places` loses when each of `liked` is left out (liked × places).

        The content part is linear in the opinions; the collaborative one has a rank-one update.
        """
        if not liked or not places:
            return np.zeros((len(liked), len(places)), np.float32)
        shown = np.array(places)
        drops = self._content.lost(viewer.places, viewer.opinions, viewer.named, shown)
        items = self._item_of[shown]
        columns = np.flatnonzero(items >= 0)
        reading = viewer.reading
        if reading is not None and len(columns):
            full, less = trust(len(reading.rated)), trust(len(reading.rated) - 1)
            now = self._models.scores(reading)[items[columns]]
            lost = less * self._models.without(reading, items[columns]) + (full - less) * now
            rows = np.flatnonzero(self._item_of[viewer.places] >= 0)
            drops[np.ix_(rows, columns)] += COLLABORATIVE * lost
        return np.asarray(drops[viewer.opinions > 0])
