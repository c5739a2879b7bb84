"""Arrays of an ONNX file, read and changed in their places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.encoder import onnx_file


def varint(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def array(name: str, value: np.ndarray, packed: bool = False) -> bytes:
    kind = {"float32": 1, "int8": 3, "int64": 7}[str(value.dtype)]
    sizes = (
        field(1, b"".join(map(varint, value.shape)))
        if packed
        else b"".join(field(1, size) for size in value.shape)
    )
    return sizes + field(2, kind) + field(8, name.encode()) + field(9, value.tobytes())


def model(*arrays: bytes) -> bytes:
    graph = field(1, b"a node") + b"".join(field(5, each) for each in arrays)
    return field(1, 8) + field(2, b"a producer") + field(7, graph) + field(8, b"opset")


ONE = np.arange(6, dtype=np.float32).reshape(2, 3)
TWO = np.arange(200, dtype=np.int8).reshape(200, 1)
MADE = model(array("one", ONE), array("two", TWO, packed=True))


def test_arrays_are_found_by_their_names() -> None:
    found = onnx_file.places(MADE)
    assert set(found) == {"one", "two"}
    np.testing.assert_array_equal(onnx_file.read(MADE, found["one"]), ONE)
    np.testing.assert_array_equal(onnx_file.read(MADE, found["two"]), TWO)


def test_a_changed_array_is_all_that_changes() -> None:
    changed = onnx_file.changed(MADE, {"two": TWO[::-1].copy()})
    assert changed == model(array("one", ONE), array("two", TWO[::-1].copy(), packed=True))
    assert onnx_file.changed(MADE, {}) == MADE


@pytest.mark.parametrize(
    "arrays",
    [{"three": ONE}, {"one": ONE.T.copy()}, {"one": ONE.astype(np.int64)}],
    ids=["unknown", "of another shape", "of another type"],
)
def test_an_array_that_does_not_fit_is_refused(arrays: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        onnx_file.changed(MADE, arrays)


@pytest.mark.parametrize("length", [0, 1, 5, 20, 60, 200])
def test_half_a_file_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="no ONNX model"):
        onnx_file.places(MADE[:length])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = onnx_file.places(content)
    except ValueError:
        return
    assert all(place.end <= len(content) for place in found.values())
