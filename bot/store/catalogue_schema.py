"""Tables of the catalogue: titles, people, their names, and where they came from.

Lists of short canonical words (genres, countries, languages) are kept in one column, joined by
`|`, since they are only ever read whole.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from bot.store.metadata import METADATA

LIST_SEPARATOR = "|"

titles = Table(
    "titles",
    METADATA,
    Column("id", String(160), primary_key=True),
    # Kept apart from `id`: a title found by name first keeps its id when its IMDb id is learnt.
    Column("imdb_id", String(16), unique=True),
    Column("kind", String(8), nullable=False),  # film | series
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("title_zh", Text),
    Column("original_title", Text),
    Column("genres", Text, nullable=False, server_default=""),
    Column("countries", Text, nullable=False, server_default=""),
    Column("languages", Text, nullable=False, server_default=""),
    Column("runtime", Integer),  # minutes
    Column("seasons", Integer),
    Column("synopsis_en", Text),
    Column("synopsis_zh", Text),
    Column("score", Float),  # 0 to 10
    Column("reviews", Integer, nullable=False, server_default="0"),
    Column("ratings", Integer, nullable=False, server_default="0"),
    # The sources that said something about it, joined by `|`, the first one first.
    Column("sources", Text, nullable=False, server_default=""),
)

people = Table(
    "people",
    METADATA,
    Column("id", String(160), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_zh", Text),
)

credits = Table(
    "credits",
    METADATA,
    Column("title_id", String(160), ForeignKey("titles.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(8), primary_key=True),  # director | cast
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("person_id", String(160), nullable=False),
    Index("credits_person", "person_id"),
    sqlite_with_rowid=False,
)

names = Table(
    "names",
    METADATA,
    Column("kind", String(8), primary_key=True),  # title | person
    Column("owner_id", String(160), primary_key=True),
    Column("language", String(2), primary_key=True),  # en: Latin letters | zh
    Column("name", String(400), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Column("source", String(80), nullable=False),
    sqlite_with_rowid=False,
)

catalogue_sources = Table(
    "catalogue_sources",
    METADATA,
    Column("source", String(80), primary_key=True),
    Column("digest", String(64), nullable=False),  # of its content and of the code that read it
    Column("finished_at", Integer, nullable=False),  # seconds since 1970
    Column("report", Text, nullable=False, server_default="{}"),  # JSON: counts
)

# Ratings of people who are not our viewers; the recommender learns from them. No foreign key:
# millions of rows come in one go, and the importer has just written the titles they name.
catalogue_ratings = Table(
    "catalogue_ratings",
    METADATA,
    Column("source", String(80), primary_key=True),
    Column("user", Integer, primary_key=True, autoincrement=False),
    Column("title_id", String(160), primary_key=True),
    Column("value", Float, nullable=False),  # 0.5 to 5
    Column("rated_at", Integer, nullable=False),  # seconds since 1970
    sqlite_with_rowid=False,
)
