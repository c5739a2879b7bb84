"""What each piece of the recurrent part is worth: `python -m benchmarks.classifier_ablation`.

On GoEmotions (`--data`), its 28 labels (comments with a single one) or grouped to seven: learned on
its train part, a twentieth of which (by checksum) tells when to stop, and measured once on its dev
part. Every network is trained by the same loop. Peers beside them: averaged features and a linear
layer (Joulin et al. 2016, "Bag of tricks", as fastText has it), TF-IDF with logistic regression,
our wide part alone and, where its environment could be made, logistic regression over the vectors
of a pretrained encoder (all-MiniLM-L6-v2). Seed 7. Prints a line a model and one JSON line last.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from sklearn.metrics import f1_score

from benchmarks.classifier import peer
from models.classifier import sources, wide
from models.classifier.dataset import ROOT, Example
from models.classifier.features import WIDTH, encode, grams, pad
from models.classifier.network import UNITS, TokenVectors, use_cores
from models.classifier.wide import Wide

SEED, BATCH, EPOCHS, PATIENCE, RATE = 7, 128, 8, 2, 2e-3
LONGEST = 48
PEERS = ROOT / ".venv-peers" / "classifier" / "bin" / "python"

Layer = Callable[[], tf.keras.layers.Layer]


@dataclass(frozen=True)
class Variant:
    """A network: its cell, in one direction or both, how states are pooled, with sub-words or not.

    `pooling` is "last", "max", or "max+attention"; no cell at all averages the token vectors.
    """

    cell: Layer | None
    both: bool = True
    pooling: str = "max"
    pieces: bool = True


VARIANTS = {
    "averaged features (fastText-style)": Variant(None),
    "SimpleRNN, words, last state": Variant(
        lambda: tf.keras.layers.SimpleRNN(UNITS, return_sequences=True), False, "last", False
    ),
    "GRU, words, last state": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), False, "last", False
    ),
    "BiLSTM, words, last state (plain)": Variant(
        lambda: tf.keras.layers.LSTM(UNITS, return_sequences=True), True, "last", False
    ),
    "BiLSTM, sub-words, max": Variant(lambda: tf.keras.layers.LSTM(UNITS, return_sequences=True)),
    "BiGRU, words, max": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), pieces=False
    ),
    "BiGRU, sub-words, max": Variant(lambda: tf.keras.layers.GRU(UNITS, return_sequences=True)),
    "BiGRU, sub-words, max + attention": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), pooling="max+attention"
    ),
}


def build(variant: Variant, outputs: int) -> tf.keras.Model:
    """The network: int32 (texts, tokens, WIDTH) to logits (texts, outputs)."""
    ids = tf.keras.Input((None, WIDTH), dtype=tf.int32)
    vectors = TokenVectors(0.3, SEED)(ids)
    real = tf.reduce_any(ids > 0, axis=-1)
    inside = tf.cast(real, tf.float32)[..., None]
    if variant.cell is None:
        count = tf.maximum(tf.reduce_sum(inside, axis=1), 1.0)
        body = tf.reduce_sum(vectors * inside, axis=1) / count
    else:
        layer = variant.cell()
        made = tf.keras.layers.Bidirectional(layer) if variant.both else layer
        states = made(tf.keras.layers.SpatialDropout1D(0.2)(vectors), mask=real)
        outside = (1.0 - inside) * 1e9
        parts = []
        if variant.pooling == "last":
            # Of the backward direction the first step has read everything.
            places = tf.maximum(tf.reduce_sum(tf.cast(real, tf.int32), axis=1) - 1, 0)
            parts.append(tf.gather(states, places, axis=1, batch_dims=1)[:, :UNITS])
            if variant.both:
                parts.append(states[:, 0, UNITS:])
        else:
            parts.append(tf.reduce_max(states - outside, axis=1))
        if variant.pooling == "max+attention":
            weights = tf.nn.softmax(tf.keras.layers.Dense(1)(states) - outside, axis=1)
            parts.append(tf.reduce_sum(weights * states, axis=1))
        body = tf.concat(parts, axis=-1)
    logits = tf.keras.layers.Dense(outputs)(tf.keras.layers.Dropout(0.4)(body))
    return tf.keras.Model(ids, logits)


def features(texts: Sequence[str], pieces: bool) -> list[np.ndarray]:
    """Encoded texts; without sub-words a token keeps its own feature alone."""
    found = [encode(text)[:LONGEST] for text in texts]
    if not pieces:
        for each in found:
            each[:, 1:] = 0
    return found


def batches(found: Sequence[np.ndarray], order: np.ndarray) -> list[np.ndarray]:
    """Places of texts of like length, BATCH at a time."""
    lengths = np.array([len(found[i]) for i in order])
    by_length = order[np.argsort(lengths, kind="stable")]
    return [by_length[i : i + BATCH] for i in range(0, len(by_length), BATCH)]


def logits_of(model: tf.keras.Model, found: Sequence[np.ndarray]) -> np.ndarray:
    """Logits (texts, outputs)."""
    parts = batches(found, np.arange(len(found)))
    made = np.zeros((len(found), model.output_shape[-1]), np.float32)
    for part in parts:
        made[part] = model(tf.constant(pad([found[i] for i in part])), training=False).numpy()
    return made


def fitted(
    variant: Variant, learned: tuple[list[np.ndarray], np.ndarray], stop: tuple[list, np.ndarray],
    outputs: int,
) -> tf.keras.Model:  # fmt: skip
    """Train until the macro-F1 on `stop` stops rising; the best weights stay."""
    tf.keras.utils.set_random_seed(SEED)
    model = build(variant, outputs)
    optimiser = tf.keras.optimizers.legacy.Adam(RATE, clipnorm=1.0)
    crossed = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None, WIDTH), tf.int32),
            tf.TensorSpec((None,), tf.int32),
        ],
        autograph=False,
    )
    def step(ids: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = crossed(wanted, model(ids, training=True))
        weights = model.trainable_variables
        optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    rng = np.random.default_rng(SEED)
    best, best_weights, stale = -1.0, model.get_weights(), 0
    for _ in range(EPOCHS):
        parts = batches(learned[0], rng.permutation(len(learned[0])))
        for i in rng.permutation(len(parts)):
            part = parts[i]
            ids = tf.constant(pad([learned[0][j] for j in part]))
            step(ids, tf.constant(learned[1][part]))
        said = logits_of(model, stop[0]).argmax(axis=1)
        now = f1_score(stop[1], said, average="macro")
        stale += 1
        if now > best:
            best, best_weights, stale = now, model.get_weights(), 0
        if stale >= PATIENCE:
            break
    model.set_weights(best_weights)
    return model


def comments(folder: Path, name: str, grouped: bool) -> list[tuple[str, str]]:
    """Comments and their label: one of seven groups, or one of 28."""
    if grouped:
        return [(e.text, str(e.emotion)) for e in sources.goemotions(folder, name)]
    labels = (folder / "labels.txt").read_text(encoding="utf-8").split()
    rows = (
        line.split("\t")
        for line in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line
    )
    return [(row[0], labels[int(row[1])]) for row in rows if "," not in row[1]]


def encoded(
    python: Path, learned: Sequence[str], texts: Sequence[str], wanted: np.ndarray
) -> np.ndarray:
    """Places of the labels by logistic regression over a pretrained encoder's vectors."""
    from sklearn.linear_model import LogisticRegression

    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "vectors.npy"
        program = str(Path(__file__).with_name("classifier_peers.py"))
        subprocess.run(
            [str(python), program, str(out)],
            input=json.dumps([*learned, *texts]),
            text=True,
            check=True,
        )
        vectors = np.load(out)
    model = LogisticRegression(C=10, max_iter=300)
    model.fit(vectors[: len(learned)], wanted)
    return np.asarray(model.predict(vectors[len(learned) :]))


