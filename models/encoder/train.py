"""Tune the sentence encoder to intents: `python -m models.encoder.train [--out DIR]`.

Its last layers learn to tell the English sentences of `data/nlu` apart by intent, from the
pretrained weights on (Devlin et al. 2019, arXiv:1810.04805, section 3.2). What is kept are the
weights of these layers; how the vectors are read the intent classifier learns, with the assistant.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models import artefact
from models.encoder import ANYONE, FILES, MODEL, NAME, TUNED, VERSION
from models.encoder.predict import Encoder, checked, tokenizer
from models.nlu_examples import even_weights, nlu_examples

FETCHED = Path(__file__).resolve().parents[2] / "var" / "models" / "encoder"
SEED = 0
LAYERS = 3
"""The last layers that are tuned; 4 were no better on held-out sentences."""
EPOCHS = 4
RATE, HEAD_RATE = 1.5e-4, 1e-3
WARM_UP = 0.06  # of the steps, in which the rates rise
BATCH = 32
DROPOUT, HEAD_DROPOUT = 0.1, 0.2
SMOOTHING = 0.1  # of the labels
DECAY = 0.01
NAMED = 0.15  # the share of sentences whose names are read, and not "the film" instead
HELD_OUT = 5  # one part of so many is held out when the tuning is checked
_HAN = re.compile("[\u3400-\u9fff]")
_LINES = 50  # batches whose sentences are sorted by length together


@dataclass(frozen=True)
class Sentence:
    """A sentence with its intent and the titles and people in it: (start, end, kind)."""

    text: str
    intent: str
    names: tuple[tuple[int, int, str], ...] = ()

    def anonymous(self) -> str:
        """The sentence with any title and person for those named."""
        made, at = "", 0
        for start, end, kind in self.names:
            made += self.text[at:start] + ANYONE[kind]
            at = end
        return made + self.text[at:]


def english(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Those without a Chinese character: the encoder has learned English only."""
    return [each for each in sentences if not _HAN.search(each.text)]


