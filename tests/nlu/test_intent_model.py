from pathlib import Path

import numpy as np
import pytest

from bot.nlu.intent_features import features
from bot.nlu.intent_model import IntentModel, IntentModelError, train

SENTENCES = {
    "greet": ["hello", "hi there", "good evening", "你好", "嗨", "晚上好"],
    "ask_cast": [
        "who is in it",
        "who stars in it",
        "who plays in it",
        "谁演的",
        "主演是谁",
        "演员有谁",
    ],
    "ask_year": [
        "when did it come out",
        "what year is it from",
        "how old is it",
        "哪年的",
        "什么时候上映",
        "几几年的",
    ],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = [text for texts in SENTENCES.values() for text in texts]
    labels = [label for label, texts in SENTENCES.items() for _ in texts]
    return train([features(text) for text in texts], labels)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("hello there", "greet"),
        ("who plays the lead", "ask_cast"),
        ("what year", "ask_year"),
        ("都是谁演的呀", "ask_cast"),
        ("哪一年上映的", "ask_year"),
    ],
)
def test_understands_sentences_like_those_it_learnt(
    model: IntentModel, text: str, label: str
) -> None:
    probabilities = model.probabilities(features(text))
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert model.labels[int(probabilities.argmax())] == label


def test_stored_and_loaded_it_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in ("hello", "谁演的", "nothing it knows", ""):
        same = model.probabilities(features(text))
        np.testing.assert_array_equal(loaded.probabilities(features(text)), same)
    assert {path.name for path in tmp_path.iterdir()} == {"model.json", "weights.npz"}


def test_training_twice_gives_the_same_model(model: IntentModel) -> None:
    texts = [text for texts in SENTENCES.values() for text in texts]
    labels = [label for label, texts in SENTENCES.items() for _ in texts]
    again = train([features(text) for text in texts], labels)
    np.testing.assert_array_equal(again.weights, model.weights)
    assert again.temperature == model.temperature


def test_a_damaged_model_is_refused(model: IntentModel, tmp_path: Path) -> None:
    with pytest.raises(IntentModelError):
        IntentModel.load(tmp_path)
    model.save(tmp_path)
    with np.load(tmp_path / "weights.npz") as file:
        arrays = dict(file)
    for name in ("weights", "vector_weights"):
        grown = np.vstack([arrays[name], np.zeros((1, len(model.labels)), np.float32)])
        np.savez(tmp_path / "weights.npz", **{**arrays, name: grown})
        with pytest.raises(IntentModelError, match="damaged"):
            IntentModel.load(tmp_path)


def test_two_labels_and_one() -> None:
    two = train([features("yes"), features("no")], ["affirm", "deny"])
    assert two.labels[int(two.probabilities(features("yes")).argmax())] == "affirm"
    one = train([features("yes")], ["affirm"])
    assert one.probabilities(features("anything")) == pytest.approx([1.0])
    with pytest.raises(ValueError, match="examples"):
        train([], [])


def test_vectors_tell_what_words_do_not(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    labels = ["greet", "ask_cast"] * 40
    sides = np.array([1.0 if label == "greet" else -1.0 for label in labels])
    vectors = [*(random.normal(size=(80, 6)) + sides[:, None]), None, None]
    texts = ["the same words"] * 80 + ["only words", "other words"]
    trained = train([features(text) for text in texts], [*labels, "ask_year", "bye"], vectors)
    trained.save(tmp_path)
    model = IntentModel.load(tmp_path)
    for side, label in ((1.0, "greet"), (-1.0, "ask_cast")):
        found = model.probabilities(features("the same words"), np.full(6, side))
        assert model.labels[int(found.argmax())] == label
    assert model.labels[int(model.probabilities(features("only words")).argmax())] == "ask_year"
