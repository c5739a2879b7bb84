"""Where an import is gathered before any of it enters the catalogue: a scratch SQLite file.

Rows are read in batches; each batch is committed together with how far it came, so an import
that was cut off goes on where it stopped. Only a file that was read to its end is merged.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from bot.catalogue.bad_rows import BadRows, RowError
from bot.catalogue.facts import RatingFacts, TitleFacts
from bot.catalogue.spelling import has_ideograph

BATCH = 20_000
_MOST_CAST = 15
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, payload TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scores (key TEXT PRIMARY KEY, score REAL, reviews INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS credits (
    key TEXT, role TEXT, place INT, person TEXT, PRIMARY KEY (key, role, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS credits_person ON credits (person);
CREATE TABLE IF NOT EXISTS people (person TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (key TEXT, name TEXT, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ratings (
    user INT, key TEXT, value REAL, at INT, PRIMARY KEY (user, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (part TEXT PRIMARY KEY, done INT, finished INT);
CREATE TABLE IF NOT EXISTS bad (line TEXT);
"""
Row = TypeVar("Row")
Item = TypeVar("Item")


class Staging:
    """The scratch file of one import of content `digest`; another content starts afresh."""

    def __init__(self, path: Path, digest: str, bad: BadRows) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.bad = bad
        self._open()
        self._connection.execute("CREATE TABLE IF NOT EXISTS import (digest TEXT)")
        found = self._connection.execute("SELECT digest FROM import").fetchone()
        if found is None or found[0] != digest:
            self.discard()
            self._open()
            self._connection.execute("CREATE TABLE import (digest TEXT)")
            self._connection.execute("INSERT INTO import VALUES (?)", (digest,))
        self._connection.executescript(_SCHEMA)
        self._connection.commit()
        bad.lines[:] = [line for (line,) in self._connection.execute("SELECT line FROM bad")]

    def _open(self) -> None:
        self._connection = sqlite3.connect(self.path, isolation_level="DEFERRED")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the file; what was read stays for the next try."""
        self._connection.close()

    def discard(self) -> None:
        """Close the file and remove it."""
        self._connection.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def read(
        self,
        part: str,
        path: Path,
        rows: Iterable[tuple[int, Row | RowError]],
        parse: Callable[[Row], Item | None],
        write: Callable[[Sequence[Item]], None],
    ) -> None:
        """Read `part`, the numbered `rows` of `path`, from where an earlier try stopped.

        A row may be the error that reading it met. `parse` makes an item of a row, none to leave
        it out; `write` stores a batch of items.

        Raises:
            TooManyBadRows: nothing of the import will be kept.
        """
        found = self._connection.execute(
            "SELECT done, finished FROM parts WHERE part = ?", (part,)
        ).fetchone()
        done, finished = found or (0, 0)
        if finished:
            return
        batch: list[Item] = []
        known_bad = len(self.bad.lines)
        count = 0
        for count, (line, row) in enumerate(rows, 1):
            if count <= done:
                continue
            try:
                if isinstance(row, RowError):
                    raise row
                item = parse(row)
                if item is not None:
                    batch.append(item)
            except RowError as error:
                self.bad.report(path, line, str(error))
            if count % BATCH == 0:
                known_bad = self._commit(part, count, False, batch, write, known_bad)
                batch = []
        self._commit(part, max(count, done), True, batch, write, known_bad)

    def _commit(
        self,
        part: str,
        done: int,
        finished: bool,
        batch: Sequence[Item],
        write: Callable[[Sequence[Item]], None],
        known_bad: int,
    ) -> int:
        with self._connection:
            if batch:
                write(batch)
            new_bad = [(line,) for line in self.bad.lines[known_bad:]]
            self._connection.executemany("INSERT INTO bad VALUES (?)", new_bad)
            row = (part, done, finished)
            self._connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", row)
        return len(self.bad.lines)

    def put_titles(self, titles: Sequence[TitleFacts]) -> None:
        """Store facts of titles by their key."""
        rows = [(facts.key, json.dumps(asdict(facts), ensure_ascii=False)) for facts in titles]
        self.put("facts", rows)

    def put_ratings(self, ratings: Sequence[RatingFacts]) -> None:
        """Store ratings."""
        self.put("ratings", [(r.user, r.key, r.value, r.rated_at) for r in ratings])

    def put(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Store rows in one of the tables; a later row with the same key replaces."""
        marks = ", ".join("?" * len(rows[0])) if rows else ""
        self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)

    def has_title(self, key: str) -> bool:
        """Whether a title with this key was stored."""
        query = "SELECT 1 FROM facts WHERE key = ?"
        return self._connection.execute(query, (key,)).fetchone() is not None

    def has_credit(self, person: str) -> bool:
        """Whether a credit names this person's key."""
        query = "SELECT 1 FROM credits WHERE person = ? LIMIT 1"
        return self._connection.execute(query, (person,)).fetchone() is not None

    def titles(self, least_reviews: int = 0) -> Iterator[TitleFacts]:
        """The titles, each with all that was stored for its key, in the order of keys."""
        reader = sqlite3.connect(self.path)
        try:
            for key, payload, score, reviews in reader.execute(
                "SELECT facts.key, payload, score, reviews FROM facts LEFT JOIN scores USING (key)"
                " ORDER BY facts.key"
            ):
                facts = _facts(payload)
                if score is not None:
                    facts.score, facts.reviews = score, reviews
                if facts.reviews >= least_reviews:
                    self._add_people_and_names(key, facts)
                    yield facts
        finally:
            reader.close()

    def _add_people_and_names(self, key: str, facts: TitleFacts) -> None:
        query = (
            "SELECT role, name FROM credits JOIN people USING (person) WHERE key = ?"
            " ORDER BY role, place"
        )
        for role, name in self._connection.execute(query, (key,)).fetchall():
            if role == "director":
                facts.directors = (*facts.directors, name)
            elif len(facts.cast) < _MOST_CAST:
                facts.cast = (*facts.cast, name)
        query = "SELECT name FROM names WHERE key = ?"
        for (name,) in self._connection.execute(query, (key,)).fetchall():
            if has_ideograph(name):
                facts.aliases_zh = (*facts.aliases_zh, name)
            else:
                facts.aliases = (*facts.aliases, name)

    def ratings(self) -> Iterator[RatingFacts]:
        """The ratings, a user's together, the latest first."""
        query = "SELECT user, key, value, at FROM ratings ORDER BY user, at DESC"
        for row in self._connection.execute(query):
            yield RatingFacts(*row)

    def count(self, table: str) -> int:
        """How many rows a table holds."""
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _facts(payload: str) -> TitleFacts:
    values: dict[str, Any] = json.loads(payload)
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return TitleFacts(**values)
