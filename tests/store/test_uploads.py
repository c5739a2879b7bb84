from __future__ import annotations

import contextlib
import io
import os
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.engine import Engine

from bot.store.uploads import LONGEST_SIDE, NotAPictureError, UploadStore, made_anew
from bot.store.viewers import ViewerStore

from .pictures import picture


@pytest.fixture
def store(engine: Engine, tmp_path: Path) -> UploadStore:
    return UploadStore(engine, tmp_path / "uploads")


def test_a_picture_is_read_again_by_its_viewer_and_the_staff_alone(store: UploadStore) -> None:
    made = store.add("mei", picture())
    assert (made.width, made.height) == (60, 40)
    found = store.read(made.id, "mei")
    assert found is not None and found[1] == "image/jpeg"
    assert store.read(made.id) == found
    assert store.read(made.id, "tom") is None
    assert store.read("../secret", "mei") is None


def test_where_and_with_what_it_was_taken_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Spy Camera"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    taken = picture(exif=exif.tobytes())
    assert b"Spy Camera" in taken
    body, mime, width, height = made_anew(taken)
    assert b"Spy Camera" not in body and mime == "image/jpeg"
    with Image.open(io.BytesIO(body)) as again:
        assert dict(again.getexif()) == {}
        assert (width, height) == again.size == (40, 60)


@pytest.mark.parametrize(
    ("kind", "mode", "mime"),
    [
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("GIF", "P", "image/png"),
        ("JPEG", "CMYK", "image/jpeg"),
    ],
)
def test_every_kind_becomes_a_plain_one(kind: str, mode: str, mime: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (20, 20)).save(file, kind)
    assert made_anew(file.getvalue())[1] == mime


def test_a_large_picture_is_scaled_down() -> None:
    _, _, width, height = made_anew(picture((3000, 1500)))
    assert (width, height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def bomb(side: int) -> bytes:
    """A tiny PNG that says it is `side` pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_picture"),
        (b"<html><script>alert(1)</script>", "unknown_picture"),
        (picture()[:100], "unknown_picture"),
        (picture(kind="BMP"), "unknown_picture"),
        (bomb(20_000), "too_many_pixels"),
        (bomb(6_500), "too_many_pixels"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NotAPictureError) as refused:
        made_anew(content)
    assert refused.value.code == code


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_a_damaged_picture_is_refused_or_made_anew(at: int, noise: bytes) -> None:
    content = bytearray(picture(kind="PNG"))
    at %= len(content)
    content[at : at + len(noise)] = noise
    with contextlib.suppress(NotAPictureError):
        made_anew(bytes(content))


def test_files_go_with_their_viewer_and_without_a_row(engine: Engine) -> None:
    store = UploadStore(engine)  # in the data folder, where a deletion looks
    made = store.add("mei", picture())
    kept = store.add("tom", picture())
    ViewerStore(engine).delete("mei")
    files = {file.stem for file in store._folder.iterdir()}
    assert made.id not in files and kept.id in files
    lost = store._folder / "plost.jpg"
    lost.write_bytes(b"x")
    store.sweep()
    assert lost.exists()  # perhaps being written right now
    os.utime(lost, (time.time() - 100, time.time() - 100))
    assert store.sweep() >= 1 and not lost.exists()
    assert store.read(kept.id, "tom") is not None
