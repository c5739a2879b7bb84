"""The classifier at work: equal to the network it came from, calm about any input."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import artefact
from models.artefact import Artefact, ArtefactError
from models.classifier import predict, wide
from models.classifier.dataset import EMOTIONS, SENTIMENTS
from models.classifier.features import encode, grams, pad
from models.classifier.predict import NAME, VERSION, Classifier
from models.classifier.recurrent import Recurrent
from models.classifier.wide import Wide

LABELS = {"topic": ["billing", "refunds", "other"], "sentiment": SENTIMENTS, "emotion": EMOTIONS}
TEXTS = ["", "我要退款", "where is my download", "great film!! 太好看了", "a " * 90, "🙂", "1 2 3"]


@pytest.fixture(scope="module")
def pair():  # type: ignore[no-untyped-def]
    """A network with chance weights, large enough to tell mistakes, and arrays for both parts."""
    from models.classifier.network import network

    made = network({**{head: len(names) for head, names in LABELS.items()}, "rating": 1}, 3)
    rng = np.random.default_rng(0)
    arrays = {k: rng.normal(0, 0.3, v.shape).astype(np.float32) for k, v in made.export().items()}
    arrays["table"][0] = 0
    made.restore(arrays)
    texts = ["loved it great film", "我要退款", "fine", "so bad", "loved it all", "我要退款吧"]
    for head, names in LABELS.items():
        labels = [names[i % len(names)] for i in range(len(texts))]
        fitted = wide.fit(wide.table(texts), labels, names)
        arrays |= {f"{head}.{name}": value for name, value in fitted.items()}
    return made, arrays


def facts() -> dict[str, object]:
    return {
        "labels": {head: list(names) for head, names in LABELS.items()},
        "mix": {head: [[0.7, 1.2], [0.2, 1.5]] for head in LABELS},
        "threshold": dict.fromkeys(LABELS, 0.0),
    }


def test_numpy_equals_keras(pair) -> None:  # type: ignore[no-untyped-def]
    made, arrays = pair
    together = made(pad([encode(text) for text in TEXTS]))
    ours = Recurrent(arrays)
    for number, text in enumerate(TEXTS):
        alone = made(pad([encode(text)]))
        for head, values in ours.logits(encode(text)).items():
            assert np.abs(values - alone[head].numpy()[0]).max() < 1e-5
            assert np.abs(values - together[head].numpy()[number]).max() < 1e-5


def test_both_parts_are_added_by_the_weights_for_the_length(pair) -> None:  # type: ignore[no-untyped-def]
    _, arrays = pair
    classifier = Classifier(facts(), arrays)
    for text, weights in (("loved it", (0.7, 1.2)), ("loved it " * 50, (0.2, 1.5))):
        deep = Recurrent(arrays).logits(encode(text))["sentiment"]
        linear = Wide(arrays, "sentiment").logits(grams(text))
        found = classifier.logits(text)["sentiment"]
        assert np.allclose(found, weights[0] * deep + weights[1] * linear, atol=1e-5)


def test_unsure_is_none(pair) -> None:  # type: ignore[no-untyped-def]
    unsure = {**facts(), "threshold": dict.fromkeys(LABELS, 1.01)}
    found = Classifier(unsure, pair[1]).classify("loved it")
    assert found.sentiment is None and found.topic is None
    assert found.emotion in EMOTIONS


@pytest.fixture
def folder(pair, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    artefact.save(tmp_path, Artefact(NAME, VERSION, facts(), pair[1]))
    return tmp_path


def test_a_saved_classifier_says_the_same(pair, folder: Path) -> None:  # type: ignore[no-untyped-def]
    loaded, made = Classifier.load(folder), Classifier(facts(), pair[1])
    assert loaded.classify("refund please") == made.classify("refund please")


def test_a_damaged_artefact_is_refused(folder: Path) -> None:
    weights = folder / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtefactError, match="train again"):
        Classifier.load(folder)


def test_other_labels_versions_and_nothing_are_refused(pair, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ArtefactError, match="train it first"):
        Classifier.load(tmp_path)
    wrong = facts() | {"labels": {**LABELS, "emotion": ["glee"]}}
    artefact.save(tmp_path, Artefact(NAME, VERSION, wrong, pair[1]))
    with pytest.raises(ArtefactError, match="other labels"):
        Classifier.load(tmp_path)
    artefact.save(tmp_path, Artefact(NAME, VERSION + 1, facts(), pair[1]))
    with pytest.raises(ArtefactError, match="version"):
        Classifier.load(tmp_path)


def test_lines_in_json_lines_out(folder: Path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("sys.stdin", io.StringIO("loved it\n\n太无聊了\n"))
    assert predict.main(["--model", str(folder)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["loved it", "", "太无聊了"]
    assert 0.5 <= lines[0]["rating"] <= 5


def test_no_artefact_is_one_line_and_a_failure(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert predict.main(["--model", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture(scope="module")
def trained() -> Classifier:
    try:
        return Classifier.load()
    except ArtefactError as error:
        pytest.skip(str(error))


@pytest.mark.model
def test_opinions_not_seen_in_training_are_read(trained: Classifier) -> None:
    with Path(__file__).with_name("opinions.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 60
    right = wrong = 0
    missed = []
    for row in rows:
        wanted = SENTIMENTS[int(row["sentiment"]) + 1]
        found = trained.classify(row["text"])
        likeliest = max(SENTIMENTS, key=found.sentiment_probabilities.__getitem__)
        right += likeliest == wanted
        # What must not happen is a rating of the opposite kind.
        wrong += {found.sentiment, wanted} == {"negative", "positive"}
        if likeliest != wanted:
            missed.append((row["text"], likeliest))
    assert right >= 0.8 * len(rows), missed
    assert wrong <= 0.1 * len(rows), missed


@pytest.mark.model
def test_ratings_follow_the_words(trained: Classifier) -> None:
    great = [trained.classify(t).rating for t in ("best film ever, loved it", "神作，太好看了")]
    awful = [trained.classify(t).rating for t in ("worst film ever, hated it", "烂片，难看死了")]
    assert min(great) >= 4 and max(awful) <= 2


@pytest.mark.model
@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=500), st.text("好烂!? loved", max_size=4000)))
def test_any_text_is_classified(trained: Classifier, text: str) -> None:
    found = trained.classify(text)
    for head in (
        found.topic_probabilities,
        found.sentiment_probabilities,
        found.emotion_probabilities,
    ):
        assert math.isclose(sum(head.values()), 1, abs_tol=1e-6)
        assert all(0 <= share <= 1 for share in head.values())
    assert 0.5 <= found.rating <= 5 and found.rating * 2 == int(found.rating * 2)
