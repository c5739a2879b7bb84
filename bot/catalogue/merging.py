"""Merges staged facts into the catalogue: titles are found again, and what is blank is filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.catalogue.build import count_ratings
from bot.catalogue.drafts import Draft, Row, credit_rows, title_name_rows, title_row
from bot.catalogue.facts import PersonFacts, RatingFacts, TitleFacts
from bot.catalogue.joining import Joiner, Known
from bot.catalogue.register import Register
from bot.store.catalogue_schema import (
    LIST_SEPARATOR,
    catalogue_ratings,
    credits,
    names,
    people,
    titles,
)

_BATCH = 500
_RATINGS_BATCH = 20_000
_FILLED = (
    *("imdb_id", "year", "title_zh", "original_title", "genres", "countries", "languages"),
    *("runtime", "seasons", "synopsis_en", "synopsis_zh", "score", "reviews"),
)


@dataclass
class Merged:
    """What a merge did."""

    titles: int = 0
    joined: int = 0
    ratings: int = 0
    unrated: int = 0  # ratings of titles that the source does not describe


def merge(
    connection: Connection,
    source: str,
    facts: Iterable[TitleFacts],
    ratings: Iterable[RatingFacts],
) -> Merged:
    """Merge all of a source, within the transaction of `connection`."""
    merged = Merged()
    register = Register(_people_facts(connection))
    joiner = _joiner(connection)
    known_people = set(connection.execute(select(people.c.id)).scalars())
    ids: dict[str, str] = {}
    remaining = iter(facts)
    while batch := list(islice(remaining, _BATCH)):
        drafts = _drafts(batch, joiner, register, ids, merged)
        _write_titles(connection, drafts, register, known_people, source)
    connection.execute(delete(catalogue_ratings).where(catalogue_ratings.c.source == source))
    rows = _rating_rows(ratings, ids, source, merged)
    while chunk := list(islice(rows, _RATINGS_BATCH)):
        connection.execute(insert(catalogue_ratings), chunk)
        merged.ratings += len(chunk)
    count_ratings(connection)
    return merged


def _people_facts(connection: Connection) -> Iterator[PersonFacts]:
    aliases: dict[str, list[str]] = {}
    query = select(names.c.owner_id, names.c.name).where(names.c.kind == "person")
    for owner, name in connection.execute(query):
        aliases.setdefault(owner, []).append(name)
    columns = (people.c.id, people.c.name, people.c.name_zh)
    for person_id, name, name_zh in connection.execute(select(*columns)).all():
        yield PersonFacts(name, name_zh, tuple(aliases.get(person_id, ())))


def _joiner(connection: Connection) -> Joiner:
    joiner = Joiner()
    directors: dict[str, list[str]] = {}
    query = select(credits.c.title_id, credits.c.person_id).where(credits.c.role == "director")
    for title_id, person in connection.execute(query):
        directors.setdefault(title_id, []).append(person)
    t = titles.c
    columns = (t.id, t.kind, t.year, t.imdb_id, t.reviews, t.title, t.title_zh, t.original_title)
    for title_id, kind, year, imdb_id, reviews, *shown in connection.execute(select(*columns)):
        by = frozenset(directors.get(title_id, ()))
        known = Known(title_id, kind, year, imdb_id, by, reviews)
        joiner.add(known, (name for name in shown if name))
    query = select(names.c.owner_id, names.c.name).where(names.c.kind == "title")
    for title_id, name in connection.execute(query):
        if title_id in joiner:
            joiner.add_names(title_id, (name,))
    return joiner


def _drafts(
    batch: Iterable[TitleFacts],
    joiner: Joiner,
    register: Register,
    ids: dict[str, str],
    merged: Merged,
) -> dict[str, Draft]:
    """The titles that a batch is about, by id; `ids` learns the ids of the source's keys."""
    drafts: dict[str, Draft] = {}
    for facts in batch:
        merged.titles += 1
        directors = frozenset(register.ids_of(facts.directors))
        title_id = joiner.find(facts, directors)
        if title_id is None:
            facts.kind = facts.kind or "film"
            title_id = joiner.new_id(facts, facts.kind)
            year, imdb_id = facts.year, facts.imdb_id
            known = Known(title_id, facts.kind, year, imdb_id, directors, facts.reviews)
            joiner.add(known, (facts.title, facts.title_zh or "", *facts.aliases))
        else:
            merged.joined += 1
            if facts.imdb_id and not joiner.known[title_id].imdb_id:
                joiner.learn_imdb_id(title_id, facts.imdb_id)
        ids[facts.key] = title_id
        if title_id in drafts:
            drafts[title_id].fill(facts)
        else:
            drafts[title_id] = Draft(title_id, facts)
    return drafts


