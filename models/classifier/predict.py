"""The classifier at work, in NumPy: topic, opinion and emotion of one text.

Two parts read it: a bidirectional GRU its beginning and end (`recurrent`), a linear one all of its
n-grams (`wide`). Their logits are added with weights chosen on sentences kept aside.

`python -m models.classifier.predict` reads lines from standard input and writes JSON lines.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models import artefact
from models.classifier.calibration import softmax
from models.classifier.dataset import EMOTIONS, HIGHEST, LOWEST, OTHER, ROOT, SENTIMENTS
from models.classifier.features import HEAD, TAIL, encode_tokens, grams_of, tokens
from models.classifier.recurrent import Recurrent
from models.classifier.wide import Wide
from models.lines import answer_lines

NAME = "classifier"
VERSION = 3
HEADS = ("topic", "sentiment", "emotion")
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
    """The trained parts; safe to share between threads, it holds no state of a call."""

    def __init__(self, facts: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> None:
        self._labels: Mapping[str, Sequence[str]] = facts["labels"]  # type: ignore[assignment]
        self._threshold: Mapping[str, float] = facts["threshold"]  # type: ignore[assignment]
        self._mix: Mapping[str, Sequence[Sequence[float]]] = facts["mix"]  # type: ignore[assignment]
        self._recurrent = Recurrent(arrays)
        self._wide = {head: Wide(arrays, head) for head in HEADS}

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
        logits = self.logits(text)
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

    def logits(self, text: str) -> dict[str, np.ndarray]:
        """Calibrated logits by head, and the rating's."""
        read = tokens(text)
        ids, found = encode_tokens(read), grams_of(read)
        logits = self._recurrent.logits(ids)
        # A text that the recurrent part has not read whole leans on the wide part.
        cut = int(len(ids) >= HEAD + TAIL)
        for head in HEADS:
            recurrent, wide = self._mix[head][cut]
            logits[head] = recurrent * logits[head] + wide * self._wide[head].logits(found)
        return logits

    def _probabilities(self, head: str, logits: np.ndarray) -> dict[str, float]:
        shares = softmax(logits[None].astype(np.float64))[0]
        return dict(zip(self._labels[head], shares.tolist(), strict=True))

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
    answer_lines(lambda text: dataclasses.asdict(classifier.classify(text)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