def compare(folder: Path, grouped: bool, python: Path) -> dict[str, tuple[float, float]]:
    """Model → accuracy and macro-F1 on the dev part."""
    rows = comments(folder, "train", grouped)
    parts = {
        "train": [row for row in rows if zlib.crc32(row[0].encode()) % 20],
        "stop": [row for row in rows if not zlib.crc32(row[0].encode()) % 20],
        "test": comments(folder, "dev", grouped),
    }
    names = sorted({label for _, label in parts["train"]})
    wanted = {
        name: np.array([names.index(y) for _, y in rows], np.int32) for name, rows in parts.items()
    }
    texts = {name: [x for x, _ in rows] for name, rows in parts.items()}
    found: dict[str, tuple[float, float]] = {}

    def report(model: str, said: np.ndarray, began: float) -> None:
        accuracy = float((said == wanted["test"]).mean())
        macro = float(f1_score(wanted["test"], said, average="macro"))
        found[model] = (accuracy, macro)
        print(
            f"  {model:36} accuracy {accuracy:.4f}  macro-F1 {macro:.4f}  "
            f"({time.monotonic() - began:.0f} s)",
            flush=True,
        )

    print(f"{len(names)} labels: {', '.join(f'{len(t)} {n}' for n, t in texts.items())}")
    for model, variant in VARIANTS.items():
        began = time.monotonic()
        read = {name: features(each, variant.pieces) for name, each in texts.items()}
        network = fitted(
            variant, (read["train"], wanted["train"]), (read["stop"], wanted["stop"]), len(names)
        )
        report(model, logits_of(network, read["test"]).argmax(axis=1), began)
    began = time.monotonic()
    examples = [Example(text, emotion=label) for text, label in parts["train"]]
    labels, shares = peer(examples, "emotion")(texts["test"], "emotion")
    report("TF-IDF + LR", np.array([names.index(labels[i]) for i in shares.argmax(axis=1)]), began)
    began = time.monotonic()
    report("wide part", wide_part(parts["train"], texts["test"], names), began)
    if python.exists():
        began = time.monotonic()
        said = encoded(python, texts["train"], texts["test"], wanted["train"])
        report("MiniLM vectors + LR", said, began)
    else:
        print(f"  no pretrained encoder: {python} is not there")
    return found


def wide_part(
    learned: Sequence[tuple[str, str]], texts: Sequence[str], names: Sequence[str]
) -> np.ndarray:
    """Places of the labels that our wide part gives."""
    made = wide.fit(wide.table([x for x, _ in learned]), [y for _, y in learned], names)
    arrays: Mapping[str, np.ndarray] = {f"emotion.{name}": value for name, value in made.items()}
    read = Wide(arrays, "emotion")
    return np.array([int(read.logits(grams(text)).argmax()) for text in texts])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--labels", type=int, choices=(7, 28), action="append")
    options.add_argument("--peers", type=Path, default=PEERS, help="Python with the encoder")
    chosen = options.parse_args(arguments)
    use_cores(1)
    figures = {}
    folder = chosen.data / "sentiment" / "goemotions"
    try:
        for count in chosen.labels or (7, 28):
            found = compare(folder, count == 7, chosen.peers)
            figures[str(count)] = {k: [round(x, 4) for x in v] for k, v in found.items()}
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
