"""Our own sentences (`data/nlu`), cross-validated: intents, names, calibration, fallback.

Intents, and what is said around names, are learned from four fifths and judged on the rest, five
times; the sentence encoder is tuned anew each time, to these four fifths alone. Names are those
annotated in `data/nlu`, where a sentence has any, found in the plain text.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Any

from benchmarks.nlu import pipeline
from benchmarks.nlu.mapping import FALLBACK, OUT_OF_SCOPE, skills
from benchmarks.nlu.measures import (
    Counts,
    expected_calibration_error,
    label_f1,
    macro_f1,
    matched,
    share,
)
from benchmarks.nlu.report import Report
from bot.catalogue.spelling import has_ideograph
from bot.settings import ROOT
from models.encoder.train import Sentence

FOLDS, SEED = 5, 0
LANGUAGES = ("en", "zh")
NAMES = ("title", "person")
INTENT_BAR, FALSE_FALLBACK_BAR = 0.96, 0.03


@dataclass(frozen=True)
class Judged:
    """A sentence with its intent, what the classifier said, and what the fallback made of it."""

    text: str
    expected: str
    predicted: str
    confidence: float
    final: str

    @property
    def language(self) -> str:
        """ "zh" when there is a Chinese character in it, else "en"."""
        return language_of(self.text)


def language_of(text: str) -> str:
    """ "zh" when there is a Chinese character in `text`, else "en"."""
    return "zh" if has_ideograph(text) else "en"


def measure(
    report: Report,
    progress: Callable[[str], None],
    limit: int | None = None,
    most: int = FOLDS,
) -> None:
    """Cross-validate and fill `report`; `limit` takes that many sentences an intent, `most` so
    many of the folds."""
    from rasa.shared.nlu.constants import ENTITIES, TEXT
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.message import Message

    untrained, learned = pipeline.parts()
    examples = _limited(load_data(str(ROOT / "data" / "nlu")).intent_examples, limit)
    progress(f"names and phrases of {len(examples):,} sentences of our own")
    early = pipeline.Untrained(untrained)
    annotated = [list(example.get(ENTITIES) or ()) for example in examples]
    sentences = [pipeline.sentence(example) for example in examples]
    plain = early.process([Message.build(example.get(TEXT)) for example in examples])
    early.as_training(_data(examples))
    judged = _cross_validated(learned, examples, sentences, plain, progress, most)
    _names(report, [(m.get(TEXT), m.get(ENTITIES) or ()) for m in plain], annotated)
    _intents(report, judged)
    _confidence(report, judged)


def _data(examples: Sequence[Any]) -> Any:
    from rasa.shared.nlu.training_data.training_data import TrainingData

    return TrainingData(list(examples))


def _limited(examples: Sequence[Any], limit: int | None) -> list[Any]:
    """Every example, or at most `limit` of each intent, drawn with the seed."""
    if limit is None:
        return list(examples)
    counts: dict[str, int] = {}
    kept = []
    for example in random.Random(SEED).sample(list(examples), len(examples)):
        intent = example.get("intent")
        counts[intent] = counts.get(intent, 0) + 1
        if counts[intent] <= limit:
            kept.append(example)
    return kept


def _cross_validated(
    learned: Sequence[pipeline.Part],
    examples: Sequence[Any],
    sentences: Sequence[Sentence],
    plain: Sequence[Any],
    progress: Callable[[str], None],
    most: int,
) -> list[Judged]:
    from sklearn.model_selection import StratifiedKFold

    judged: list[Judged] = []
    labels = [each.intent for each in sentences]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    parts = islice(folds.split(labels, labels), most)
    for number, (learn, held_out) in enumerate(parts, 1):
        progress(f"fold {number} of {FOLDS}")
        taught = [deepcopy(examples[i]) for i in learn]  # to which components add what they find
        with (
            pipeline.encoder_tuned_on([sentences[i] for i in learn], progress),
            pipeline.trained(learned, _data(taught)) as components,
        ):
            messages = [plain[i] for i in held_out]
            first: list[dict[str, Any]] = []
            for part, component in components:
                if part.name == pipeline.FALLBACK_CLASSIFIER:
                    first = [dict(message.get("intent")) for message in messages]
                messages = component.process(messages)
            first = first or [dict(message.get("intent")) for message in messages]
        for index, said, message in zip(held_out, first, messages, strict=True):
            judged.append(
                Judged(
                    message.get("text"),
                    labels[index],
                    said["name"] or FALLBACK,
                    float(said["confidence"]),
                    message.get("intent")["name"] or FALLBACK,
                )
            )
    return judged


def _intents(report: Report, judged: Sequence[Judged]) -> None:
    report.title(f"own sentences, {FOLDS}-fold cross-validation (seed {SEED})")
    by_language = {lang: [j for j in judged if j.language == lang] for lang in LANGUAGES}
    report.row("skill", *(head for lang in LANGUAGES for head in (f"{lang} F1", "sentences")))
    figures: dict[str, dict[str, float]] = {}
    for skill in sorted(set(skills().values()) - {FALLBACK}):
        cells: list[object] = []
        for lang in LANGUAGES:
            scores = _label_f1(by_language[lang])
            mine = [score for intent, score in scores.items() if skills()[intent] == skill]
            count = sum(skills()[j.expected] == skill for j in by_language[lang])
            value = sum(mine) / len(mine) if mine else 0.0
            cells += [value, count]
            figures.setdefault(skill, {})[lang] = round(value, 4)
        report.row(f"  {skill}", *cells)
    report.figure("own_intent_f1_by_skill", figures)
    for lang, those in by_language.items():
        value = macro_f1([j.expected for j in those], [j.predicted for j in those])
        report.bar(f"own_intent_macro_f1_{lang}", f"intent macro-F1, {lang}", value, INTENT_BAR)
        same = share(skills()[j.expected] == skills().get(j.predicted) for j in those)
        report.value(f"own_skill_accuracy_{lang}", f"right skill, {lang}", same)
    low = sorted(_label_f1(judged).items(), key=lambda pair: pair[1])[:8]
    report.line("lowest: " + ", ".join(f"{intent} {score:.2f}" for intent, score in low))
    for j in judged:
        if j.expected != j.predicted:
            report.mistake("own", f"{j.expected} → {j.predicted}", j.text)


def _label_f1(judged: Sequence[Judged]) -> dict[str, float]:
    return label_f1([j.expected for j in judged], [j.predicted for j in judged])


def _confidence(report: Report, judged: Sequence[Judged]) -> None:
    for lang in (*LANGUAGES, "all"):
        those = [j for j in judged if lang in ("all", j.language)]
        error = expected_calibration_error(
            [j.confidence for j in those], [j.expected == j.predicted for j in those]
        )
        report.value(f"own_ece_{lang}", f"calibration error (ECE, 15 bins), {lang}", error)
        ours = [j for j in those if j.expected != OUT_OF_SCOPE]
        lost = share(j.final == FALLBACK for j in ours)
        what = f"own sentences lost to fallback, {lang}"
        if lang == "all":
            report.bar("own_false_fallback", what, lost, FALSE_FALLBACK_BAR, most=True)
        else:
            report.value(f"own_false_fallback_{lang}", what, lost)
        right = share(j.final == FALLBACK and j.expected == j.predicted for j in ours)
        report.value(
            f"own_fallback_of_right_{lang}", f"  of these, rightly classified, {lang}", right
        )
        strange = [j for j in those if j.expected == OUT_OF_SCOPE]
        found = share(j.final in (OUT_OF_SCOPE, FALLBACK) for j in strange)
        report.value(f"own_out_of_scope_recall_{lang}", f"out-of-scope recall, {lang}", found)
    for j in judged:
        if j.final == FALLBACK and j.expected != OUT_OF_SCOPE:
            report.mistake("own, fallback", j.expected, j.text)


def _names(
    report: Report,
    found: Sequence[tuple[str, Sequence[dict[str, Any]]]],
    annotated: Sequence[Sequence[dict[str, Any]]],
) -> None:
    """F1 of titles and people in the sentences that have annotations of either."""
    report.title("names annotated in our own sentences")
    report.row("name", "precision", "recall", "F1", "annotated")
    figures: dict[str, float] = {}
    for kind in NAMES:
        for lang in LANGUAGES:
            counts = Counts()
            for (text, entities), marks in zip(found, annotated, strict=True):
                if language_of(text) != lang or not any(m["entity"] in NAMES for m in marks):
                    continue
                expected = [(m["start"], m["end"]) for m in marks if m["entity"] == kind]
                predicted = [(e["start"], e["end"]) for e in entities if e["entity"] == kind]
                met = matched(expected, predicted)
                right = sum(index is not None for index in met)
                counts += Counts(right, len(predicted), len(expected))
                for (start, end), index in zip(expected, met, strict=True):
                    if index is None:
                        report.mistake(
                            "own, names", f"{kind} missed", f"{text[start:end]} | {text}"
                        )
                for index, (start, end) in enumerate(predicted):
                    if index not in met:
                        report.mistake("own, names", f"{kind} wrong", f"{text[start:end]} | {text}")
            report.row(
                f"  {kind}, {lang}", counts.precision, counts.recall, counts.f1, counts.expected
            )
            figures[f"{kind}_{lang}"] = round(counts.f1, 4)
    report.figure("own_entity_f1", figures)
