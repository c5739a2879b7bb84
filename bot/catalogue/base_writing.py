"""Writes the drafts of a base build over what the database holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.catalogue.drafts import (
    Draft,
    Drafts,
    Row,
    credit_rows,
    name_rows,
    title_name_rows,
    title_row,
)
from bot.catalogue.joining import Joiner, Known
from bot.store.catalogue_schema import LIST_SEPARATOR, credits, names, people, titles


@dataclass
class Written:
    """How much there is now; `moved` maps ids of drafts to the ids their titles had before."""

    titles: int = 0
    people: int = 0
    moved: dict[str, str] = field(default_factory=dict)


def write_base(connection: Connection, drafts: Drafts, source: str) -> Written:
    """Make `drafts` the base.

    Titles that only the base had are replaced or go; those that imports also know keep what
    the base does not say, and their id.
    """
    written = Written()
    imported = _imported(connection, source)
    finder = _finder(connection, imported)
    existing = set(connection.execute(select(titles.c.id)).scalars())
    new: list[Row] = []
    changed: list[Row] = []
    aliases: list[Row] = []
    roles: list[Row] = []
    spared: dict[str, set[str]] = {"director": set(), "cast": set()}
    for draft in drafts.by_id.values():
        title_id = _kept_id(draft, drafts, finder)
        if title_id != draft.id:
            written.moved[draft.id] = title_id
        row = title_row(title_id, draft.facts, source)
        before = imported.get(title_id)
        if before is not None:
            row = {key: value or before[key] for key, value in row.items()}
            others = [s for s in before["sources"].split(LIST_SEPARATOR) if s != source]
            row["sources"] = LIST_SEPARATOR.join((source, *others))
        (changed if title_id in existing else new).append(row)
        aliases += title_name_rows(title_id, draft.facts, source)
        for role, persons in (("director", draft.facts.directors), ("cast", draft.facts.cast)):
            ids = drafts.register.ids_of(persons)
            roles += credit_rows(title_id, role, ids)
            if before is not None and not ids:
                spared[role].add(title_id)
    ids_now = {row["id"] for row in (*new, *changed)}
    gone = existing - ids_now - set(imported)
    _clear(connection, source, gone, ids_now, spared)
    if new:
        connection.execute(insert(titles), new)
    if changed:
        connection.execute(_update_of_titles(changed[0]), [_bound(row) for row in changed])
    _write_names(connection, aliases)
    if roles:
        connection.execute(insert(credits), roles)
    _write_people(connection, drafts, source)
    written.titles = len(ids_now | set(imported))
    written.people = len(set(connection.execute(select(people.c.id)).scalars()))
    return written


def _imported(connection: Connection, source: str) -> dict[str, Row]:
    query = select(titles).where(titles.c.sources != source)
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _finder(connection: Connection, imported: dict[str, Row]) -> Joiner:
    """Finds imported titles by IMDb id, name and year."""
    finder = Joiner()
    directors: dict[str, set[str]] = {}
    if imported:
        query = select(credits.c.title_id, credits.c.person_id).where(credits.c.role == "director")
        for title_id, person in connection.execute(query):
            directors.setdefault(title_id, set()).add(person)
    for row in imported.values():
        by = frozenset(directors.get(row["id"], ()))
        known = Known(row["id"], row["kind"], row["year"], row["imdb_id"], by, row["ratings"])
        finder.add(known, (row["title"], row["title_zh"] or "", row["original_title"] or ""))
    return finder


def _kept_id(draft: Draft, drafts: Drafts, finder: Joiner) -> str:
    if draft.id in finder or not finder.known:
        return draft.id
    directors = frozenset(drafts.register.ids_of(draft.facts.directors))
    return finder.find(draft.facts, directors) or draft.id


def _clear(
    connection: Connection,
    source: str,
    gone: set[str],
    rewritten: set[str],
    spared: dict[str, set[str]],
) -> None:
    """Remove titles that are `gone`, the base's names, and the credits that come anew."""
    connection.execute(delete(names).where(names.c.source == source))
    here = credits.c.title_id == bindparam("title")
    for role, kept in spared.items():
        rows = [{"title": title_id} for title_id in rewritten - kept]
        if rows:
            connection.execute(delete(credits).where(here, credits.c.role == role), rows)
    if gone:
        rows = [{"title": title_id} for title_id in gone]
        connection.execute(delete(credits).where(here), rows)
        connection.execute(delete(titles).where(titles.c.id == bindparam("title")), rows)


def _update_of_titles(row: Row):  # type: ignore[no-untyped-def]  # SQLAlchemy 1.4 has no stubs
    columns = {key: bindparam(f"new_{key}") for key in row if key != "id"}
    return update(titles).where(titles.c.id == bindparam("row_id")).values(columns)


def _bound(row: Row) -> Row:
    return {"row_id": row["id"], **{f"new_{k}": v for k, v in row.items() if k != "id"}}


def _write_names(connection: Connection, rows: list[Row]) -> None:
    """Insert names, less those that an import has given already."""
    columns = (names.c.kind, names.c.owner_id, names.c.language, names.c.name)
    there = {tuple(row) for row in connection.execute(select(*columns))}
    fresh: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = (row["kind"], row["owner_id"], row["language"], row["name"])
        if key not in there:
            fresh.setdefault(key, row)
    if fresh:
        connection.execute(insert(names), list(fresh.values()))


def _write_people(connection: Connection, drafts: Drafts, source: str) -> None:
    """Make people's names those of the register; people without any credit go."""
    register = drafts.register
    credited = set(connection.execute(select(credits.c.person_id).distinct()).scalars())
    before = {row["id"]: row for row in connection.execute(select(people)).mappings()}
    aliases: list[Row] = []
    new: list[Row] = []
    changed: list[Row] = []
    for person_id in credited:
        facts = register.facts.get(person_id)
        name = register.names.get(person_id)
        if name is None:
            continue  # an import's own
        row = {"id": person_id, "name": name, "name_zh": facts.name_zh if facts else None}
        if facts:
            others = (*facts.aliases, *facts.aliases_zh)
            aliases += name_rows("person", person_id, (name, facts.name_zh), others, source)
        if person_id not in before:
            new.append(row)
        elif (before[person_id]["name"], before[person_id]["name_zh"]) != (name, row["name_zh"]):
            changed.append({"row_id": person_id, "new_name": name, "new_zh": row["name_zh"]})
    if new:
        connection.execute(insert(people), new)
    if changed:
        values = {"name": bindparam("new_name"), "name_zh": bindparam("new_zh")}
        statement = update(people).where(people.c.id == bindparam("row_id")).values(values)
        connection.execute(statement, changed)
    idle = [{"person": person_id} for person_id in before if person_id not in credited]
    if idle:
        connection.execute(delete(people).where(people.c.id == bindparam("person")), idle)
    _write_names(connection, aliases)
