"""Intent classifiers compared: `python -m benchmarks.nlu.classifiers [--only NAME …]`.

Our own sentences (`data/nlu`), the first of the five folds of `benchmarks.nlu` (seed 0): four
fifths are learned, the rest judged. Beside the classifier of config.yml:

- plain TF-IDF over words, and over characters, with logistic regression, on the raw text;
- our features with the recurrent classifier's body and logits beside them;
- a gated network (BiGRU with sub-words and attention) trained on the intents alone;
- Rasa's DIET over its own count vectors (words, and characters within words);
- vectors of a pretrained encoder, all-MiniLM-L6-v2, with logistic regression (English only).

Prints macro-F1 by language and the seconds of training a row, and one JSON line last.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nlu import pipeline
from benchmarks.nlu.own import FOLDS, LANGUAGES, SEED, language_of
from bot.settings import ROOT, settings
from models.encoder.train import Sentence

DIET_EPOCHS = 30
BODY, LOGITS = 0.3, 0.7
"""Lengths that the recurrent vectors and logits are scaled to, beside 1 for our features."""


@dataclass(frozen=True)
class Part:
    """Sentences with their messages (names and phrases found) and intents, by number, and as they
    were annotated by hand."""

    texts: list[str]
    messages: list[Any]
    intents: np.ndarray
    sentences: list[Sentence]


Classify = Callable[[Part, Part], np.ndarray]


def parts() -> tuple[Part, Part, list[str]]:
    """What is learned, what is judged, and the names of the intents."""
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from sklearn.model_selection import StratifiedKFold

    untrained, learned = pipeline.parts()
    early = pipeline.Untrained(untrained)
    examples = load_data(str(ROOT / "data" / "nlu")).intent_examples
    plain = early.process([Message.build(example.get(TEXT)) for example in examples])
    sentences = [pipeline.sentence(example) for example in examples]
    early.as_training(TrainingData(list(examples)))
    labels = [example.get(INTENT) for example in examples]
    names = sorted(set(labels))
    numbers = np.array([names.index(label) for label in labels])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels)
    learn, held_out = next(folds)
    before = pipeline.before_classifier(learned)
    with pipeline.trained(before, TrainingData([examples[i] for i in learn])) as components:
        for _, component in components:
            component.process([plain[i] for i in held_out])

    def part(rows: np.ndarray, messages: Sequence[Any]) -> Part:
        return Part(
            [messages[i].get(TEXT) for i in rows],
            [messages[i] for i in rows],
            numbers[rows],
            [sentences[i] for i in rows],
        )

    return part(learn, examples), part(held_out, plain), names


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=20.0, max_iter=80, tol=1e-3)


def tfidf(analyzer: str, grams: tuple[int, int]) -> Classify:
    """Logistic regression over TF-IDF of the raw text; a Han character is a word."""

    def classify(learned: Part, judged: Part) -> np.ndarray:
        from sklearn.feature_extraction.text import TfidfVectorizer

        pattern = r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+"
        made = TfidfVectorizer(
            analyzer=analyzer, ngram_range=grams, token_pattern=pattern, sublinear_tf=True
        )
        model = _regression().fit(made.fit_transform(learned.texts), learned.intents)
        return np.asarray(model.predict(made.transform(judged.texts)))

    return classify


def ours(learned: Part, judged: Part) -> np.ndarray:
    """The classifier of config.yml, with an encoder tuned to what is learned."""
    from bot.nlu.intent_classifier import _features, _vector
    from bot.nlu.intent_model import train

    with pipeline.encoder_tuned_on(learned.sentences, partial(print, flush=True)):
        model = train(
            [_features(m) for m in learned.messages],
            list(map(str, learned.intents)),
            [_vector(m) for m in learned.messages],
            folds=0,
        )
        best = [model.probabilities(_features(m), _vector(m)).argmax() for m in judged.messages]
    return np.array([int(model.labels[i]) for i in best])


def with_vectors(learned: Part, judged: Part) -> np.ndarray:
    """Our features, and what the recurrent classifier makes of the text, standardised."""
    from scipy.sparse import csr_matrix, hstack

    from bot.nlu import intent_model
    from bot.nlu.intent_classifier import _features
    from models.classifier.features import encode
    from models.classifier.predict import HEADS, Classifier
    from models.classifier.recurrent import Recurrent

    folder = settings().models_dir / "classifier"
    classifier = Classifier.load(folder)
    body: Recurrent = classifier._recurrent

    sizes: dict[str, int] = {}

    def vector(text: str) -> np.ndarray:
        logits = classifier.logits(text)
        heads = np.concatenate([logits[head] - logits[head].max() for head in HEADS])
        read = body.body(encode(text))
        sizes.update(body=len(read), heads=len(heads))
        return np.concatenate([read, heads])

    rows = [_features(message) for message in learned.messages]
    vocabulary, idf = intent_model._vocabulary(rows)
    dense = [np.array([vector(text) for text in part.texts]) for part in (learned, judged)]
    mean, spread = dense[0].mean(axis=0), dense[0].std(axis=0) + 1e-6
    scale = np.concatenate(
        [
            np.full(sizes[part], weight / np.sqrt(sizes[part]))
            for part, weight in (("body", BODY), ("heads", LOGITS))
        ]
    )
    sparse = [
        intent_model._matrix(rows, vocabulary, idf),
        intent_model._matrix([_features(m) for m in judged.messages], vocabulary, idf),
    ]
    first, second = (
        hstack([counts, csr_matrix(scale * (each - mean) / spread)]).tocsr()
        for counts, each in zip(sparse, dense, strict=True)
    )
    return np.asarray(_regression().fit(first, learned.intents).predict(second))


def gated(learned: Part, judged: Part) -> np.ndarray:
    """A bidirectional GRU with sub-words, max-pool and attention, trained on the intents."""
    from benchmarks.classifier_ablation import VARIANTS, features, fitted, logits_of

    variant = VARIANTS["BiGRU, sub-words, max + attention"]
    ids, wanted = features(learned.texts, True), learned.intents.astype(np.int32)
    stop = np.arange(len(ids)) % 20 == 0
    network = fitted(
        variant,
        ([x for x, s in zip(ids, stop, strict=True) if not s], wanted[~stop]),
        ([x for x, s in zip(ids, stop, strict=True) if s], wanted[stop]),
        int(wanted.max()) + 1,
    )
    return np.asarray(logits_of(network, features(judged.texts, True)).argmax(axis=1))


def diet(learned: Part, judged: Part, epochs: int = DIET_EPOCHS) -> np.ndarray:
    """Rasa's DIET, intents only, over words and characters of words."""
    import yaml
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    config = ROOT / "var" / "diet.yml"
    entries: list[dict[str, Any]] = [
        {"name": "bot.nlu.tokenizer.BilingualTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {
            "name": "DIETClassifier",
            "epochs": epochs,
            "entity_recognition": False,
            "random_seed": SEED,
        },
        {"name": "FallbackClassifier"},
    ]
    config.write_text(yaml.safe_dump({"pipeline": entries}), encoding="utf-8")
    untrained, trainable = pipeline.parts(config)
    early = pipeline.Untrained(untrained)
    data = TrainingData(
        [
            Message.build(text, intent=str(intent))
            for text, intent in zip(learned.texts, learned.intents, strict=True)
        ]
    )
    early.as_training(data)
    with pipeline.trained(trainable, data) as components:
        messages = early.process([Message.build(text) for text in judged.texts])
        for part, component in components:
            if part.name != pipeline.FALLBACK_CLASSIFIER:
                messages = component.process(messages)
    return np.array([int(message.get("intent")["name"] or -1) for message in messages])


