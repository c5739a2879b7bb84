"""The catalogue that comes with Usher: movies.db, MovieLens 100K and our own facts, joined.

    python -m bot.catalogue.build

Everything is put together in memory and written in one transaction; nothing is done when neither
the data nor this code has changed. What operators imported is kept: the base's facts go first,
and fill in theirs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.engine import Connection, Engine

from bot.catalogue import ml100k, movies_db, tabular
from bot.catalogue.bad_rows import BadRows
from bot.catalogue.base_writing import write_base
from bot.catalogue.billing import bill
from bot.catalogue.drafts import Drafts
from bot.catalogue.facts import RatingFacts, TitleFacts
from bot.catalogue.register import Register
from bot.store.catalogue_schema import catalogue_ratings, catalogue_sources
from bot.store.database import reading, writing

MOVIES_DB = "movies.db"
BASE = "base"
ML_100K = "ml-100k"
# Facts that are about titles already known come after those that may make new ones.
TITLE_FILES = ("chinese_films*.csv", "series*.csv", "world_films*.csv", "*.csv")
PEOPLE_FILES = "people*.csv"
ADDED_FACTS = ("film_names*.csv", "names_*.csv", "synopses*.csv")


@dataclass
class BaseReport:
    """What the build found and joined; `built` is false when nothing had changed."""

    built: bool = False
    films: int = 0
    own_titles: int = 0
    own_joined: int = 0
    named: int = 0
    named_joined: int = 0
    movielens: int = 0
    movielens_joined: int = 0
    ratings: int = 0
    titles: int = 0
    people: int = 0
    bad_rows: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.titles:,} titles, {self.people:,} people, {self.ratings:,} ratings; "
            f"{self.movielens_joined:,} of {self.movielens:,} MovieLens films joined"
        )


def build(
    engine: Engine,
    raw_dir: Path,
    facts_dir: Path,
    say: Callable[[str], None] = lambda line: None,
) -> BaseReport:
    """Build or renew the base of the catalogue.

    `raw_dir` holds movies.db and the ml-100k files (each may be missing, which is said);
    `facts_dir` our own CSV files.

    Raises:
        TooManyBadRows, RowError: our own facts cannot be read.
        DatabaseUnavailable: the database cannot be read or written.
    """
    started = time.monotonic()
    digest = _digest(raw_dir, facts_dir)
    with reading(engine) as connection:
        query = select(catalogue_sources).where(catalogue_sources.c.source == BASE)
        before = connection.execute(query).mappings().first()
    if before and before["digest"] == digest:
        return BaseReport(**{**json.loads(before["report"]), "built": False})
    report = BaseReport(built=True)
    bad = BadRows()
    drafts = _drafts(raw_dir, facts_dir, bad, report, say)
    keys = _join_movielens(raw_dir, drafts, report, say)
    for line in bad.lines:
        say(f"skipped {line}")
    report.bad_rows = len(bad.lines)
    with writing(engine) as connection:
        counts = write_base(connection, drafts, BASE)
        report.titles, report.people = counts.titles, counts.people
        report.ratings = _write_ratings(connection, raw_dir, keys, counts.moved)
        count_ratings(connection)
        report.seconds = round(time.monotonic() - started, 2)
        record_source(connection, BASE, digest, json.dumps(asdict(report)))
    say(
        f"catalogue: {report.titles:,} titles, {report.people:,} people, "
        f"{report.ratings:,} ratings in {report.seconds:.1f} s"
    )
    return report


def is_built(engine: Engine) -> bool:
    """Whether the database holds a base."""
    if not inspect(engine).has_table(catalogue_sources.name):
        return False
    with reading(engine) as connection:
        query = select(catalogue_sources.c.source).where(catalogue_sources.c.source == BASE)
        return connection.execute(query).first() is not None


def _drafts(
    raw_dir: Path, facts_dir: Path, bad: BadRows, report: BaseReport, say: Callable[[str], None]
) -> Drafts:
    people = [
        p for path in _files(facts_dir, (PEOPLE_FILES,)) for p in tabular.read_people(path, bad)
    ]
    drafts = Drafts(Register(people))
    films = list(_movies(raw_dir, say))
    bill(films)
    for facts in films:
        drafts.add(facts)
        report.films += 1
    for path in _title_files(facts_dir):
        joined = total = 0
        added = any(path.match(pattern) for pattern in ADDED_FACTS)
        for facts in tabular.read_titles(path, bad):
            total += 1
            joined += drafts.correct(facts)
        say(f"{path.name}: {joined:,} of {total:,} rows joined titles already known")
        if added:
            report.named, report.named_joined = report.named + total, report.named_joined + joined
        else:
            report.own_titles += total
            report.own_joined += joined
    return drafts


def _movies(raw_dir: Path, say: Callable[[str], None]) -> Iterator[TitleFacts]:
    path = raw_dir / MOVIES_DB
    if not path.exists():
        say(f"{path} is missing: the films of movies.db are left out")
        return iter(())
    return movies_db.read(path)


def _join_movielens(
    raw_dir: Path, drafts: Drafts, report: BaseReport, say: Callable[[str], None]
) -> dict[str, str]:
    """Join the items of MovieLens 100K; its item ids → ids of titles."""
    path = raw_dir / ml100k.ITEMS
    if not path.exists():
        say(f"{path} is missing: MovieLens 100K is left out")
        return {}
    keys = {}
    for facts in ml100k.read_items(path):
        draft = drafts.find(facts)
        report.movielens += 1
        report.movielens_joined += draft is not None
        key = facts.key
        if draft is None:
            draft = drafts.add(facts)
        else:
            draft.fill(facts)
        keys[key] = draft.id
    say(
        f"MovieLens 100K: {report.movielens_joined:,} of {report.movielens:,} films joined by "
        f"title and year; the others are titles of their own"
    )
    return keys


def _write_ratings(
    connection: Connection, raw_dir: Path, keys: dict[str, str], moved: dict[str, str]
) -> int:
    """Replace the ratings of MovieLens 100K; `moved` maps ids of drafts to ids kept."""
    connection.execute(delete(catalogue_ratings).where(catalogue_ratings.c.source == ML_100K))
    path = raw_dir / ml100k.RATINGS
    if not keys or not path.exists():
        return 0
    ids = {key: moved.get(title_id, title_id) for key, title_id in keys.items()}
    return write_ratings(connection, ML_100K, ml100k.read_ratings(path), ids)


def write_ratings(
    connection: Connection, source: str, ratings: Iterable[RatingFacts], ids: dict[str, str]
) -> int:
    """Insert `ratings`; somebody's last rating of a title counts. How many were kept."""
    last: dict[tuple[int, str], RatingFacts] = {}
    for rating in ratings:
        title_id = ids.get(rating.key)
        if title_id is None:
            continue
        earlier = last.get((rating.user, title_id))
        if earlier is None or earlier.rated_at <= rating.rated_at:
            last[rating.user, title_id] = rating
    rows = [
        {
            "source": source,
            "user": user,
            "title_id": title,
            "value": r.value,
            "rated_at": r.rated_at,
        }
        for (user, title), r in sorted(last.items())
    ]
    if rows:
        connection.execute(insert(catalogue_ratings), rows)
    return len(rows)


