"""Fitting what is served: EASE with facts, Mult-DAE and iALS on graded ratings, and their mixture.

Everything is chosen on validation users; `again` then fits the chosen models to everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.recommender import autoencoder, ials, metrics, mixture, protocol
from models.recommender.autoencoder import Plan, Weights
from models.recommender.dataset import grade
from models.recommender.ease import Ease
from models.recommender.large import Large, is_large
from models.recommender.progress import Progress, silent
from models.recommender.protocol import Held

SETTINGS = ((100.0, 0.3, 0.0), (100.0, 0.3, 30.0), (30.0, 0.5, 30.0), (100.0, 0.3, 100.0))
"""Regularisation, dropout and share of the facts of EASE that are tried."""
MOST_FACTS = 500
FACTORS, FACTOR_PENALTY = 64, 0.003
ROUNDS, LARGE_ROUNDS = 12, 2
PLAN = Plan("dae")
RANK = 32
"""Of the decoder that is served: its scores correlate with the whole one's by more than 0.999."""


@dataclass(frozen=True)
class Fitted:
    """The models, and how they are mixed. `rarity` is (items,)."""

    ease: Ease | Large
    setting: tuple[float, float, float]
    dae: Weights
    epochs: int
    factors: np.ndarray
    rarity: np.ndarray
    weights: dict[str, float]
    widening: float
    validation_ndcg: float

    def parts(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Standardised scores (n × items) by model of graded `inputs` (n × items)."""
        users = ials.fold_in(self.factors, sparse.csr_matrix(inputs), FACTOR_PENALTY)
        scores = {"ease": self.ease.score(inputs), "ials": users @ self.factors.T}
        if self.dae:
            scores["dae"] = autoencoder.score(self.dae, inputs)
        return {name: mixture.standardised(each) for name, each in scores.items()}

    def arrays(self) -> dict[str, np.ndarray]:
        """What `collaborative.Collaborative` serves from, by name, and the rarity."""
        linear = self.ease.sparse()
        return {
            "ease_data": linear.data,
            "ease_indices": linear.indices,
            "ease_indptr": linear.indptr,
            "factors": self.factors,
            "rarity": self.rarity,
            **{f"dae.{name}": np.asarray(value) for name, value in self.dae.items()},
        }

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Scores (n × items) of graded `inputs` (n × items), before widening."""
        return mixture.mixed(self.parts(inputs), self.weights)


def fit(
    values: sparse.csr_matrix,
    validation: Held,
    facts: sparse.csr_matrix | None = None,
    progress: Progress = silent,
) -> Fitted:
    """Fit to `values` (users × items, ratings), choosing by the `validation` users.

    `facts` is items × features; nothing is known of the items where it is None.
    """
    graded = protocol.graded(values, grade)
    given = grade(validation.given)
    settings = SETTINGS[:1] if is_large(values) else SETTINGS
    linear, setting = max(
        ((_linear(graded, setting, facts, progress), setting) for setting in settings),
        key=lambda pair: protocol.ndcg(pair[0].score(given), validation),
    )
    deep, epochs = _deep(graded, lambda s: protocol.ndcg(s(given), validation), progress)
    items = _factors(graded)
    rare = mixture.rarity(values.getnnz(axis=0))
    made = Fitted(linear, setting, deep, epochs, items, rare, {}, 0.0, 0.0)
    parts = made.parts(given)
    weights = mixture.choose(parts, validation)
    scores = mixture.mixed(parts, weights)
    # As wide as the autoencoder's lists, which are the widest of the accurate ones.
    widest = parts["dae"] if deep else parts["ials"]
    wide = metrics.coverage(protocol.masked(widest, validation), 10)
    widening = mixture.widening(scores, rare, validation, wide)
    figure = protocol.ndcg(scores, validation)
    return replace(made, weights=weights, widening=widening, validation_ndcg=figure)


def _linear(
    graded: sparse.csr_matrix,
    setting: tuple[float, float, float],
    facts: sparse.csr_matrix | None,
    progress: Progress = silent,
) -> Ease | Large:
    penalty, dropout, share = setting
    if is_large(graded):
        return Large(graded, penalty, progress)
    return Ease(graded, penalty, dropout, None if facts is None else weightiest(facts), share)


def _deep(
    graded: sparse.csr_matrix, validate: Callable[..., float], progress: Progress
) -> tuple[Weights, int]:
    """Mult-DAE; none for data so large that its training would take hours."""
    if is_large(graded):
        return {}, 0
    deep, epochs = autoencoder.train(graded, graded, PLAN, validate, progress)
    return autoencoder.narrowed(deep, RANK), epochs


def _factors(graded: sparse.csr_matrix) -> np.ndarray:
    rounds = LARGE_ROUNDS if is_large(graded) else ROUNDS
    return ials.item_factors(graded, FACTORS, FACTOR_PENALTY, rounds=rounds)


def weightiest(facts: sparse.csr_matrix) -> sparse.csr_matrix:
    """The `MOST_FACTS` features (columns) that weigh most over all items: the rest cost time."""
    weights = np.asarray(facts.multiply(facts).sum(axis=0)).ravel()
    return facts[:, np.sort(np.argsort(-weights, kind="stable")[:MOST_FACTS])]


def again(
    values: sparse.csr_matrix, chosen: Fitted, facts: sparse.csr_matrix | None = None
) -> Fitted:
    """The same models fitted to all of `values` with the settings chosen."""
    graded = protocol.graded(values, grade)
    deep: Weights = {}
    if chosen.dae:
        plan = replace(PLAN, epochs=chosen.epochs)
        deep = autoencoder.narrowed(autoencoder.train(graded, graded, plan)[0], RANK)
    return replace(
        chosen,
        ease=_linear(graded, chosen.setting, facts),
        dae=deep,
        factors=_factors(graded),
        rarity=mixture.rarity(values.getnnz(axis=0)),
    )
