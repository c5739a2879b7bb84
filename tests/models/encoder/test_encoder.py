"""The sentence encoder, as it was fetched and as it was tuned."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import artefact
from models.artefact import ArtefactError
from models.encoder import FILES, MODEL, NAME, TUNED, VERSION
from models.encoder.predict import DIMENSIONS, Encoder, tokenizer
from models.encoder.train import Sentence, english, main, tune
from tests.trained import part


@pytest.fixture(scope="module")
def folder() -> Path:
    return part("encoder")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder, tuned=None)


def test_what_means_the_same_lies_close(encoder: Encoder) -> None:
    asked, alike, other = (
        encoder.vector(text)
        for text in ("who directed it", "the name of the director please", "cancel my subscription")
    )
    assert asked.shape == (DIMENSIONS,)
    assert asked @ alike > asked @ other + 0.3


def test_it_says_the_same_as_was_published_of_it(encoder: Encoder) -> None:
    # The example of the model's own card, by the unquantised model: 0.6660 and 0.1045.
    first, second, third = (
        encoder.vector(text)
        for text in (
            "The weather is lovely today.",
            "It's so sunny outside!",
            "He drove to the stadium.",
        )
    )
    assert first @ second == pytest.approx(0.6660, abs=0.05)
    assert first @ third == pytest.approx(0.1046, abs=0.05)


def test_a_missing_or_changed_file_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no sentence encoder"):
        Encoder.load(tmp_path)
    for name in FILES:
        shutil.copy(folder / name, tmp_path / name)
    (tmp_path / MODEL).write_bytes((folder / MODEL).read_bytes()[:-1])
    with pytest.raises(ArtefactError, match="damaged"):
        Encoder.load(tmp_path)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=3000))
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    found = encoder.vector(text)
    assert np.isfinite(found).all()
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-4)


def test_the_network_that_is_tuned_is_the_one_that_is_served(
    folder: Path, encoder: Encoder
) -> None:
    from models.encoder.network import Network, padded

    texts = ["who directed it", "a funny western from the nineties, please", "hm"]
    encode = tokenizer(folder).encode
    tokens, mask = padded([encode(text).ids for text in texts])
    network = Network((folder / MODEL).read_bytes(), 2)
    vectors = network.upper(network.lower(tokens, mask), mask).numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    served = np.array([encoder.vector(text) for text in texts])
    np.testing.assert_allclose(vectors, served, atol=2e-3)
    # Rounded to bytes again, what was not tuned says the same.
    same = Encoder.with_layers(folder, network.changes())
    np.testing.assert_allclose([same.vector(text) for text in texts], served, atol=2e-2)


def test_names_are_not_read() -> None:
    named = Sentence(
        "is rent with brad pitt any good", "ask_score", ((3, 7, "title"), (13, 22, "person"))
    )
    assert named.anonymous() == "is the film with the actor any good"
    assert english([named, Sentence("Rent 好看吗", "ask_score")]) == [named]


def test_tuning_tells_intents_apart_that_sound_alike(folder: Path, encoder: Encoder) -> None:
    name = ("who directed it", "name whoever made it", "its director please")
    films = (
        "films by whoever directed it",
        "what else did the director make",
        "its director's films",
    )
    sentences = [
        Sentence(text, intent)
        for intent, texts in (("ask_director", name), ("ask_filmography", films))
        for text in texts * 20
    ]
    lines: list[str] = []
    tuned = Encoder.with_layers(folder, tune(folder, sentences, 5, lines.append))
    assert len(lines) == 5 and lines[0].startswith("epoch 1/5")

    def apart(model: Encoder) -> float:
        first, second, other = map(model.vector, (name[0], name[1], films[0]))
        return float(first @ second - first @ other)

    assert apart(tuned) > apart(encoder) + 0.3


def test_the_tuned_layers_that_ship_fit_and_help(folder: Path, encoder: Encoder) -> None:
    shipped = Encoder.load(folder)
    assert sum(path.stat().st_size for path in TUNED.iterdir()) < 8e6
    # Both are about a director; only one asks for the name.
    asked, alike, other = (
        "who directed it",
        "name whoever made it",
        "films by whoever directed it",
    )
    before, after = (
        model.vector(asked) @ model.vector(alike) - model.vector(asked) @ model.vector(other)
        for model in (encoder, shipped)
    )
    assert after > before + 0.3


def test_layers_of_something_else_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no encoder artefact"):
        Encoder.load(folder, tmp_path)
    other = artefact.Artefact(NAME, VERSION, {}, {"val_0_q": np.zeros((2, 2), np.int8)})
    artefact.save(tmp_path, other)
    with pytest.raises(ArtefactError, match="not this encoder's"):
        Encoder.load(folder, tmp_path)


def test_without_the_pretrained_encoder_nothing_is_tuned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--encoder", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "no sentence encoder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