def encoder(folder: Path) -> Classify:
    """Logistic regression over a pretrained encoder's vectors."""

    def classify(learned: Part, judged: Part) -> np.ndarray:
        from benchmarks.classifier_ablation import encoded
        from models.encoder.predict import Encoder

        return encoded(
            Encoder.load(folder, tuned=None).vector, learned.texts, judged.texts, learned.intents
        )

    return classify


def macro(wanted: np.ndarray, said: np.ndarray) -> float:
    """Macro-F1 over the intents that occur."""
    from sklearn.metrics import f1_score

    return float(f1_score(wanted, said, average="macro", labels=np.unique(wanted)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", help="a row's name, or its beginning")
    parser.add_argument("--epochs", type=int, default=DIET_EPOCHS, help="of DIET")
    parser.add_argument("--encoder", type=Path, default=settings().models_dir / "encoder")
    options = parser.parse_args(arguments)
    rows: dict[str, Classify] = {
        "TF-IDF of words, LR": tfidf("word", (1, 2)),
        "TF-IDF of characters, LR": tfidf("char_wb", (1, 4)),
        "ours (config.yml)": ours,
        "ours with the recurrent body's vectors": with_vectors,
        "BiGRU, trained on intents": gated,
        f"DIET, {options.epochs} epochs": partial(diet, epochs=options.epochs),
    }
    if options.encoder.exists():
        rows["MiniLM vectors, LR"] = encoder(options.encoder)
    learned, judged, names = parts()
    print(
        f"{len(names)} intents, {len(learned.texts)} sentences learned, {len(judged.texts)} judged"
    )
    spoken = np.array([language_of(text) for text in judged.texts])
    figures: dict[str, dict[str, float]] = {}
    for name, classify in rows.items():
        if options.only and not any(name.startswith(begin) for begin in options.only):
            continue
        began = time.monotonic()
        said = classify(learned, judged)
        found = {
            lang: round(macro(judged.intents[spoken == lang], said[spoken == lang]), 4)
            for lang in LANGUAGES
        }
        figures[name] = {**found, "seconds": round(time.monotonic() - began)}
        print(f"  {name:40}" + "  ".join(f"{k} {v}" for k, v in figures[name].items()), flush=True)
    print(json.dumps({"figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
