"""The classifier at work, in NumPy: topic, opinion and emotion of one text.

`python -m models.classifier.predict` reads lines from standard input and writes JSON lines.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models import artefact
from models.classifier.dataset import EMOTIONS, HIGHEST, LOWEST, OTHER, ROOT, SENTIMENTS
from models.classifier.features import encode

NAME = "classifier"
VERSION = 1
DEFAULT = ROOT / "var" / "models" / NAME


@dataclass(frozen=True)
class Classification:
    """What a text is about and how it sounds. Probabilities sum to 1.

    `topic` is None when the text is about none of the topics or it is not clear which;
    `sentiment` is None when it is not clear. `rating` is in half stars, 0.5 to 5.
    """

    topic: str | None
    topic_probabilities: Mapping[str, float]
    sentiment: str | None
    sentiment_probabilities: Mapping[str, float]
    rating: float
    emotion: str
    emotion_probabilities: Mapping[str, float]


class Classifier:
    """The trained network; safe to share between threads, it holds no state of a call."""

    def __init__(self, facts: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> None:
        self._labels: Mapping[str, Sequence[str]] = facts["labels"]  # type: ignore[assignment]
        self._temperature: Mapping[str, float] = facts["temperature"]  # type: ignore[assignment]
        self._threshold: Mapping[str, float] = facts["threshold"]  # type: ignore[assignment]
        self._weights = dict(arrays)
        self._join_directions()

    @classmethod
    def load(cls, folder: Path = DEFAULT) -> Classifier:
        """The classifier trained to `folder`.

        Raises:
            ArtefactError: it is missing, damaged, of another version or with other labels.
        """
        found = artefact.load(Path(folder), NAME, VERSION)
        labels = found.facts.get("labels", {})
        if tuple(labels.get("sentiment", ())) != SENTIMENTS or (
            tuple(labels.get("emotion", ())) != EMOTIONS
        ):
            raise artefact.ArtefactError(f"{folder} was trained for other labels; train again")
        return cls(found.facts, found.arrays)

    def classify(self, text: str) -> Classification:
        """Topic, opinion and emotion of `text`; never raises, whatever the text."""
        logits = self.logits(encode(text))
        topic = self._probabilities("topic", logits["topic"])
        sentiment = self._probabilities("sentiment", logits["sentiment"])
        emotion = self._probabilities("emotion", logits["emotion"])
        felt = self._sure("sentiment", sentiment)
        about = self._sure("topic", topic)
        return Classification(
            topic=None if about == OTHER else about,
            topic_probabilities=topic,
            sentiment=felt,
            sentiment_probabilities=sentiment,
            rating=_half_stars(float(logits["rating"][0]), felt),
            emotion=max(emotion, key=emotion.__getitem__),
            emotion_probabilities=emotion,
        )

    def logits(self, ids: np.ndarray) -> dict[str, np.ndarray]:
        """The heads' raw outputs for one encoded text, int32 (tokens, WIDTH).

        Equals `network.Network` on the same text (a test holds it to 1e-5).
        """
        weights = self._weights
        present = (ids > 0).sum(axis=1, keepdims=True)
        # Row 0 of each table is kept at zero, so padding adds nothing to the sum.
        vectors = weights["table"][ids].sum(axis=1) / np.maximum(present, 1).astype(np.float32)
        states = self._states(vectors)
        score = (states @ weights["attention"])[:, 0]
        share = np.exp(score - score.max())
        share /= share.sum()
        body = np.concatenate([states.max(axis=0), share @ states, vectors.mean(axis=0)])
        logits = {
            head: body @ weights[f"{head}.kernel"] + weights[f"{head}.bias"]
            for head in ("topic", "sentiment", "rating", "emotion")
        }
        count = max(int(present.sum()), 1)
        logits["topic"] += weights["shortcut"][ids].sum(axis=(0, 1)) / np.float32(np.sqrt(count))
        return logits

    def _join_directions(self) -> None:
        """Lay both GRUs side by side, so that one step of both is one product.

        Gates are ordered z, r, h as in Keras; within a gate first forward, then backward.
        """
        weights = self._weights
        weights["table"] = weights["table"].astype(np.float32)
        weights["table"][0] = 0
        weights["shortcut"] = weights["shortcut"].copy()
        weights["shortcut"][0] = 0
        units = weights["forward.recurrent"].shape[0]
        self._units = units
        recurrent = np.zeros((2 * units, 6 * units), np.float32)
        self._inner = np.zeros(6 * units, np.float32)
        for side, name in enumerate(("forward", "backward")):
            for gate in range(3):
                source = slice(gate * units, (gate + 1) * units)
                target = slice((2 * gate + side) * units, (2 * gate + side + 1) * units)
                rows = slice(side * units, (side + 1) * units)
                recurrent[rows, target] = weights[f"{name}.recurrent"][:, source]
                self._inner[target] = weights[f"{name}.bias"][1, source]
        self._recurrent = recurrent

    def _states(self, vectors: np.ndarray) -> np.ndarray:
        """Hidden states of both directions, (tokens, 2 · units)."""
        units, count = self._units, len(vectors)
        inputs = np.empty((count, 3, 2, units), np.float32)
        for side, name in enumerate(("forward", "backward")):
            ordered = vectors if side == 0 else vectors[::-1]
            outer = ordered @ self._weights[f"{name}.kernel"] + self._weights[f"{name}.bias"][0]
            inputs[:, :, side, :] = outer.reshape(count, 3, units)
        flat = inputs.reshape(count, 6 * units)
        both = 2 * units
        state = np.zeros(both, np.float32)
        states = np.empty((count, both), np.float32)
        recurrent, inner = self._recurrent, self._inner
        for step in range(count):
            memory = state @ recurrent + inner
            # tanh is the quicker way to a logistic curve in NumPy, and cannot overflow.
            gates = np.tanh((flat[step, : 2 * both] + memory[: 2 * both]) * 0.5) * 0.5 + 0.5
            fresh = np.tanh(flat[step, 2 * both :] + gates[both:] * memory[2 * both :])
            state = fresh + gates[:both] * (state - fresh)
            states[step] = state
        states[:, units:] = states[::-1, units:].copy()
        return states

    def _probabilities(self, head: str, logits: np.ndarray) -> dict[str, float]:
        scaled = logits.astype(np.float64) / self._temperature[head]
        shares = np.exp(scaled - scaled.max())
        return dict(zip(self._labels[head], (shares / shares.sum()).tolist(), strict=True))

    def _sure(self, head: str, probabilities: Mapping[str, float]) -> str | None:
        best = max(probabilities, key=probabilities.__getitem__)
        return best if probabilities[best] >= self._threshold[head] else None


def _half_stars(logit: float, sentiment: str | None) -> float:
    """Stars from the rating head, never against the sentiment that is shown beside them."""
    raw = LOWEST + (HIGHEST - LOWEST) * (0.5 + 0.5 * np.tanh(logit / 2))
    stars = float(np.clip(np.round(2 * raw) / 2, LOWEST, HIGHEST))
    if sentiment == "positive":
        return max(stars, 3.5)
    if sentiment == "negative":
        return min(stars, 2.5)
    if sentiment == "neutral":
        return float(np.clip(stars, 2.5, 3.5))
    return stars


def main(arguments: Sequence[str] | None = None) -> int:
    """Classify standard input line by line."""
    parser = argparse.ArgumentParser(prog="models.classifier.predict", description=__doc__)
    parser.add_argument("--model", type=Path, default=DEFAULT, help="folder of the artefact")
    options = parser.parse_args(arguments)
    try:
        classifier = Classifier.load(options.model)
    except artefact.ArtefactError as error:
        print(error, file=sys.stderr)
        return 1
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        found = dataclasses.asdict(classifier.classify(text))
        print(json.dumps({"text": text, **found}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