def tune(
    folder: Path,
    sentences: Sequence[Sentence],
    epochs: int = EPOCHS,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, np.ndarray]:
    """The changed arrays of the encoder in `folder`, tuned to the intents of `sentences`.

    The same input gives nearly the same: sums of threads differ in their last digits.
    """
    import tensorflow as tf

    from models.encoder.network import Network, padded

    tf.keras.utils.set_random_seed(SEED)
    network = Network((folder / MODEL).read_bytes(), LAYERS)
    intents = sorted({each.intent for each in sentences})
    head = tf.keras.layers.Dense(len(intents))
    head.build((None, 384))
    rows = _Rows(folder, sentences, intents)
    steps = epochs * -(-len(sentences) // BATCH)
    body_optimizer, head_optimizer = (
        tf.keras.optimizers.AdamW(_rising_and_falling(tf, rate, steps), weight_decay=DECAY)
        for rate in (RATE, HEAD_RATE)
    )

    @tf.function(reduce_retracing=True, autograph=False)
    def lower(tokens: Any, mask: Any) -> Any:
        return network.lower(tokens, mask)

    @tf.function(reduce_retracing=True, autograph=False)
    def learn(states: Any, mask: Any, wanted: Any, counted: Any) -> Any:
        with tf.GradientTape() as tape:
            vectors = tf.nn.dropout(network.upper(states, mask, DROPOUT), HEAD_DROPOUT)
            smooth = tf.one_hot(wanted, len(intents)) * (1 - SMOOTHING) + SMOOTHING / len(intents)
            surprise = tf.nn.softmax_cross_entropy_with_logits(smooth, head(vectors))
            loss = tf.reduce_sum(counted * surprise) / tf.reduce_sum(counted)
        body = network.learned
        slopes = tape.gradient(loss, [*body, *head.trainable_weights])
        slopes, _ = tf.clip_by_global_norm(slopes, 1.0)
        body_optimizer.apply_gradients(zip(slopes[: len(body)], body, strict=True))
        head_optimizer.apply_gradients(
            zip(slopes[len(body) :], head.trainable_weights, strict=True)
        )
        return loss

    for batch, tokens in rows.alike():
        rows.keep(batch, lower(*padded(tokens)).numpy())
    for epoch in range(epochs):
        began = time.monotonic()
        losses = [
            float(learn(*padded(states, np.float32), wanted, counted))
            for states, wanted, counted in rows.batches(epoch)
        ]
        taken = time.monotonic() - began
        progress(f"epoch {epoch + 1}/{epochs}: loss {np.mean(losses):.3f}, {taken:.0f} s")
    return network.changes()


class _Rows:
    """The sentences as tokens, each as it is and anonymous, and their batches."""

    def __init__(self, folder: Path, sentences: Sequence[Sentence], intents: Sequence[str]) -> None:
        encode = tokenizer(folder).encode
        plain = [encode(each.text).ids for each in sentences]
        self._anonymous = np.arange(len(plain))
        self._tokens = plain
        for i, each in enumerate(sentences):
            if each.names:
                self._anonymous[i] = len(self._tokens)
                self._tokens.append(encode(each.anonymous()).ids)
        self._wanted = np.array([intents.index(each.intent) for each in sentences], np.int32)
        self._counted = even_weights([each.intent for each in sentences]).astype(np.float32)
        self._states: list[np.ndarray] = [np.zeros((0, 0))] * len(self._tokens)

    def alike(self, size: int = 256) -> Iterator[tuple[np.ndarray, list[list[int]]]]:
        """All rows by their length: the numbers of some, and their tokens."""
        order = np.argsort([len(tokens) for tokens in self._tokens], kind="stable")
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            yield batch, [self._tokens[i] for i in batch]

    def keep(self, batch: np.ndarray, states: np.ndarray) -> None:
        """Remember what the layers that are not tuned make of some rows (rows, length, 384)."""
        for i, row in zip(batch, states, strict=True):
            self._states[i] = row[: len(self._tokens[i])].astype(np.float16)

    def batches(self, epoch: int) -> Iterator[tuple[list[np.ndarray], np.ndarray, np.ndarray]]:
        """States, intents and weights of batches in an order of the epoch's own."""
        chance = np.random.default_rng((SEED, epoch))
        order = chance.permutation(len(self._wanted))
        named = chance.random(len(order)) < NAMED
        alike: list[np.ndarray] = []
        for start in range(0, len(order), BATCH * _LINES):
            near = sorted(order[start : start + BATCH * _LINES], key=lambda i: len(self._tokens[i]))
            alike += [np.array(near[i : i + BATCH]) for i in range(0, len(near), BATCH)]
        for at in chance.permutation(len(alike)):
            batch = alike[at]
            rows = [i if named[i] else self._anonymous[i] for i in batch]
            yield [self._states[row] for row in rows], self._wanted[batch], self._counted[batch]


def _rising_and_falling(tf: Any, rate: float, steps: int) -> Any:
    """A rate that rises to `rate`, then falls to nearly nothing."""

    class Schedule(tf.keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step: Any) -> Any:
            done = (tf.cast(step, tf.float32) + 1) / steps
            return rate * tf.minimum(1.0, done / WARM_UP) * tf.maximum(0.02, 1 - done)

    return Schedule()


def check(
    folder: Path, sentences: Sequence[Sentence], progress: Callable[[str], None]
) -> dict[str, float]:
    """Accuracy and macro-F1 on a part that is held out, of logistic regression over the vectors:
    of the pretrained encoder (`before_…`) and of one that was tuned without that part."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import StratifiedKFold

    wanted = np.array([each.intent for each in sentences])
    parts = StratifiedKFold(HELD_OUT, shuffle=True, random_state=SEED).split(wanted, wanted)
    learn, held_out = next(parts)
    layers = tune(folder, [sentences[i] for i in learn], progress=progress)
    figures: dict[str, float] = {}
    for name, arrays in (("before_", {}), ("", layers)):
        vector = Encoder.with_layers(folder, arrays).vector
        vectors = np.array([vector(each.anonymous()) for each in sentences])
        reader = LogisticRegression(C=20.0, max_iter=200).fit(vectors[learn], wanted[learn])
        said = reader.predict(vectors[held_out])
        figures[f"{name}accuracy"] = round(float(accuracy_score(wanted[held_out], said)), 4)
        figures[f"{name}macro_f1"] = round(
            float(f1_score(wanted[held_out], said, average="macro")), 4
        )
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Tune and write the artefact; the last line is the summary."""
    parser = argparse.ArgumentParser(prog="python -m models.encoder.train")
    parser.add_argument("--encoder", type=Path, default=FETCHED, help="the pretrained encoder")
    parser.add_argument("--out", type=Path, default=TUNED, help="folder of the artefact")
    parser.add_argument("--unchecked", action="store_true", help="hold no sentences out first")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    sentences = english(Sentence(each.text, each.intent, each.names) for each in nlu_examples())
    facts: dict[str, Any] = {"seed": SEED, "sentences": len(sentences)}
    try:
        for name in FILES:
            checked(options.encoder, name)
        if not options.unchecked:
            facts["held_out"] = check(options.encoder, sentences, print)
            print(f"held out: {facts['held_out']}")
        layers = tune(options.encoder, sentences, progress=print)
    except artefact.ArtefactError as error:
        print(error, file=sys.stderr)
        return 1
    artefact.save(options.out, artefact.Artefact(NAME, VERSION, facts, layers))
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(f"{options.out} ({size:.1f} MB), {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
