"""Recommending by fold-in: a viewer's ratings go in, the best titles come out; nothing retrains.

The score of a title is a sum of what collaborative filtering says (EASE and Mult-DAE,
standardised and mixed), how much it is made of what the viewer liked, how it meets the tastes
asked for, and how good and known it is. Each part is linear or batched, so the rating that a
recommendation rests on is found by leaving it out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from models.artefact import load
from models.recommender import autoencoder
from models.recommender.artefact import NAME, VERSION

# How much a rating from 0.5 to 5 speaks for (or against) what is like it.
OPINIONS = {5.0: 1.2, 4.5: 1.1, 4.0: 1.0, 3.5: 0.6, 3.0: 0.2, 2.5: -0.1, 2.0: -0.5, 1.5: -0.8}
WORST = -1.0
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
        share: float,
        arrays: Mapping[str, np.ndarray],
    ) -> None:
        self.titles = titles
        self._place = {title: i for i, title in enumerate(titles)}
        self._feature = {name: i for i, name in enumerate(feature_names)}
        self._item = {item: i for i, item in enumerate(items)}
        # Where the rated items stand among all titles.
        self._item_place = np.array([self._place[item] for item in items], dtype=np.int64)
        self._share = share
        self._ease = arrays["ease"]
        self._deep = {
            key: arrays[key] for key in ("encoder", "encoder_bias", "decoder", "decoder_bias")
        }
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
            facts["titles"], facts["features"], facts["items"], facts["share"], artefact.arrays
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
        chosen = self._diverse(np.where(allowed, scores, -np.inf), k)
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
        items = self._collaborative([opinions])
        if items is not None:
            scores[self._item_place] += items[0]
        return scores

    def _profile(self, opinions: Mapping[str, float], like: bool) -> np.ndarray:
        """What the viewer likes titles to be made of (features), scaled to a score."""
        weights = np.array(list(opinions.values()), np.float32)
        rows = self._matrix[[self._place[title] for title in opinions]]
        return _scaled(np.asarray(weights @ rows).ravel(), weights, like)

    def _collaborative(self, batch: Sequence[Mapping[str, float]]) -> np.ndarray | None:
        """Scores (n × rated items) of several sets of opinions; none where no title is rated."""
        signed = np.zeros((len(batch), len(self._item_place)), np.float32)
        for row, opinions in enumerate(batch):
            for title, opinion in opinions.items():
                item = self._item.get(title)
                if item is not None:
                    signed[row, item] = opinion
        if not signed.any():
            return None
        # Only the rows of what was rated take part: a handful of all items.
        rated = np.flatnonzero(signed.any(axis=0))
        given = signed[:, rated]
        linear = _standardised(given @ self._ease[rated])
        encoder = {**self._deep, "encoder": self._deep["encoder"][rated]}
        deep = _standardised(autoencoder.score(encoder, np.maximum(given, 0)))
        # A viewer who only dislikes tells the autoencoder nothing.
        deep *= (signed > 0).any(axis=1, keepdims=True)
        counts = (signed != 0).sum(axis=1, keepdims=True)
        mixed = (1 - self._share) * linear + self._share * deep
        return COLLABORATIVE * counts / (counts + SHRINKAGE) * mixed

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

    def _diverse(self, scores: np.ndarray, k: int) -> list[int]:
        """The places of the `k` best, each chosen against those before it."""
        possible = int(np.isfinite(scores).sum())
        size = min(POOL, possible)
        if not size:
            return []
        pool = np.argpartition(-scores, size - 1)[:size]
        pool = pool[np.argsort(-scores[pool], kind="stable")]
        rows = self._matrix[pool]
        alike = (rows @ rows.T).toarray()
        chosen: list[int] = []
        nearest = np.zeros(size, np.float32)
        values = scores[pool].astype(np.float64)
        for _ in range(min(k, size)):
            best = int(np.argmax(values - DIVERSITY * nearest))
            chosen.append(best)
            values[best] = -np.inf
            nearest = np.maximum(nearest, alike[best])
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
        rated = [(i, self._item.get(self.titles[place])) for i, place in enumerate(places)]
        columns = [(i, item) for i, item in rated if item is not None]
        every = [opinions, *({k: v for k, v in opinions.items() if k != title} for title in liked)]
        items = self._collaborative(every) if columns else None
        if items is not None:
            for i, item in columns:
                drops[:, i] += items[0, item] - items[1:, item]
        return drops


def _scaled(likeness: np.ndarray, weights: np.ndarray, like: bool) -> np.ndarray:
    """Summed likeness to what the viewer liked, as a score; `like`: titles were named."""
    trust = LIKENESS if like else len(weights) / (len(weights) + SHRINKAGE)
    return CONTENT * trust / max(float(np.abs(weights).sum()), 1.0) * likeness


def _standardised(scores: np.ndarray) -> np.ndarray:
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 1e-9, spread, 1.0)
