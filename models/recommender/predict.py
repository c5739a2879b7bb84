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
from models.recommender.collaborative import Collaborative
from models.recommender.mixture import POOL as WIDENED

# How much a rating from 0.5 to 5 speaks for (or against) what is like it.
OPINIONS = {5.0: 1.2, 4.5: 1.1, 4.0: 1.0, 3.5: 0.6, 3.0: 0.2, 2.5: -0.1, 2.0: -0.5, 1.5: -0.8}
WORST = -1.0
# What a dislike weighs as an input of the collaborative models, beside grades up to 1.
AGAINST = 0.3
# The parts of a score: standardised collaborative scores reach about 6, the others 1.
COLLABORATIVE, CONTENT, TASTE, QUALITY, POPULARITY = 0.35, 2.5, 3.0, 1.0, 0.8
# Few ratings say little: their weight is n / (n + SHRINKAGE).
SHRINKAGE = 2.0
# The titles shown together should differ: Carbonell & Goldstein (1998), maximal marginal relevance.
DIVERSITY, POOL = 0.8, 60
# When titles are named to be like, they count more than the viewer's past, likeness more than
# anything else, and quality and fame less.
BACKGROUND, NAMED = 0.2, 1.5
LIKENESS, FADED = 2.0, 0.5


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
        self._item = {item: i for i, item in enumerate(items)}
        # Where the rated items stand among all titles.
        self._item_place = np.array([self._place[item] for item in items], dtype=np.int64)
        self._models = Collaborative(arrays, weights)
        self._rarity = np.zeros(len(titles), np.float32)
        self._rarity[self._item_place] = COLLABORATIVE * widening * arrays["rarity"]
        shape = (len(titles), len(feature_names))
        self._matrix = sparse.csr_matrix(
            (arrays["matrix_data"], arrays["matrix_indices"], arrays["matrix_indptr"]), shape
        )
        self._by_feature = self._matrix.tocsc()
        self._prior = QUALITY * arrays["quality"] + POPULARITY * arrays["popularity"]
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
        opinions = self._opinions(ratings, similar_to)
        prior = self._prior * (FADED if similar_to else 1.0)
        scores = prior + self._scores(opinions, bool(similar_to)) + self._tastes(tastes or {})
        allowed = np.zeros(len(self.titles), dtype=bool)
        if candidates is None:
            allowed[:] = True
        else:
            allowed[[self._place[title] for title in candidates if title in self._place]] = True
        without = (*exclude, *similar_to)
        allowed[[self._place[title] for title in without if title in self._place]] = False
        trust = 0.0 if similar_to else _trust(len(opinions))
        chosen = self._diverse(np.where(allowed, scores, -np.inf), k, trust)
        liked = [title for title, opinion in opinions.items() if opinion > 0]
        drops = self._drops(chosen, opinions, liked, bool(similar_to))
        return [
            self._explained(place, float(scores[place]), liked, drops[:, i], similar_to, tastes)
            for i, place in enumerate(chosen)
        ]

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

    def _scores(self, opinions: Mapping[str, float], like: bool) -> np.ndarray:
        """Collaborative and content score of every title; `like`: titles were named."""
        scores = np.zeros(len(self.titles), np.float32)
        if not opinions:
            return scores
        scores += self._matrix @ self._profile(opinions, like)
        rated, given = self._inputs(opinions)
        if len(rated):
            trust = COLLABORATIVE * _trust(len(rated))
            scores[self._item_place] += trust * self._models.scores(rated, given)
        return scores

    def _profile(self, opinions: Mapping[str, float], like: bool) -> np.ndarray:
        """What the viewer likes titles to be made of (features), scaled to a score."""
        weights = np.array(list(opinions.values()), np.float32)
        rows = self._matrix[[self._place[title] for title in opinions]]
        return _scaled(np.asarray(weights @ rows).ravel(), weights, like)

    def _inputs(self, opinions: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """Items that somebody rated among those the viewer has an opinion of, and its grade."""
        known = [
            (self._item[title], value) for title, value in opinions.items() if title in self._item
        ]
        rated = np.array([item for item, _ in known], np.int64)
        given = np.array([_graded(value) for _, value in known], np.float32)
        return rated, given

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

    def _diverse(self, scores: np.ndarray, k: int, trust: float) -> list[int]:
        """The places of the `k` best, each chosen against those before it.

        `trust` is how much the rare among the very best are put ahead (see `mixture.widened`).
        """
        possible = int(np.isfinite(scores).sum())
        size = min(POOL, possible)
        if not size:
            return []
        pool = np.argpartition(-scores, size - 1)[:size]
        pool = pool[np.argsort(-scores[pool], kind="stable")]
        rows = self._matrix[pool]
        values = scores[pool].astype(np.float64)
        values[:WIDENED] += trust * self._rarity[pool[:WIDENED]]
        chosen = rerank.marginal(values, (rows @ rows.T).toarray(), DIVERSITY, k)
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

    def _drops(
        self, places: Sequence[int], opinions: Mapping[str, float], liked: Sequence[str], like: bool
    ) -> np.ndarray:
        """How much each title at `places` loses when each of `liked` is left out (liked × places).

        The content part is linear in the opinions; the collaborative one is scored anew.
        """
        if not liked or not places:
            return np.zeros((len(liked), len(places)), np.float32)
        titles = list(opinions)
        weights = np.array([opinions[title] for title in titles])
        rows = self._matrix[[self._place[title] for title in titles]]
        likeness = (rows @ self._matrix[list(places)].T).toarray() * weights[:, None]
        left_out = [titles.index(title) for title in liked]
        whole = _scaled(likeness.sum(axis=0), weights, like)
        drops = np.array(
            [
                whole - _scaled(likeness.sum(axis=0) - likeness[i], np.delete(weights, i), like)
                for i in left_out
            ]
        )
        rated, given = self._inputs(opinions)
        shown = [(i, self._item.get(self.titles[place])) for i, place in enumerate(places)]
        columns = [(i, item) for i, item in shown if item is not None]
        if len(rated) and columns:
            places_of = np.array([item for _, item in columns])
            full, less = _trust(len(rated)), _trust(len(rated) - 1)
            scores = self._models.scores(rated, given)[places_of]
            lost = less * self._models.without(rated, given, places_of) + (full - less) * scores
            row_of = {item: row for row, item in enumerate(rated.tolist())}
            for row, title in enumerate(liked):
                if (item := self._item.get(title)) is not None:
                    drops[row, [i for i, _ in columns]] += COLLABORATIVE * lost[row_of[item]]
        return drops


def _scaled(likeness: np.ndarray, weights: np.ndarray, like: bool) -> np.ndarray:
    """Summed likeness to what the viewer liked, as a score; `like`: titles were named."""
    trust = LIKENESS if like else _trust(len(weights))
    return CONTENT * trust / max(float(np.abs(weights).sum()), 1.0) * likeness


def _trust(count: int) -> float:
    """Few ratings say little."""
    return count / (count + SHRINKAGE)


def _graded(opinion: float) -> float:
    """The grade of a rating from its opinion: dislikes weigh against, a little."""
    return AGAINST * opinion if opinion < 0 else min(opinion, 1.0)
