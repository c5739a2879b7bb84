"""Imports an operator's titles and ratings: MovieLens, IMDb, TMDB, or our CSV.

    python -m bot import {movielens|imdb|tmdb|csv} PATH

Files are first read into a scratch file beside the database (a second try goes on where the
first stopped), then merged in one transaction: an import is in the catalogue whole, or not at
all. The same content is not imported twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.catalogue import imdb, movielens, tabular, tmdb
from bot.catalogue.bad_rows import BadRows, RowError, TooManyBadRows
from bot.catalogue.build import record_source
from bot.catalogue.merging import merge
from bot.catalogue.progress import Silent, Spoken
from bot.catalogue.staging import Staging
from bot.settings import settings
from bot.store.catalogue_schema import catalogue_sources
from bot.store.database import DatabaseUnavailable, reading, writing

Files = Callable[[Path], list[Path]]
Stage = Callable[[Path, Staging, Silent], None]
KINDS: dict[str, tuple[Files, Stage]] = {
    "movielens": (movielens.files, movielens.stage),
    "imdb": (imdb.files, imdb.stage),
    "tmdb": (tmdb.files, tmdb.stage),
    "csv": (tabular.files, tabular.stage),
}
_FORMAT = "1"  # raise when the same files would be read to something else
_SHOWN_BAD_ROWS = 20


@dataclass
class Report:
    """What an import brought; `unchanged`: it was there already."""

    source: str
    titles: int = 0
    joined: int = 0
    ratings: int = 0
    unrated: int = 0
    bad_rows: list[str] = field(default_factory=list)
    seconds: float = 0.0
    unchanged: bool = False

    def __str__(self) -> str:
        if self.unchanged:
            return f"{self.source} is imported already, nothing has changed"
        parts = [
            f"{self.source}: {self.titles:,} titles ({self.joined:,} known before)",
            f"{self.ratings:,} ratings",
        ]
        if self.unrated:
            parts.append(f"{self.unrated:,} ratings of titles it does not describe left out")
        parts.append(f"{len(self.bad_rows)} rows skipped")
        return f"{', '.join(parts)} in {self.seconds:.1f} s"


def import_source(
    kind: str,
    path: Path,
    engine: Engine,
    max_bad: int = 100,
    progress: Silent | None = None,
    scratch_dir: Path | None = None,
    least_reviews: int = 0,
) -> Report:
    """Import `path`, which is of `kind`; titles with fewer than `least_reviews` are left out.

    Raises:
        RowError: it is not of that kind, or damaged.
        TooManyBadRows: more than `max_bad` rows cannot be read; nothing was imported.
        OSError: a file cannot be read, or the scratch file not written.
        DatabaseUnavailable: the database cannot be read or written.
    """
    progress = progress or Silent()
    started = time.monotonic()
    files, stage = KINDS[kind]
    path = path.resolve()
    digest = _digest(kind, files(path), least_reviews)
    source = f"{kind}:{path.name}"[:80]
    report = Report(source)
    with reading(engine) as connection:
        query = select(catalogue_sources.c.digest).where(catalogue_sources.c.source == source)
        if connection.execute(query).scalar() == digest:
            report.unchanged = True
            return report
    scratch = (scratch_dir or settings().data_dir / "imports") / f"{kind}-{digest[:16]}.db"
    bad = BadRows(max_bad)
    staging = Staging(scratch, digest, bad)
    try:
        stage(path, staging, progress)
        titles = progress.track(
            staging.titles(least_reviews), "titles into the catalogue", staging.count("facts")
        )
        ratings = progress.track(
            staging.ratings(), "ratings into the catalogue", staging.count("ratings")
        )
        with writing(engine) as connection:
            merged = merge(connection, source, titles, ratings)
            for name, value in asdict(merged).items():
                setattr(report, name, value)
            report.bad_rows = list(bad.lines)
            report.seconds = round(time.monotonic() - started, 2)
            record_source(connection, source, digest, json.dumps(asdict(report)))
    except (TooManyBadRows, RowError, sqlite3.DatabaseError):
        staging.discard()
        raise
    except BaseException:
        staging.close()
        raise
    staging.discard()
    return report


def main(kind: str, path: str, max_bad: int) -> int:
    """Import from the command line into the settings' database; returns the exit status."""
    from bot.store.database import engine, migrate

    try:
        store = engine()
        migrate(store)
        report = import_source(kind, Path(path), store, max_bad, Spoken())
    except (TooManyBadRows, RowError, DatabaseUnavailable) as error:
        print(f"usher: nothing was imported: {error}", file=sys.stderr)
        return 1
    except (OSError, sqlite3.Error) as error:
        print(f"usher: nothing was imported: {error}; start again to go on", file=sys.stderr)
        return 1
    for line in report.bad_rows[:_SHOWN_BAD_ROWS]:
        print(f"skipped {line}", file=sys.stderr)
    if len(report.bad_rows) > _SHOWN_BAD_ROWS:
        print(f"… and {len(report.bad_rows) - _SHOWN_BAD_ROWS} more", file=sys.stderr)
    print(report)
    if not report.unchanged:
        print("Run `python -m bot train` to let the recommender learn from it.")
    return 0


def _digest(kind: str, files: list[Path], least_reviews: int) -> str:
    digest = hashlib.sha256(f"{_FORMAT} {kind} {least_reviews}".encode())
    for path in files:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
