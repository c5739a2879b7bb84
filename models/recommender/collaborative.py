"""What other viewers' ratings say, for one viewer: EASE, Mult-DAE and iALS by fold-in.

Scores equal `fitting.Fitted.score` (a test holds them to it); a rating left out costs a rank-one
update, not a new pass.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.recommender.fitting import FACTOR_PENALTY
from models.recommender.ials import UNOBSERVED


class Collaborative:
    """The models' weights; `scores` folds a viewer in, `without` leaves each rating out."""

    def __init__(self, arrays: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._ease = arrays["ease"]
        self._encoder, self._encoder_bias = arrays["dae.encoder"], arrays["dae.encoder_bias"]
        self._decoder, self._decoder_bias = arrays["dae.decoder"], arrays["dae.decoder_bias"]
        self._factors = arrays["factors"]
        size = self._factors.shape[1]
        self._gram = UNOBSERVED * (self._factors.T @ self._factors)
        self._ridge = np.eye(size, dtype=np.float32)

    def scores(self, rated: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Mixed standardised scores (items,) from the grades `given` of the items `rated` (n,).

        A grade below zero speaks against what EASE finds alike, and is no input to the others.
        """
        mixed = np.zeros(len(self._ease), np.float32)
        for name, values in self._parts(rated, given).items():
            mixed += np.float32(self._weights[name] / _spread(values)) * (values - values.mean())
        return mixed

    def without(self, rated: np.ndarray, given: np.ndarray, places: np.ndarray) -> np.ndarray:
        """What the scores at `places` lose when each of `rated` is left out: (n, places).

        Mean and spread over all items are those of the whole history.
        """
        drops = np.zeros((len(rated), len(places)), np.float32)
        parts = self._parts(rated, given)
        left = {
            "ease": lambda: (
                parts["ease"][places] - given[:, None] * self._ease[np.ix_(rated, places)]
            ),
            "dae": lambda: self._dae_without(rated, given, places),
            "ials": lambda: self._ials_without(rated, given, places),
        }
        for name, values in parts.items():
            drops += self._weights[name] / _spread(values) * (values[places] - left[name]())
        return drops

    def _parts(self, rated: np.ndarray, given: np.ndarray) -> dict[str, np.ndarray]:
        parts = {}
        liked = np.maximum(given, 0.0)
        if self._weights.get("ease"):
            parts["ease"] = given @ self._ease[rated]
        # Somebody who only dislikes tells these two nothing.
        if self._weights.get("dae") and liked.any():
            inner = liked @ self._encoder[rated] / np.sqrt(liked @ liked) + self._encoder_bias
            parts["dae"] = np.tanh(inner) @ self._decoder + self._decoder_bias
        if self._weights.get("ials") and liked.any():
            inverse, wanted = self._system(rated, liked)
            parts["ials"] = self._factors @ (inverse @ wanted)
        return parts

    def _dae_without(self, rated: np.ndarray, given: np.ndarray, places: np.ndarray) -> np.ndarray:
        liked = np.maximum(given, 0.0)
        each = liked[:, None] * self._encoder[rated]
        lengths = np.sqrt(np.maximum(liked @ liked - liked**2, 1e-12))
        inner = (each.sum(axis=0) - each) / lengths[:, None] + self._encoder_bias
        return np.asarray(np.tanh(inner) @ self._decoder[:, places] + self._decoder_bias[places])

    def _ials_without(self, rated: np.ndarray, given: np.ndarray, places: np.ndarray) -> np.ndarray:
        liked = np.maximum(given, 0.0)
        inverse, wanted = self._system(rated, liked)
        known = self._factors[rated]
        reach = known @ inverse
        left = wanted - (1.0 + UNOBSERVED) * liked[:, None] * known
        # Sherman & Morrison (1950): the inverse after one row is taken away.
        own = 1.0 - liked * np.einsum("ij,ij->i", reach, known)
        along = np.einsum("ij,ij->i", reach, left) * liked / np.maximum(own, 1e-6)
        users = left @ inverse + along[:, None] * reach
        return np.asarray(users @ self._factors[places].T)

    def _system(self, rated: np.ndarray, liked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Inverse and right side of the viewer's ridge regression (Rendle et al. 2021)."""
        known = self._factors[rated]
        count = int((liked > 0).sum())
        strength = FACTOR_PENALTY * (count + UNOBSERVED * len(self._factors))
        matrix = self._gram + (known * liked[:, None]).T @ known + strength * self._ridge
        return np.linalg.inv(matrix), (1.0 + UNOBSERVED) * (liked @ known)


def _spread(values: np.ndarray) -> float:
    return max(float(values.std()), 1e-9)
