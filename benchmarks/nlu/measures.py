"""Measures: F1 of labels and of spans, calibration, percentiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass
class Counts:
    """What was found, what was there, and how much of both agrees."""

    right: int = 0
    predicted: int = 0
    expected: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right,
            self.predicted + other.predicted,
            self.expected + other.expected,
        )

    @property
    def precision(self) -> float:
        """Right among predicted; 1 when nothing was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Right among expected; 1 when nothing was expected."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 2·right / (predicted + expected)."""
        total = self.predicted + self.expected
        return 2 * self.right / total if total else 1.0


def label_f1(expected: Sequence[str], predicted: Sequence[str]) -> dict[str, float]:
    """F1 of each label that is expected at least once."""
    right = Counter(e for e, p in zip(expected, predicted, strict=True) if e == p)
    there, said = Counter(expected), Counter(predicted)
    return {label: Counts(right[label], said[label], there[label]).f1 for label in there}


def macro_f1(expected: Sequence[str], predicted: Sequence[str]) -> float:
    """Mean of `label_f1`, each label alike; 0 without samples."""
    scores = label_f1(expected, predicted)
    return sum(scores.values()) / len(scores) if scores else 0.0


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 15
) -> float:
    """Mean distance of confidence from accuracy over equal bins (Guo et al. 2017), weighted."""
    if not confidences:
        return 0.0
    confidence, hit = np.asarray(confidences), np.asarray(right, dtype=float)
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - hit[inside].mean())
    return float(error)


def trimmed(text: str, start: int, end: int, edges: frozenset[str]) -> tuple[int, int]:
    """The span without words of `edges` at its ends; as it was when nothing else would be left."""
    words: list[tuple[int, int]] = []
    at = start
    for word in text[start:end].split():
        at = text.index(word, at)
        words.append((at, at + len(word)))
        at += len(word)
    inner = list(words)
    while inner and text[inner[0][0] : inner[0][1]].lower() in edges:
        inner.pop(0)
    while inner and text[inner[-1][0] : inner[-1][1]].lower() in edges:
        inner.pop()
    kept = inner or words
    return (kept[0][0], kept[-1][1]) if kept else (start, end)


def matched(
    expected: Sequence[tuple[int, int]],
    predicted: Sequence[tuple[int, int]],
    overlap: bool = False,
) -> list[int | None]:
    """For each expected span the index of the predicted one that meets it, each used once.

    Two spans meet when they are equal, or with `overlap` when they share a character.
    """
    free = list(range(len(predicted)))
    found: list[int | None] = []
    for start, end in expected:
        for index in free:
            s, e = predicted[index]
            if (s, e) == (start, end) or (overlap and s < end and start < e):
                found.append(index)
                free.remove(index)
                break
        else:
            found.append(None)
    return found


def share(answers: Iterable[bool]) -> float:
    """How many of the answers are yes, from 0 to 1; 0 without any."""
    given = list(answers)
    return sum(given) / len(given) if given else 0.0


def percentile(values: Iterable[float], part: float) -> float:
    """The value below which `part` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
