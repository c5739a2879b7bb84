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
COLLABORATIVE, CONTENT, TASTE, QUALITY, POPULARITY = 0.35, 2.5, 2.0, 1.0, 0.8
# Few ratings say little: their weight is n / (n + SHRINKAGE).
SHRINKAGE = 2.0
# The titles shown together should differ: Carbonell & Goldstein (1998), maximal marginal relevance.
DIVERSITY, POOL = 0.8, 60
# A title named in the request counts against the viewer's whole past.
BACKGROUND = 0.3


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
            similar_to: titles that the recommendations should be like.
            tastes: feature ("genre:Comedy", "popular", …) → weight, negative to avoid it.
            k: how many.
        """
        opinions = self._opinions(ratings, similar_to)
        scores = self._prior + self._opinion_scores(opinions) + self._taste_scores(tastes or {})
        allowed = np.zeros(len(self.titles), dtype=bool)
        if candidates is None:
            allowed[:] = True
        else:
            allowed[[self._place[title] for title in candidates if title in self._place]] = True
        allowed[[self._place[title] for title in exclude if title in self._place]] = False
        chosen = self._diverse(np.where(allowed, scores, -np.inf), k)
        return [
            self._explained(place, float(scores[place]), opinions, similar_to, tastes or {})
            for place in chosen
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
            known.update({title: 1.5 for title in similar_to if title in self._place})
        return known

    def _opinion_scores(self, opinions: Mapping[str, float]) -> np.ndarray:
        return self._batch_scores([opinions])[0]

    def _batch_scores(self, batch: Sequence[Mapping[str, float]]) -> np.ndarray:
        """Collaborative and content scores (n × titles) of several sets of opinions."""
        scores = np.zeros((len(batch), len(self.titles)), np.float32)
        signed = np.zeros((len(batch), len(self._item_place)), np.float32)
        for row, opinions in enumerate(batch):
            if not opinions:
                continue
            trust = len(opinions) / (len(opinions) + SHRINKAGE)
            places = [self._place[title] for title in opinions]
            weights = np.array(list(opinions.values()), np.float32)
            profile = np.asarray(weights @ self._matrix[places]).ravel()
            length = max(float(np.abs(weights).sum()), 1.0)
            scores[row] = CONTENT * trust * (self._matrix @ profile) / length
            for title, opinion in opinions.items():
                item = self._item.get(title)
                if item is not None:
                    signed[row, item] = opinion
        rated = np.flatnonzero(np.abs(signed).sum(axis=1))
        if len(rated):
            signed = signed[rated]
            linear = _standardised(signed @ self._ease)
            deep = _standardised(autoencoder.score(self._deep, np.maximum(signed, 0)))
            # A viewer who only dislikes tells the autoencoder nothing.
            deep *= (signed > 0).any(axis=1, keepdims=True)
            counts = (signed != 0).sum(axis=1, keepdims=True)
            mixed = (1 - self._share) * linear + self._share * deep
            mixed *= COLLABORATIVE * counts / (counts + SHRINKAGE)
            scores[np.ix_(rated, self._item_place)] += mixed
        return scores

    def _taste_scores(self, tastes: Mapping[str, float]) -> np.ndarray:
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
        opinions: Mapping[str, float],
        similar_to: Sequence[str],
        tastes: Mapping[str, float],
    ) -> Recommendation:
        title = self.titles[place]
        liked = [known for known, opinion in opinions.items() if opinion > 0 and known != title]
        because: list[str] = []
        if liked:
            without = [{k: v for k, v in opinions.items() if k != left_out} for left_out in liked]
            scores = self._batch_scores([opinions, *without])[:, place]
            drops = scores[0] - scores[1:]
            order = np.argsort(-drops, kind="stable")
            because = [liked[i] for i in order if drops[i] > 0.05 * max(drops[order[0]], 0.2)][:2]
        if similar_to and any(known in similar_to for known in because):
            because = [known for known in because if known in similar_to]
            return Recommendation(title, score, tuple(because), "similar")
        if because and not similar_to:
            return Recommendation(title, score, tuple(because), "liked")
        row = self._matrix[place]
        met = any(
            weight > 0 and self._feature.get(name) in row.indices for name, weight in tastes.items()
        )
        return Recommendation(title, score, (), "taste" if met else "popular")


def _standardised(scores: np.ndarray) -> np.ndarray:
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 1e-9, spread, 1.0)
