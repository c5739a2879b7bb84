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
from models.recommender.protocol import Held

SETTINGS = ((100.0, 0.3, 0.0), (100.0, 0.3, 30.0), (30.0, 0.5, 30.0), (100.0, 0.3, 100.0))
"""Regularisation, dropout and share of the facts of EASE that are tried."""
MOST_FACTS = 500
FACTORS, FACTOR_PENALTY = 64, 0.003
PLAN = Plan("dae")


@dataclass(frozen=True)
class Fitted:
    """The models, and how they are mixed. `rarity` is (items,)."""

    ease: Ease
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
        scores = {
            "ease": self.ease.score(inputs),
            "dae": autoencoder.score(self.dae, inputs),
            "ials": users @ self.factors.T,
        }
        return {name: mixture.standardised(each) for name, each in scores.items()}

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Scores (n × items) of graded `inputs` (n × items), before widening."""
        return mixture.mixed(self.parts(inputs), self.weights)


def fit(
    values: sparse.csr_matrix,
    validation: Held,
    facts: sparse.csr_matrix | None = None,
    progress: Callable[[str], None] | None = None,
) -> Fitted:
    """Fit to `values` (users × items, ratings), choosing by the `validation` users.

    `facts` is items × features; nothing is known of the items where it is None.
    """
    graded = protocol.graded(values, grade)
    given = grade(validation.given)
    linear, setting = max(
        ((_linear(graded, setting, facts), setting) for setting in SETTINGS),
        key=lambda pair: protocol.ndcg(pair[0].score(given), validation),
    )
    deep, epochs = autoencoder.train(
        graded,
        graded,
        PLAN,
        lambda score: protocol.ndcg(score(given), validation),
        progress,
    )
    items = ials.item_factors(graded, FACTORS, FACTOR_PENALTY)
    rare = mixture.rarity(values.getnnz(axis=0))
    made = Fitted(linear, setting, deep, epochs, items, rare, {}, 0.0, 0.0)
    parts = made.parts(given)
    weights = mixture.choose(parts, validation)
    scores = mixture.mixed(parts, weights)
    wide = metrics.coverage(protocol.masked(parts["dae"], validation), 10)
    widening = mixture.widening(scores, rare, validation, wide)
    figure = protocol.ndcg(scores, validation)
    return replace(made, weights=weights, widening=widening, validation_ndcg=figure)


def _linear(
    graded: sparse.csr_matrix,
    setting: tuple[float, float, float],
    facts: sparse.csr_matrix | None,
) -> Ease:
    penalty, dropout, share = setting
    return Ease(graded, penalty, dropout, None if facts is None else weightiest(facts), share)


def weightiest(facts: sparse.csr_matrix) -> sparse.csr_matrix:
    """The `MOST_FACTS` features (columns) that weigh most over all items: the rest cost time."""
    weights = np.asarray(facts.multiply(facts).sum(axis=0)).ravel()
    return facts[:, np.sort(np.argsort(-weights, kind="stable")[:MOST_FACTS])]


def again(
    values: sparse.csr_matrix, chosen: Fitted, facts: sparse.csr_matrix | None = None
) -> Fitted:
    """The same models fitted to all of `values` with the settings chosen."""
    graded = protocol.graded(values, grade)
    deep, _ = autoencoder.train(graded, graded, replace(PLAN, epochs=chosen.epochs))
    return replace(
        chosen,
        ease=_linear(graded, chosen.setting, facts),
        dae=deep,
        factors=ials.item_factors(graded, FACTORS, FACTOR_PENALTY),
        rarity=mixture.rarity(values.getnnz(axis=0)),
    )
