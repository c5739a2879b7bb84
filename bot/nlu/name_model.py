"""A linear-chain conditional random field over words: which belong to the name of what.

Lafferty, McCallum, Pereira 2001, "Conditional Random Fields"; CRFsuite does the arithmetic.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from bot.nlu.name_features import Span, overlapping

FILE = "names.crfsuite"
_OUTSIDE = "O"
_MAGIC = b"lCRF"


class NameModelError(Exception):
    """A stored model cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class TaggedName:
    """Words `first` to `last`, the last included, name a `kind`; `sure` is the least probability
    of these words."""

    first: int
    last: int
    kind: str
    sure: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """The likeliest names of a message, and of each word the probability to be part of one."""

    names: tuple[TaggedName, ...]
    part_of_name: tuple[float, ...]


def labels(places: Sequence[Span], names: Iterable[tuple[int, int, str]]) -> list[str]:
    """The label of each word: outside of names (start, end, kind), or their beginning or rest."""
    row = [_OUTSIDE] * len(places)
    for start, end, kind in names:
        inside = overlapping(places, start, end)
        for i in inside:
            row[i] = f"B-{kind}" if i == inside[0] else f"I-{kind}"
    return row


def train(
    rows: Iterable[tuple[Sequence[Sequence[str]], Sequence[str]]],
    path: Path,
    l1: float,
    l2: float,
    iterations: int,
) -> None:
    """Fit a model on rows of (features of each word, label of each word) and write it to `path`.

    Args:
        rows: the examples; the same ones give the same model.
        path: the file.
        l1: coefficient of the L1 norm of the weights.
        l2: coefficient of the L2 norm of the weights.
        iterations: at most so many steps of L-BFGS.
    """
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": l1, "c2": l2, "max_iterations": iterations, "feature.minfreq": 5.0})
    for words, tags in rows:
        trainer.append(words, tags)
    trainer.train(str(path))


class NameModel:
    """Tags messages; safe in threads."""

    def __init__(self, path: Path) -> None:
        """Read what `train` wrote.

        Raises:
            NameModelError: the file is missing, or not such a model.
        """
        try:
            with path.open("rb") as file:
                damaged = file.read(len(_MAGIC)) != _MAGIC
        except OSError as error:
            raise NameModelError(f"no model of names in {path}: {error.strerror}") from error
        if damaged:
            raise NameModelError(f"{path} is no model of names")
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._lock = threading.Lock()

    def tag(self, words: Sequence[Sequence[str]]) -> Tagged:
        """The names in a message, by the features of its words."""
        if not words:
            return Tagged((), ())
        with self._lock:
            self._tagger.set(words)
            row = self._tagger.tag()
            outside = [self._tagger.marginal(_OUTSIDE, i) for i in range(len(row))]
            sure = [self._tagger.marginal(label, i) for i, label in enumerate(row)]
        names: list[TaggedName] = []
        for i, label in enumerate(row):
            if label.startswith("B-"):
                names.append(TaggedName(i, i, label[2:], sure[i]))
            elif label.startswith("I-") and names:
                name = names[-1]
                names[-1] = TaggedName(name.first, i, name.kind, min(name.sure, sure[i]))
        return Tagged(tuple(names), tuple(1 - p for p in outside))
