"""Artefacts are read back as they were written, and refused when anything about them is wrong."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.artefact import (
    MANIFEST,
    WEIGHTS,
    Artefact,
    ArtefactError,
    in_bytes,
    load,
    restored,
    save,
)

MADE = Artefact("toy", 3, {"labels": ["一", "two"]}, {"a": np.arange(6.0).reshape(2, 3)})


def saved(factory: pytest.TempPathFactory) -> Path:
    """A folder of its own with the artefact in it."""
    folder = factory.mktemp("artefact")
    save(folder, MADE)
    return folder


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory)


def test_what_was_saved_is_loaded(folder: Path) -> None:
    found = load(folder, "toy", 3)
    assert found.facts == MADE.facts
    assert np.array_equal(found.arrays["a"], MADE.arrays["a"])


@pytest.mark.parametrize(("name", "version"), [("other", 3), ("toy", 2), ("toy", 4)])
def test_another_name_or_version_is_refused(folder: Path, name: str, version: int) -> None:
    with pytest.raises(ArtefactError, match="train again"):
        load(folder, name, version)


def test_a_missing_half_is_refused(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    with pytest.raises(ArtefactError, match="does not match"):
        load(folder, "toy", 3)
    (folder / MANIFEST).unlink()
    with pytest.raises(ArtefactError, match="train it first"):
        load(folder, "toy", 3)


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
@settings(max_examples=50, deadline=None)
def test_a_changed_byte_is_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, flip: int
) -> None:
    folder = saved(tmp_path_factory)
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[at % len(content)] ^= flip
    (folder / WEIGHTS).write_bytes(bytes(content))
    with pytest.raises(ArtefactError, match="does not match"):
        load(folder, "toy", 3)


@given(
    st.one_of(
        st.binary(max_size=60), st.sampled_from([b"[]", b"3", b"null", b"{}", b'{"facts": 1}'])
    )
)
@settings(max_examples=50, deadline=None)
def test_a_manifest_that_is_none_is_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = saved(tmp_path_factory)
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ArtefactError):
        load(folder, "toy", 3)


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_weights_that_hold_no_arrays_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Even with a manifest that vouches for them."""
    folder = saved(tmp_path_factory)
    (folder / WEIGHTS).write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ArtefactError):
        load(folder, "toy", 3)


@given(
    arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.floats(
        -100, 100, width=32))
)  # fmt: skip
def test_bytes_give_weights_back_within_a_step(weights: np.ndarray) -> None:
    steps, largest = in_bytes(weights)
    back = restored(steps, largest)
    roots = np.sqrt(np.abs(weights) / largest)
    assert steps.dtype == np.int8
    assert np.all(np.abs(np.sqrt(np.abs(back) / largest) - roots) <= 0.5 / 127 + 1e-4)
    assert np.all(back * weights >= 0)
