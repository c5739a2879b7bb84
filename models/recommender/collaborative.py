"""What other viewers' ratings say, for one viewer: EASE, Mult-DAE and iALS by fold-in.

Scores equal `fitting.Fitted.score` (a test holds them to it); a rating left out costs a rank-one
update, not a new pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from models.recommender.fitting import FACTOR_PENALTY
from models.recommender.ials import UNOBSERVED
from models.recommender.rows import Rows


@dataclass(frozen=True)
class Reading:
    """One viewer, folded in: the grades `given` of the items `rated`, each model's scores with
    their mean and spread, and the Cholesky triangle and right side of iALS' ridge regression."""

    rated: np.ndarray
    given: np.ndarray
    parts: Mapping[str, np.ndarray]
    means: Mapping[str, float]
    spreads: Mapping[str, float]
    system: tuple[np.ndarray, np.ndarray] | None


class Collaborative:
    """The models' weights; `read` folds a viewer in, `without` leaves each rating out."""

    def __init__(self, arrays: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._factors = arrays["factors"]
        items, size = self._factors.shape
        self._ease = Rows(arrays["ease_data"], arrays["ease_indices"], arrays["ease_indptr"], items)
        if weights.get("dae"):
            self._encoder, self._encoder_bias = arrays["dae.encoder"], arrays["dae.encoder_bias"]
            self._narrow = arrays["dae.mean"]
            self._decoder, self._decoder_bias = arrays["dae.decoder"], arrays["dae.decoder_bias"]
        self._gram = UNOBSERVED * (self._factors.T @ self._factors)
        self._ridge = np.eye(size, dtype=np.float32)

    def read(self, rated: np.ndarray, given: np.ndarray) -> Reading:
        """Fold a viewer in.

        A grade below zero speaks against what EASE finds alike, and is no input to the others:
        somebody who only dislikes tells those two nothing.
        """
        liked = np.maximum(given, 0.0)
        parts, system = {}, None
        if self._weights.get("ease"):
            parts["ease"] = self._ease.combined(rated, given)
        if self._weights.get("dae") and liked.any():
            inner = liked @ self._encoder[rated] / np.sqrt(liked @ liked) + self._encoder_bias
            parts["dae"] = np.tanh(inner) @ self._narrow @ self._decoder + self._decoder_bias
        if self._weights.get("ials") and liked.any():
            system = self._system(rated, liked)
            parts["ials"] = self._factors @ lapack.spotrs(*system)[0]
        means = {name: float(values.mean()) for name, values in parts.items()}
        spreads = {
            name: max(float(values @ values) / len(values) - means[name] ** 2, 1e-18) ** 0.5
            for name, values in parts.items()
        }
        return Reading(rated, given, parts, means, spreads, system)

    def scores(self, reading: Reading) -> np.ndarray:
        """Mixed standardised scores (items,)."""
        mixed = np.zeros(len(self._factors), np.float32)
        for name, values in reading.parts.items():
            weight = self._weights[name] / reading.spreads[name]
            mixed += np.float32(weight) * values
            mixed -= np.float32(weight * reading.means[name])
        return mixed

    def without(self, reading: Reading, places: np.ndarray) -> np.ndarray:
        """What the scores at `places` lose when each rating is left out: (ratings, places).

        Mean and spread over all items are those of the whole history.
        """
        drops = np.zeros((len(reading.rated), len(places)), np.float32)
        for name, values in reading.parts.items():
            if name == "ease":
                lost = reading.given[:, None] * self._ease.picked(reading.rated, places)
            elif name == "dae":
                lost = values[places] - self._dae_without(reading, places)
            else:
                lost = values[places] - self._ials_without(reading, places)
            drops += np.float32(self._weights[name] / reading.spreads[name]) * lost
        return drops

    def _dae_without(self, reading: Reading, places: np.ndarray) -> np.ndarray:
        liked = np.maximum(reading.given, 0.0)
        each = liked[:, None] * self._encoder[reading.rated]
        lengths = np.sqrt(np.maximum(liked @ liked - liked**2, 1e-12))
        inner = (each.sum(axis=0) - each) / lengths[:, None] + self._encoder_bias
        narrow = np.tanh(inner) @ self._narrow
        return np.asarray(narrow @ self._decoder[:, places] + self._decoder_bias[places])

    def _ials_without(self, reading: Reading, places: np.ndarray) -> np.ndarray:
        assert reading.system is not None
        triangle, wanted = reading.system
        inverse, _ = lapack.spotri(triangle)
        inverse = np.triu(inverse) + np.triu(inverse, 1).T
        liked = np.maximum(reading.given, 0.0)
        known = self._factors[reading.rated]
        reach = known @ inverse
        left = wanted - (1.0 + UNOBSERVED) * liked[:, None] * known
        # Sherman & Morrison (1950): the inverse after one row is taken away.
        own = 1.0 - liked * np.einsum("ij,ij->i", reach, known)
        along = np.einsum("ij,ij->i", reach, left) * liked / np.maximum(own, 1e-6)
        users = left @ inverse + along[:, None] * reach
        return np.asarray(users @ self._factors[places].T)

    def _system(self, rated: np.ndarray, liked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cholesky triangle and right side of their ridge regression (Rendle et al. 2021)."""
        known = self._factors[rated]
        count = int((liked > 0).sum())
        strength = FACTOR_PENALTY * (count + UNOBSERVED * len(self._factors))
        matrix = self._gram + (known * liked[:, None]).T @ known + strength * self._ridge
        triangle, _ = lapack.spotrf(matrix)
        return triangle, (1.0 + UNOBSERVED) * (liked @ known)
