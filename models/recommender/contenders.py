"""The models that are compared: each fitted to a fold, each giving scores to the test users."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from models.recommender import autoencoder, fitting, ials, mixture, neighbours, protocol
from models.recommender.autoencoder import Plan
from models.recommender.dataset import grade
from models.recommender.ease import Ease
from models.recommender.progress import Progress
from models.recommender.protocol import Fold, Held

PLANS = {
    # Its loss is of all titles alike, and at the others' rate it learns for hundreds of epochs.
    "autoencoder, plain": Plan("plain", hidden=128, dropout=0.0, rate=1e-2, patience=20),
    "Mult-DAE": Plan("dae"),
    "Mult-VAE": Plan("vae", hidden=400),
    "RecVAE": Plan("recvae", hidden=400),
}
EASE_PENALTIES = (50.0, 100.0, 200.0, 400.0, 800.0)
NEIGHBOUR_SHARES = (0.0, 0.1, 0.3)


def scored(
    fold: Fold, facts: sparse.csr_matrix | None, progress: Progress, deep: bool = True
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and scores (test users × items) of every model, one after the other; the autoencoders
    that are only compared are left out where not `deep`."""
    test = fold.test
    likes = protocol.likes(fold.train)
    given, known = grade(test.given), test.likes
    popular = np.asarray(likes.sum(axis=0)).ravel()
    yield "popularity", np.tile(popular, (len(given), 1))
    graded = protocol.graded(fold.train, grade)
    yield "ItemKNN with facts", given @ _neighbours(graded, facts, fold.validation)
    yield "EASE on likes", _ease(likes, fold.validation).score(known)
    yield "iALS on likes", _ials(likes, fold.validation, known)
    for name, plan in PLANS.items() if deep else ():
        yield f"{name} on likes", _autoencoder(likes, fold.validation, plan, known)
        progress(f"  {name} done")
    made = fitting.fit(fold.train, fold.validation, facts)
    parts = made.parts(given)
    yield "EASE, graded", parts["ease"]
    yield "Mult-DAE, graded", parts["dae"]
    yield "iALS, graded", parts["ials"]
    scores = mixture.mixed(parts, made.weights)
    yield "mixture", scores
    possible = protocol.masked(scores, test)
    yield "mixture, widened", mixture.widened(possible, made.rarity, made.widening)
    progress(f"  mixture {made.weights}, EASE {made.setting}, widening {made.widening}")


def _neighbours(
    graded: sparse.csr_matrix, facts: sparse.csr_matrix | None, validation: Held
) -> np.ndarray:
    tried = (neighbours.weights(graded, facts, share) for share in NEIGHBOUR_SHARES)
    given = grade(validation.given)
    return max(tried, key=lambda weights: protocol.ndcg(given @ weights, validation))


def _ease(likes: sparse.csr_matrix, validation: Held) -> Ease:
    tried = (Ease(likes, penalty) for penalty in EASE_PENALTIES)
    given = validation.likes
    return max(tried, key=lambda model: protocol.ndcg(model.score(given), validation))


def _ials(likes: sparse.csr_matrix, validation: Held, known: np.ndarray) -> np.ndarray:
    def scores(penalty: float, items: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        users = ials.fold_in(items, sparse.csr_matrix(inputs), penalty)
        return np.asarray(users @ items.T)

    given = validation.likes
    tried = {p: ials.item_factors(likes, 64, p) for p in (0.001, 0.003, 0.01, 0.03)}
    best = max(tried, key=lambda p: protocol.ndcg(scores(p, tried[p], given), validation))
    return scores(best, tried[best], known)


def _autoencoder(
    likes: sparse.csr_matrix, validation: Held, plan: Plan, known: np.ndarray
) -> np.ndarray:
    given = validation.likes
    weights, _ = autoencoder.train(
        likes, likes, plan, lambda score: protocol.ndcg(score(given), validation)
    )
    return autoencoder.score(weights, known)
