"""Reading and changing the arrays of an ONNX file in their places.

The file is in protobuf's wire format (https://protobuf.dev/programming-guides/encoding); the
numbers of the fields are those of onnx.proto (ONNX IR specification).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

_GRAPH, _INITIALIZER = 7, 5  # of a model, of a graph
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of an array
_TYPES: dict[int, np.dtype] = {1: np.dtype("<f4"), 3: np.dtype("int8"), 7: np.dtype("<i8")}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Place:
    """Where an array lies: its bytes are `start:end` of the file."""

    kind: np.dtype
    shape: tuple[int, ...]
    start: int
    end: int


def places(model: bytes) -> dict[str, Place]:
    """Where each named array of a model lies; those of other types than float32, int8 and int64
    are left out.

    Raises:
        ValueError: this is no such file.
    """
    try:
        graph = next(field[1:] for field in _fields(model, 0, len(model)) if field[0] == _GRAPH)
        arrays = [field[1:] for field in _fields(model, *graph) if field[0] == _INITIALIZER]
        return dict(each for start, end in arrays if (each := _array(model, start, end)))
    except (IndexError, StopIteration, UnicodeDecodeError) as error:
        raise ValueError(f"no ONNX model: {error}") from None


def read(model: bytes, place: Place) -> np.ndarray:
    """A copy of the array at a place."""
    return np.frombuffer(model[place.start : place.end], place.kind).reshape(place.shape).copy()


def changed(model: bytes, arrays: Mapping[str, np.ndarray]) -> bytes:
    """The file with `arrays` in the places of those of the same names.

    Raises:
        ValueError: there is no array of that name, or it has another type or shape.
    """
    made = bytearray(model)
    known = places(model)
    for name, array in arrays.items():
        place = known.get(name)
        if place is None or place.shape != array.shape or place.kind != array.dtype:
            raise ValueError(f"{name} {array.dtype} {array.shape} does not fit the model: {place}")
        made[place.start : place.end] = array.tobytes()
    return bytes(made)


def _array(model: bytes, start: int, end: int) -> tuple[str, Place] | None:
    shape: list[int] = []
    kind, name, raw = 0, "", None
    for field, first, last in _fields(model, start, end):
        if field == _DIMS:
            shape += _numbers(model, first, last)
        elif field == _TYPE:
            (kind,) = _numbers(model, first, last)
        elif field == _NAME:
            name = model[first:last].decode()
        elif field == _RAW:
            raw = (first, last)
    if raw is None or kind not in _TYPES:
        return None
    return name, Place(_TYPES[kind], tuple(shape), *raw)


def _fields(model: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The number of each field between `at` and `end`, and where its content begins and ends."""
    while at < end:
        tag, at = _varint(model, at)
        kind = tag & 7
        if kind == _VARINT:
            last = _varint(model, at)[1]
        elif kind == _BYTES:
            length, at = _varint(model, at)
            last = at + length
        elif kind in (_FIXED64, _FIXED32):
            last = at + (8 if kind == _FIXED64 else 4)
        else:
            raise ValueError(f"no ONNX model: a field of the unknown kind {kind}")
        if last > end:
            raise ValueError("no ONNX model: it ends too early")
        yield tag >> 3, at, last
        at = last


def _numbers(model: bytes, at: int, end: int) -> list[int]:
    found = []
    while at < end:
        number, at = _varint(model, at)
        found.append(number)
    return found


def _varint(model: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, and where it ends."""
    number = shift = 0
    while True:
        byte = model[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
