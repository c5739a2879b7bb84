"""Train the moderation network: `python -m models.moderation.train [--data DIR] [--out DIR]`."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from models import artefact
from models.moderation import dataset
from models.moderation.augment import augmented
from models.moderation.carriers import MOVIES, carried
from models.moderation.dataset import ABUSE, Example
from models.moderation.features import Hasher, tokenise
from models.moderation.intents import viewers
from models.moderation.lexicon import Lexicon, parse
from models.moderation.public import public
from models.moderation.scorer import GAIN, NAME, VERSION, Scorer, fold, weigh
from models.moderation.sounds import Sounds, counted, syllables
from models.moderation.thresholds import choose, mixture

SEED = 20240611
EPOCHS = 3
BATCH = 256
RATE = 5e-3
INVERSE_PENALTY = 16.0
FEATURE_DROPOUT = 0.25
RECONSTRUCTION = 5.0
DECAY = 1e-4
OUT = Path(__file__).resolve().parent / "artefact"


@dataclass(frozen=True)
class Table:
    """Counts and, for each output, labels and weights (weight 0: not known)."""

    counts: sparse.csr_matrix
    labels: np.ndarray
    weights: np.ndarray
    kinds: np.ndarray
    kind_weights: np.ndarray


_VIEWER_WEIGHT = {
    "own": 6.0,
    "disguised": 2.0,
    "joined": 2.0,
    "nlu": 3.0,
    "titles": 0.7,
    "convabuse": 1.5,
}
_OURS = frozenset({"own", "disguised", "joined", "nlu"})
_KIND_WEIGHT = {
    "own": 3.0,
    "disguised": 1.0,
    "convabuse": 2.0,
    "davidson": 0.6,
    "cold": 0.15,
    "swsr": 0.1,
}


def table(examples: Sequence[Example], hasher: Hasher) -> Table:
    """Features, labels and weights of `examples`."""
    parts = []
    for start in range(0, len(examples), 1024):
        chunk = [hasher.tokens(e.text, e.harmless) for e in examples[start : start + 1024]]
        parts.append(hasher.counts(hasher.occurrences(chunk)))
    labels = np.zeros((len(examples), 4), dtype=np.float32)
    weights = np.zeros((len(examples), 4), dtype=np.float32)
    kinds = np.zeros(len(examples), dtype=np.int32)
    kind_weights = np.zeros(len(examples), dtype=np.float32)
    for i, e in enumerate(examples):
        viewer = e.general if e.viewer is None else e.viewer
        known = (e.general, viewer, e.self_harm, e.spam)
        scale = (
            0.3 if e.source == "swsr" else 1.0,
            _VIEWER_WEIGHT.get(e.source, 0.7) if e.viewer is not None else 0.05,
            8.0 if e.source in _OURS else 0.5,
            8.0 if e.source in _OURS else 0.5,
        )
        for j, label in enumerate(known):
            if label is not None:
                labels[i, j], weights[i, j] = label, scale[j]
        if e.category in ABUSE:
            kinds[i] = ABUSE.index(e.category)
            kind_weights[i] = _KIND_WEIGHT.get(e.source, 0.2)
    return Table(sparse.vstack(parts).tocsr(), labels, weights, kinds, kind_weights)


def inverse_frequency(counts: sparse.csr_matrix, least: int = 2) -> np.ndarray:
    """Smoothed idf of each bucket; 0 for one seen in fewer than `least` texts."""
    seen = np.asarray(counts.sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1.0
    return np.where(seen >= least, idf, 0.0).astype(np.float16).astype(np.float32)


def linear_view(data: Table, idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best linear answers alone: weights (BUCKETS, outputs) and biases (outputs,)."""
    vectors = weigh(data.counts, idf)
    weights, biases = [], []
    for output in range(data.labels.shape[1]):
        rows = np.flatnonzero(data.weights[:, output])
        model = LogisticRegression(C=INVERSE_PENALTY, max_iter=100)
        with warnings.catch_warnings():
            # Stopping early is wanted: it is as good, and takes a third of the time.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(vectors[rows], data.labels[rows, output], data.weights[rows, output])
        weights.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return np.stack(weights, axis=1).astype(np.float32), np.array(biases, dtype=np.float32)


