"""EASE: a linear item-item model in closed form (Steck 2019, arXiv:1905.03375).

The input may be graded: what somebody watched and did not like says a good deal about what they
will watch. Facts about the items join as further users (Jeunen et al. 2020, "Closed-form models
for collaborative filtering with side-information"). The more an item was rated, the more its
weights may be held back (Steck 2020, "Autoencoders that don't overfit towards the identity").

With fewer users than items the inverse is taken over the users (Woodbury's identity), so that
9,724 items and 366 users take a fraction of a second, not minutes.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.recommender.large import kept


class Ease:
    """A fitted model. Weights B are items × items with a zero diagonal; a user's scores are x B."""

    def __init__(
        self,
        values: sparse.csr_matrix,
        regularisation: float,
        dropout: float = 0.0,
        facts: sparse.csr_matrix | None = None,
        share: float = 0.0,
    ) -> None:
        """Fit to `values` (users × items, non-negative).

        Args:
            regularisation: added to the diagonal of the Gram matrix; larger is smoother.
            dropout: share of the input that the weights must be able to do without.
            facts: items × features; none for ratings alone.
            share: weight of the facts' Gram matrix beside that of the ratings.
        """
        squares = np.asarray(values.multiply(values).sum(axis=0)).ravel()
        self._ridge = regularisation + dropout / (1.0 - dropout) * squares.astype(np.float64)
        rows = values.astype(np.float64)
        if facts is not None and share:
            rows = sparse.vstack([rows, np.sqrt(share) * facts.T]).tocsr()
        self._rows = None
        if rows.shape[0] < rows.shape[1]:
            self._fit_users(rows)
        else:
            gram = np.asarray((rows.T @ rows).todense())
            gram[np.diag_indices_from(gram)] += self._ridge
            self._inverse = np.linalg.inv(gram)
            self._diagonal = np.diag(self._inverse).copy()

    def _fit_users(self, rows: sparse.csr_matrix) -> None:
        scaled = np.asarray(rows.todense()) / self._ridge
        kernel = np.asarray(rows @ scaled.T)
        kernel[np.diag_indices_from(kernel)] += 1.0
        self._rows = rows
        self._right = np.linalg.solve(kernel, scaled)
        self._diagonal = 1.0 / self._ridge - np.einsum("ui,ui->i", scaled, self._right)

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Scores (n × items) of `inputs` (n × items)."""
        if self._rows is None:
            product = inputs @ self._inverse
        else:
            scaled = inputs / self._ridge
            product = scaled - np.asarray(self._rows @ scaled.T).T @ self._right
        return np.asarray(inputs - product / self._diagonal, np.float32)

    def sparse(self) -> sparse.csr_matrix:
        """The weights of each item that are largest, as they are served."""
        return kept(self.weights())

    def weights(self, first: int = 0, last: int | None = None) -> np.ndarray:
        """Rows `first` to `last` of B; all of them by default."""
        items = len(self._ridge)
        chosen = np.arange(first, items if last is None else last)
        unit = np.zeros((len(chosen), items))
        unit[np.arange(len(chosen)), chosen] = 1.0
        made = self.score(unit)
        made[np.arange(len(chosen)), chosen] = 0.0
        return made
