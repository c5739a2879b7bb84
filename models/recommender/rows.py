"""Sparse rows as plain arrays: at a viewer's few dozen rows, a sparse matrix costs more to make
than to multiply."""

from __future__ import annotations

import numpy as np


class Rows:
    """A CSR matrix of which few rows are used at a time."""

    def __init__(
        self, data: np.ndarray, indices: np.ndarray, indptr: np.ndarray, columns: int
    ) -> None:
        self._data, self._indices, self._indptr = data, indices, indptr.astype(np.int64)
        self._columns = columns

    def entries(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the rows at `places`: which of them, column and value of each entry."""
        starts = self._indptr[places]
        counts = self._indptr[places + 1] - starts
        owners = np.repeat(np.arange(len(places)), counts)
        at = np.arange(len(owners)) + (starts - np.cumsum(counts) + counts)[owners]
        return owners, self._indices[at], self._data[at]

    def combined(self, places: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Weighted sum (columns,) of the rows at `places`."""
        owners, columns, values = self.entries(places)
        return np.bincount(columns, values * weights[owners], self._columns).astype(np.float32)

    def products(self, places: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Products (places × vectors) of the rows with dense `vectors` (vectors × columns)."""
        owners, columns, values = self.entries(places)
        return self.of_entries(owners, values, vectors[:, columns], len(places))

    @staticmethod
    def of_entries(
        owners: np.ndarray, values: np.ndarray, others: np.ndarray, count: int
    ) -> np.ndarray:
        """Sums over each owner of `values` times each row of `others`: owners × others."""
        found = [np.bincount(owners, values * other, count) for other in others]
        return np.array(found, np.float32).T

    def picked(self, places: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Values (places × columns) at the rows and columns given."""
        where = np.full(self._columns, -1, np.int32)
        where[columns] = np.arange(len(columns))
        owners, found, values = self.entries(places)
        to = where[found]
        kept = to >= 0
        result = np.zeros((len(places), len(columns)), np.float32)
        result[owners[kept], to[kept]] = values[kept]
        return result

    def dense(self, places: np.ndarray) -> np.ndarray:
        """The rows at `places` (places × columns)."""
        result = np.zeros((len(places), self._columns), np.float32)
        owners, columns, values = self.entries(places)
        result[owners, columns] = values
        return result