def fit(data: Table, idf: np.ndarray, epochs: int, seed: int = SEED) -> dict[str, np.ndarray]:
    """Train the network on `data`; its weights by name.

    One epoch goes once over the data in an order drawn from `seed`.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    from models.moderation.network import FOLDED, AutoencoderHead

    if tf.config.threading.get_intra_op_parallelism_threads() != 1:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    network = AutoencoderHead(seed)
    rows = data.counts.shape[0]
    steps = epochs * ((rows + BATCH - 1) // BATCH)
    rate = tf.keras.optimizers.schedules.CosineDecay(RATE, steps, alpha=0.02)
    optimiser = tf.keras.optimizers.Adam(rate, jit_compile=False)
    linear, bias = linear_view(data, idf)
    network.linear.assign(linear)
    network.linear_bias.assign(bias)

    def step(
        folded: tf.SparseTensor,
        labels: tf.Tensor,
        weights: tf.Tensor,
        kinds: tf.Tensor,
        kind_weights: tf.Tensor,
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            outputs, logits, errors = network.by_code(folded, training=True)
            crossed = tf.nn.sigmoid_cross_entropy_with_logits(labels, outputs) * weights
            loss = tf.reduce_mean(tf.reduce_sum(crossed, axis=1))
            kind = tf.nn.sparse_softmax_cross_entropy_with_logits(kinds, logits)
            loss += tf.reduce_mean(kind * kind_weights)
            abusive = tf.maximum(labels[:, 0], labels[:, 1])
            rebuilt = errors[:, 0] * (1.0 - abusive) + errors[:, 1] * abusive
            loss += RECONSTRUCTION * tf.reduce_mean(rebuilt)
            loss += DECAY * tf.reduce_sum(tf.square(network.encoder))
            loss += 0.1 * DECAY * tf.reduce_sum(tf.square(network.kinds))
        variables = network.trainable_variables
        gradients = tape.gradient(loss, variables)
        optimiser.apply_gradients(list(zip(gradients, variables, strict=True)))
        return loss

    run = tf.function(step, reduce_retracing=True, autograph=False)
    chance = np.random.default_rng(seed)
    for epoch in range(epochs):
        begun, losses = time.monotonic(), []
        order = chance.permutation(rows)
        for start in range(0, rows, BATCH):
            chosen = order[start : start + BATCH]
            vectors = weigh(_thinned(data.counts[chosen], chance), idf)
            losses.append(
                run(
                    sparse_tensor(fold(vectors, FOLDED)),
                    tf.constant(data.labels[chosen]),
                    tf.constant(data.weights[chosen]),
                    tf.constant(data.kinds[chosen]),
                    tf.constant(data.kind_weights[chosen]),
                )
            )
        loss = float(np.mean([float(value) for value in losses]))
        print(f"  epoch {epoch + 1}/{epochs}: loss {loss:.4f}, {time.monotonic() - begun:.0f} s")
    return {weight.name.split(":")[0]: weight.numpy() for weight in network.weights}


def _thinned(counts: sparse.csr_matrix, chance: np.random.Generator) -> sparse.csr_matrix:
    """A random share of each row's features left out, against learning texts by heart."""
    keep = chance.random(counts.nnz) >= FEATURE_DROPOUT
    ends = np.concatenate([[0], np.cumsum(keep)])[counts.indptr]
    return sparse.csr_matrix(
        (counts.data[keep], counts.indices[keep], ends.astype(np.int32)), shape=counts.shape
    )


def sparse_tensor(matrix: sparse.csr_matrix) -> object:
    """A CSR matrix as TensorFlow's SparseTensor."""
    import tensorflow as tf

    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    places = np.stack([rows, matrix.indices], axis=1).astype(np.int64)
    return tf.SparseTensor(places, matrix.data, matrix.shape)


def pack(weights: dict[str, np.ndarray], idf: np.ndarray, hasher: Hasher) -> dict[str, np.ndarray]:
    """Arrays as they are shipped: the large ones in bytes, and nothing for buckets never seen."""
    linear = np.where((idf > 0)[:, None], weights["linear"], 0.0)
    linear[np.abs(linear) < 5e-3] = 0.0
    large = {
        "linear": linear,
        "kinds": GAIN * weights["kinds"],
        "encoder": weights["encoder"],
        "idf": idf[:, None],
    }
    packed = {name: value for name, value in weights.items() if name not in large}
    for name, values in large.items():
        packed[name], packed[f"{name}_largest"] = artefact.in_bytes(values)
    return {
        **packed,
        "pinyin": hasher.pinyin,
        "pairs": hasher.sounds.pairs,
        "pair_times": hasher.sounds.times,
        "lexicon_words": np.array(list(hasher.lexicon.words)),
        "lexicon_kinds": np.array(list(hasher.lexicon.words.values()), dtype=np.uint16),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, choose thresholds on the validation part, and write the artefact."""
    parser = argparse.ArgumentParser(prog="python -m models.moderation.train")
    parser.add_argument("--data", type=Path, default=dataset.SHARED, help="public sets")
    parser.add_argument("--titles", type=Path, default=MOVIES, help="movies.db, for its titles")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the artefact")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        examples = [*dataset.own(), *viewers(), *carried(options.titles), *public(options.data)]
    except dataset.DataMissingError as error:
        print(error, file=sys.stderr)
        return 2
    pinyin = syllables()
    lexicon = Lexicon(parse((dataset.OWN / "lexicon.txt").read_text(encoding="utf-8")))
    parts = {
        "training": [e for e in examples if e.split == "train"],
        "training and validation": [e for e in examples if e.split != "test"],
    }
    facts: dict[str, Any] = {}
    mix = np.stack([np.full(4, 0.5), np.full(4, 0.5), np.zeros(4)]).astype(np.float32)
    for name, part in parts.items():
        messages = augmented(part, random.Random(SEED))
        pairs = counted(tokenise(e.text, e.harmless).words for e in part)
        hasher = Hasher(pinyin, lexicon, Sounds(pinyin, *pairs))
        data = table(messages, hasher)
        print(f"{name}: {len(messages):,} messages, {time.monotonic() - begun:.0f} s")
        idf = inverse_frequency(data.counts)
        weights = pack(fit(data, idf, options.epochs), idf, hasher)
        if not facts:
            # The mix and the thresholds come from messages this first network has not seen; the
            # second network learns from those as well and keeps both.
            unseen = [e for e in examples if e.split == "validation"]
            draft = artefact.Artefact(NAME, VERSION, {}, {**weights, "mix": mix})
            mix = mixture(Scorer(draft), unseen, mix)
            draft = artefact.Artefact(NAME, VERSION, {}, {**weights, "mix": mix})
            facts = choose(Scorer(draft), unseen)
    facts |= {"seed": SEED, "categories": list(dataset.CATEGORIES), "training": len(messages)}
    final = artefact.Artefact(NAME, VERSION, facts, {**weights, "mix": mix})
    artefact.save(options.out, final)
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(f"wrote {options.out} ({size:.1f} MB) in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
