"""Which question of data/faq a viewer asks: the topic by the classifier, the entry by likeness."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy.linalg import solve
from scipy.sparse import csr_matrix

from bot.faq.entries import Entry, FaqError, layered, read
from bot.faq.terms import terms

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "faq"
CHECK_SECONDS = 1.0

# Chosen on left-out questions; `python -m bot.faq.measure` prints what they do.
RIDGE = 1.0
"""How much the likeness is smoothed: more blurs entries, less learns single sentences by heart."""
TOPIC = 0.4
"""Weight of the classifier's topic beside the likeness."""
UNKNOWN = 0.5
"""Probability of every topic while the classifier is away."""
ENOUGH = 0.3
"""A score below this is no answer."""
MARGIN = 0.1
"""Two entries closer than this are asked about."""

_SENTENCE = re.compile(r"(?<=[.。！!?？])\s*")


class Index:
    """Sentences of all entries as TF-IDF vectors of length 1; never changed once made.

    An entry's likeness to a question is ridge regression from the question's likeness to every
    sentence: sentences that several entries share count for less. Answers take part too, they
    hold words that people use and the ways of asking happen not to.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.order = entries
        self.topics = [entry.topic for entry in entries]
        asked = [(n, text) for n, entry in enumerate(entries) for text in _asks(entry)]
        told = [(n, text) for n, entry in enumerate(entries) for text in _sentences(entry)]
        counted = [terms(text) for _, text in asked]
        seen = Counter(term for each in counted for term in each)
        self.vocabulary = {term: column for column, term in enumerate(seen)}
        total = len(counted)
        self.idf = np.array([np.log((1 + total) / (1 + n)) + 1 for n in seen.values()], np.float32)
        vectors = [self._vector(each) for each in counted]
        vectors += [self._vector(terms(text)) for _, text in told]
        self.weights = _ridge(
            _stack(vectors, len(self.vocabulary)), np.array([n for n, _ in (*asked, *told)])
        )

    def likeness(self, text: str) -> np.ndarray:
        """How like each entry `text` is, about 0 to 1, shape (entries,)."""
        columns, values = self._vector(terms(text))
        return np.asarray(values @ self.weights[columns])

    def _vector(self, counted: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        """Columns and weights; terms never seen lengthen the vector without a column."""
        known = [(self.vocabulary[t], n) for t, n in counted.items() if t in self.vocabulary]
        strange = sum(1 for t in counted if t not in self.vocabulary and not t.startswith("~"))
        columns = np.array([column for column, _ in known], np.int64)
        values = (1 + np.log([n for _, n in known])).astype(np.float32) * self.idf[columns]
        length = np.sqrt((values**2).sum() + 4.0 * strange)
        return columns, values / np.float32(max(float(length), 1e-9))


def _asks(entry: Entry) -> list[str]:
    return [t for texts in (*entry.asks.values(), entry.questions.values()) for t in texts]


def _sentences(entry: Entry) -> list[str]:
    return [t for text in entry.answers.values() for t in _SENTENCE.split(text) if t]


def _ridge(sentences: csr_matrix, owner: np.ndarray) -> np.ndarray:
    """Weights (terms, entries) that tell the entries' sentences apart."""
    alike = (sentences @ sentences.T).toarray()
    alike[np.diag_indices_from(alike)] += RIDGE
    belongs = np.zeros((len(owner), int(owner.max()) + 1), np.float32)
    belongs[np.arange(len(owner)), owner] = 1
    share = solve(alike, belongs, assume_a="pos", overwrite_a=True, check_finite=False)
    return np.asarray(sentences.T @ share, np.float32)


class Layer(Protocol):
    """Edits over the files, kept elsewhere."""

    def stamp(self) -> object:
        """Something that changes with every edit."""

    def edits(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Topic and content of each edited entry.

        Raises:
            FaqError: they cannot be had now.
        """


class Answers:
    """The questions and answers of one folder, read again when somebody edits them.

    Args:
        folder: of the files.
        layer: edits over them.
    """

    def __init__(self, folder: Path, layer: Layer | None = None) -> None:
        self._folder = folder
        self._layer = layer
        self._stamp: object = None
        try:
            self._stamp = self._now()
            self._index = Index(self._read())
        except FaqError as error:
            if layer is None:
                raise
            logger.error("answers without the edits: %s", error)
            self._stamp = None  # look again soon
            self._index = Index(read(folder))
        self._checked = time.monotonic()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path | None = None, layer: Layer | None = None) -> Answers:
        """The answers in `folder` (data/faq when None) under the edits of `layer`.

        Raises:
            FaqError: a file cannot be used; the message names file and entry.
        """
        return cls(Path(folder or FOLDER), layer)

    def __len__(self) -> int:
        return len(self._fresh().entries)

    def get(self, entry_id: str) -> Entry | None:
        """The entry of that id."""
        return self._fresh().entries.get(entry_id)

    def find(self, text: str, language: str, topics: Mapping[str, float]) -> list[Entry]:
        """What `text` asks: one entry when sure, two when two are close, none when nothing fits.

        Args:
            text: the viewer's words, in either language or both.
            language: of the conversation; an entry is found in any language.
            topics: probability by topic, from the classifier; empty when it is away.
        """
        index = self._fresh()
        score = scores(index, text, topics)
        return [index.order[number] for number in choose(score, ENOUGH, MARGIN)]

    def _fresh(self) -> Index:
        """The index, made again first when a file has changed since the last look."""
        now = time.monotonic()
        if now - self._checked >= CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._checked = now
                stamp = self._now()
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._index = Index(self._read())
            except FaqError as error:
                logger.error("answers not reloaded, the old ones stay: %s", error)
            finally:
                self._lock.release()
        return self._index

    def _now(self) -> object:
        return _stamp(self._folder), self._layer.stamp() if self._layer is not None else None

    def _read(self) -> list[Entry]:
        edits = self._layer.edits() if self._layer is not None else []
        return layered(read(self._folder), edits)


def scores(index: Index, text: str, topics: Mapping[str, float]) -> np.ndarray:
    """Likeness of each entry with its topic's probability added, shape (entries,)."""
    likely = [topics.get(topic, 0.0) if topics else UNKNOWN for topic in index.topics]
    return index.likeness(text) + TOPIC * np.array(likely)


def choose(score: np.ndarray, enough: float, margin: float) -> list[int]:
    """Numbers of the entries to give: none, one, or two that are close."""
    best, *others = np.argsort(-score)[:2].tolist()
    if score[best] < enough:
        return []
    return [best, *(other for other in others if score[best] - score[other] < margin)]


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the files: changes whenever one of them does."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((path.name, state.st_mtime_ns, state.st_size))
    return tuple(found)


def _stack(vectors: list[tuple[np.ndarray, np.ndarray]], width: int) -> csr_matrix:
    lengths = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
    columns = np.concatenate([columns for columns, _ in vectors])
    values = np.concatenate([values for _, values in vectors]).astype(np.float32)
    return csr_matrix((values, columns, lengths), shape=(len(vectors), width))