def count_ratings(connection: Connection) -> None:
    """Bring `titles.ratings` up to date with the ratings that are there."""
    counts = connection.execute(
        text("SELECT title_id, count(*) FROM catalogue_ratings GROUP BY title_id")
    ).all()
    connection.execute(text("UPDATE titles SET ratings = 0 WHERE ratings <> 0"))
    if counts:
        connection.execute(
            text("UPDATE titles SET ratings = :n WHERE id = :id"),
            [{"id": title_id, "n": n} for title_id, n in counts],
        )


def record_source(connection: Connection, source: str, digest: str, report: str) -> None:
    """Note that `source` is in the catalogue, as of now."""
    connection.execute(delete(catalogue_sources).where(catalogue_sources.c.source == source))
    row = {"source": source, "digest": digest, "report": report, "finished_at": int(time.time())}
    connection.execute(insert(catalogue_sources), [row])


def _files(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return list(dict.fromkeys(p for pattern in patterns for p in sorted(folder.glob(pattern))))


def _title_files(facts_dir: Path) -> list[Path]:
    """Our files of titles: full rows first, then names and synopses."""
    people = set(_files(facts_dir, (PEOPLE_FILES,)))
    later = _files(facts_dir, ADDED_FACTS)
    first = [p for p in _files(facts_dir, TITLE_FILES) if p not in people and p not in later]
    return [*first, *later]


def _digest(raw_dir: Path, facts_dir: Path) -> str:
    """A hash of all that goes into the base: data, our facts, and the code that reads them."""
    data = [raw_dir / name for name in (MOVIES_DB, ml100k.ITEMS, ml100k.RATINGS)]
    code = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256()
    for path in (*data, *_files(facts_dir, ("*.csv",)), *code):
        digest.update(path.name.encode())
        if path.exists():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main() -> None:
    """Build the base from the data folder of the settings into its database."""
    from bot.settings import ROOT, settings
    from bot.store.database import engine, migrate

    database = engine()
    migrate(database)
    build(database, settings().data_dir / "raw", ROOT / "data" / "catalogue", print)


if __name__ == "__main__":
    main()
