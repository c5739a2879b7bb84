"""Pictures that viewers sent: made anew without their metadata, and kept as files.

What a picture is, is told by its content, never by its name or declared type. Decoding and
encoding it again leaves out where and with what it was taken (EXIF, XMP, comments), and whatever
else hides in a file.
"""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.settings import settings
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.uploads_schema import uploads

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PIXELS = 40_000_000  # decoded, 160 MB at most
LONGEST_SIDE = 2048
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png"}


class NotAPictureError(ValueError):
    """The content is no picture of a known kind; `code` says why, for the client."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Upload:
    """A picture that is kept; `width` and `height` are in pixels."""

    id: str
    mime: str
    width: int
    height: int


class UploadStore:
    """Pictures of viewers; methods raise `DatabaseUnavailable` when the database is away.

    Args:
        engine: the database of the table.
        folder: where the files are; by default `uploads` in the data folder.
    """

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        self._engine = engine
        self._folder = folder or settings().data_dir / "uploads"

    def add(self, viewer: str, content: bytes) -> Upload:
        """Keep a picture.

        Raises:
            NotAPictureError: it can't be read as one, or has too many pixels.
        """
        body, mime, width, height = made_anew(content)
        made = Upload(f"p{secrets.token_hex(16)}", mime, width, height)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path(made.id, mime).write_bytes(body)
        with writing(self._engine) as connection:
            connection.execute(
                uploads.insert().values(
                    id=made.id,
                    viewer=storable.text(viewer),
                    mime=mime,
                    width=width,
                    height=height,
                    size=len(body),
                    at=time.time(),
                )
            )
        return made

    def read(self, upload: str, viewer: str | None = None) -> tuple[bytes, str] | None:
        """A picture and its type; None when there is none, or none of `viewer`'s (when given)."""
        query = select(uploads).where(uploads.c.id == storable.text(upload, 40))
        if viewer is not None:
            query = query.where(uploads.c.viewer == storable.text(viewer))
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            return self._path(row.id, row.mime).read_bytes(), row.mime
        except FileNotFoundError:
            return None

    def sweep(self) -> int:
        """Delete the files that no row names any more; how many there were.

        A file younger than a minute may be of an upload whose row is just being written.
        """
        if not self._folder.exists():
            return 0
        with reading(self._engine) as connection:
            known = set(connection.execute(select(uploads.c.id)).scalars())
        old = time.time() - 60
        gone = [
            file
            for file in self._folder.iterdir()
            if file.stem not in known and file.stat().st_mtime < old
        ]
        return _unlink(gone)

    def unlink(self, names: Iterable[str]) -> int:
        """Delete the files of these uploads, whose rows are gone; how many there were."""
        paths = (self._folder / f"{name}{end}" for name in names for end in _EXTENSIONS.values())
        return _unlink(path for path in paths if path.exists())

    def _path(self, name: str, mime: str) -> Path:
        return self._folder / f"{name}{_EXTENSIONS[mime]}"


def made_anew(content: bytes) -> tuple[bytes, str, int, int]:
    """The picture in `content` as a plain JPEG or PNG: bytes, type, width, height.

    Only the first picture of an animation stays. Sides longer than `LONGEST_SIDE` pixels are
    scaled down.

    Raises:
        NotAPictureError: `unknown_picture` or `too_many_pixels`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS:
                raise NotAPictureError("too_many_pixels", "The picture has too many pixels.")
            drawn = opened.format in ("PNG", "GIF") or "A" in opened.getbands()
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            picture = picture.convert("RGBA" if drawn else "RGB")
    except NotAPictureError:
        raise
    except Image.DecompressionBombError:
        raise NotAPictureError("too_many_pixels", "The picture has too many pixels.") from None
    except Exception:  # noqa: BLE001 - decoders of damaged files raise whatever they like
        raise NotAPictureError(
            "unknown_picture", "This is no picture that can be read (JPEG, PNG, WebP, GIF)."
        ) from None
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    written = io.BytesIO()
    if drawn:
        clean.save(written, "PNG", optimize=True)
    else:
        clean.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue(), "image/png" if drawn else "image/jpeg", *clean.size


def _unlink(paths: Iterable[Path]) -> int:
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        count += 1
    return count
