"""Pictures for tests, as files."""

from __future__ import annotations

import io

from PIL import Image


def picture(
    size: tuple[int, int] = (60, 40), kind: str = "JPEG", exif: bytes = b"", mode: str = "RGB"
) -> bytes:
    """A picture in one colour."""
    file = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new(mode, size, "darkred").save(file, kind, **options)
    return file.getvalue()
