"""Ratings and titles as arrays.

A training folder holds `ratings.csv` (user,title_id,rating,timestamp; rating 0.5 to 5) and
`titles.jsonl` (id, genres, people, year, countries, languages, kind, quality and popularity from
0 to 1).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

# A rating of 4 or more is a like (Liang et al. 2018, "Variational Autoencoders for
# Collaborative Filtering", use the same rule).
LIKED = 4.0
# How much each kind of feature counts when two titles are compared. People are rarer than genres
# and would otherwise decide everything.
BLOCKS = {
    "genre": 0.7,
    "person": 0.5,
    "decade": 0.3,
    "country": 0.25,
    "language": 0.2,
    "kind": 0.2,
}


class DatasetError(ValueError):
    """The data cannot be trained on; the message names file and line."""


def grade(values: np.ndarray) -> np.ndarray:
    """What goes into the models for each rating: 0 for none, 0.1 for half a star to 1 for five.

    What somebody watched and did not like still says what they watch, if less.
    """
    return np.where(values > 0, np.interp(values, [0.5, 5.0], [0.1, 1.0]), 0.0).astype(np.float32)


@dataclass(frozen=True)
class Ratings:
    """Who rated what: `values` is users × items (CSR, 0.5 to 5; 0 is no rating), `times` the same
    with seconds since 1970 (0 where unknown)."""

    users: Sequence[str]
    items: Sequence[str]
    values: sparse.csr_matrix
    times: sparse.csr_matrix


@dataclass(frozen=True)
class Features:
    """What titles are made of: `matrix` is titles × features (CSR), rows of length 1."""

    titles: Sequence[str]
    names: Sequence[str]
    matrix: sparse.csr_matrix
    quality: np.ndarray
    popularity: np.ndarray


def read_titles(path: Path) -> list[dict[str, Any]]:
    """Read `titles.jsonl`.

    Raises:
        DatasetError: a line is not a title.
        OSError: the file cannot be read.
    """
    titles = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        raise DatasetError(f"{path}: not a text in UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            title = json.loads(line)
            title["id"]
        except (ValueError, KeyError, TypeError):
            raise DatasetError(f"{path}:{number}: not a title") from None
        titles.append(title)
    return titles


def features(titles: Sequence[Mapping[str, Any]], least: int = 2) -> Features:
    """Titles × features, TF-IDF weighted within each kind of feature.

    A feature of fewer than `least` titles says nothing about likeness and is dropped.
    """
    named = [_features_of(title) for title in titles]
    counts = Counter(name for weights in named for name in weights)
    kept = sorted(name for name, count in counts.items() if count >= least)
    place = {name: i for i, name in enumerate(kept)}
    idf = np.log(len(titles) / np.array([counts[name] for name in kept], np.float32))
    rows, columns, values = [], [], []
    for row, weights in enumerate(named):
        found = {name: w * idf[place[name]] for name, w in weights.items() if name in place}
        lengths: dict[str, float] = {}
        for name, value in found.items():
            block = name.split(":", 1)[0]
            lengths[block] = lengths.get(block, 0.0) + value * value
        for name, value in found.items():
            block = name.split(":", 1)[0]
            if not value:  # every title has it: it tells nothing apart
                continue
            rows.append(row)
            columns.append(place[name])
            values.append(BLOCKS[block] * value / lengths[block] ** 0.5)
    shape = (len(titles), len(kept))
    matrix = sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape)
    norms = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A.ravel()
    scale = sparse.diags(1.0 / np.where(norms > 0, norms, 1.0))
    return Features(
        titles=[title["id"] for title in titles],
        names=kept,
        matrix=(scale @ matrix).tocsr().astype(np.float32),
        quality=_column(titles, "quality"),
        popularity=_column(titles, "popularity"),
    )


def _features_of(title: Mapping[str, Any]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for genre in title.get("genres") or ():
        weights[f"genre:{genre}"] = 1.0
    for person in title.get("people") or ():
        # Who directs says more about a title than who plays in it.
        weights[f"person:{person}"] = 1.0 if str(person).startswith("d:") else 0.5
    for country in title.get("countries") or ():
        weights[f"country:{country}"] = 0.5
    for language in title.get("languages") or ():
        weights[f"language:{language}"] = 0.5
    if title.get("year"):
        weights[f"decade:{int(title['year']) // 10 * 10}"] = 0.5
    if title.get("kind"):
        weights[f"kind:{title['kind']}"] = 0.5
    return weights


def _column(titles: Iterable[Mapping[str, Any]], name: str) -> np.ndarray:
    return np.array([float(title.get(name) or 0.0) for title in titles], np.float32)