def _write_titles(
    connection: Connection,
    drafts: dict[str, Draft],
    register: Register,
    known_people: set[str],
    source: str,
) -> None:
    there = _rows_of(connection, titles, titles.c.id, drafts)
    before = {row["id"]: row for row in there}
    new, changed = [], []
    for title_id, draft in drafts.items():
        row = title_row(title_id, draft.facts, source)
        old = before.get(title_id)
        if old is None:
            new.append(row)
            continue
        filled = {name: old[name] or row[name] for name in _FILLED}
        if not old["reviews"] or old["score"] is None:  # a mean and what it rests on go together
            filled["score"], filled["reviews"] = row["score"], row["reviews"]
        sources = old["sources"].split(LIST_SEPARATOR) if old["sources"] else []
        filled["sources"] = LIST_SEPARATOR.join(dict.fromkeys((*sources, source)))
        if any(filled[name] != old[name] for name in filled):
            changed.append({"row_id": title_id, **{f"new_{k}": v for k, v in filled.items()}})
    if new:
        connection.execute(insert(titles), new)
    if changed:
        values = {name: bindparam(f"new_{name}") for name in (*_FILLED, "sources")}
        statement = update(titles).where(titles.c.id == bindparam("row_id")).values(values)
        connection.execute(statement, changed)
    _write_credits(connection, drafts, register, known_people)
    _write_names(connection, drafts, before, source)


def _write_credits(
    connection: Connection, drafts: dict[str, Draft], register: Register, known_people: set[str]
) -> None:
    """Insert credits of titles that have none of the role, and the people they name."""
    filled = {
        (row["title_id"], row["role"])
        for row in _rows_of(connection, credits, credits.c.title_id, drafts)
    }
    rows: list[Row] = []
    for title_id, draft in drafts.items():
        for role, persons in (("director", draft.facts.directors), ("cast", draft.facts.cast)):
            if (title_id, role) not in filled:
                rows += credit_rows(title_id, role, register.ids_of(persons))
    newcomers = {row["person_id"] for row in rows} - known_people
    if newcomers:
        known_people |= newcomers
        fresh = [{"id": p, "name": register.names[p], "name_zh": None} for p in newcomers]
        connection.execute(insert(people), fresh)
    if rows:
        connection.execute(insert(credits), rows)


def _write_names(
    connection: Connection, drafts: dict[str, Draft], before: dict[str, Row], source: str
) -> None:
    """Insert the names that are new; a title shown under another one gets its own as alias."""
    there = {
        (row["owner_id"], row["name"])
        for row in _rows_of(connection, names, names.c.owner_id, drafts)
        if row["kind"] == "title"
    }
    rows: dict[tuple[str, str], Row] = {}
    for title_id, draft in drafts.items():
        old = before.get(title_id)
        shown = {old["title"], old["title_zh"], old["original_title"]} if old else set()
        facts = draft.facts
        if old is not None:
            extra = (facts.title, facts.title_zh or "", facts.original_title or "")
            facts.aliases = (*facts.aliases, *(name for name in extra if name))
            facts.title = old["title"]
        for row in title_name_rows(title_id, facts, source):
            key = (title_id, row["name"])
            if key not in there and row["name"] not in shown:
                rows.setdefault(key, row)
    if rows:
        connection.execute(insert(names), list(rows.values()))


def _rows_of(connection: Connection, table: Table, column, keys: Iterable[str]) -> list[Row]:  # type: ignore[no-untyped-def]
    query = select(table).where(column.in_(list(keys)))
    return [dict(row) for row in connection.execute(query).mappings()]


def _rating_rows(
    ratings: Iterable[RatingFacts], ids: dict[str, str], source: str, merged: Merged
) -> Iterator[Row]:
    """Rows of ratings, which come user by user; of two keys of one title the first counts."""
    user: int | None = None
    rated: set[str] = set()
    for rating in ratings:
        if rating.user != user:
            user, rated = rating.user, set()
        title_id = ids.get(rating.key)
        if title_id is None:
            merged.unrated += 1
        elif title_id not in rated:
            rated.add(title_id)
            yield {
                "source": source,
                "user": rating.user,
                "title_id": title_id,
                "value": rating.value,
                "rated_at": rating.rated_at,
            }
