"""The pretrained sentence encoder, as it was fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artefact import ArtefactError
from models.encoder import FILES, MODEL
from models.encoder.predict import DIMENSIONS, Encoder
from tests.trained import part


@pytest.fixture(scope="module")
def folder() -> Path:
    return part("encoder")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder)


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
