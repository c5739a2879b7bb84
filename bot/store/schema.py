"""Tables of viewers, conversations and messages; the catalogue's are in `catalogue_schema`,
the staff's in `staff_schema`, the review desk's in `desk_schema`.

Times are seconds since 1970 (UTC), as Rasa counts them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.store import (
    answering_schema,
    catalogue_schema,
    desk_schema,
    feedback_schema,
    judging_schema,
    staff_schema,
    teaching_schema,
    uploads_schema,
)
from bot.store.metadata import METADATA

__all__ = [
    "METADATA",
    "answering_schema",
    "catalogue_schema",
    "desk_schema",
    "feedback_schema",
    "judging_schema",
    "staff_schema",
    "teaching_schema",
    "uploads_schema",
]

# SQLite numbers rows by itself only in a column of its own kind of integer.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _viewer(primary_key: bool = False) -> Column:
    owner = ForeignKey("viewers.id", ondelete="CASCADE")
    return Column("viewer", String, owner, primary_key=primary_key, nullable=False)


viewers = Table(
    "viewers",
    METADATA,
    Column("id", String, primary_key=True),
    Column("first_at", Float, nullable=False),
)

# One row for each time a viewer rates; the newest of a title counts, so taking it back is
# deleting it.
ratings = Table(
    "ratings",
    METADATA,
    Column("id", _Id, primary_key=True),
    _viewer(),
    Column("title_id", String(160), nullable=False),
    Column("value", Float, nullable=False),  # 0.5 to 5
    Column("source", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Index("ratings_viewer", "viewer", "id"),
    sqlite_autoincrement=True,
)


def _list_of_titles(name: str) -> Table:
    return Table(
        name,
        METADATA,
        _viewer(primary_key=True),
        Column("title_id", String(160), primary_key=True),
        Column("at", Float, nullable=False),
    )


seen = _list_of_titles("seen")
refusals = _list_of_titles("refusals")
watchlist = _list_of_titles("watchlist")

cases = Table(
    "cases",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("kind", String(40), nullable=False),  # abuse | self_harm
    Column("category", String(40)),
    Column("score", Float, nullable=False),
    Column("text", Text, nullable=False),  # masked
    Column("span_start", Integer),
    Column("span_end", Integer),
    Column("at", Float, nullable=False),
    Column("state", String(16), nullable=False, server_default="open"),
    Index("cases_viewer", "viewer", "kind", "at"),
    Index("cases_state", "state", "id"),
    sqlite_autoincrement=True,
)

handoffs = Table(
    "handoffs",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("language", String(8)),
    Column("at", Float, nullable=False),
    Column("closed_at", Float),
    Column("outcome", String(16)),  # returned | nobody | dismissed
    Column("assignee", String(160)),
    Column("assignee_name", String(160)),
    Column("assigned_at", Float),
    Column("taken_at", Float),  # a person speaks from here on, the bot is silent
    Column("reminded_at", Float),  # the viewer was told that it still takes a while
    Index("handoffs_viewer", "viewer"),
    Index("handoffs_pending", "closed_at", "id"),
    sqlite_autoincrement=True,
)

failures = Table(
    "failures",
    METADATA,
    Column("id", String(16), primary_key=True),  # shown to the viewer
    Column("place", String(160), nullable=False),
    Column("error", Text, nullable=False),  # masked
    Column("trace", Text, nullable=False),  # masked
    Column("viewer", String),
    Column("at", Float, nullable=False),
    Index("failures_at", "at"),
)

# Every event of every conversation. `seq` counts within the conversation from 1: two writers
# that both think they are next collide on it instead of mixing their events.
events = Table(
    "events",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("sender_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type_name", String(80), nullable=False),
    Column("timestamp", Float, nullable=False),
    Column("intent", String(160)),
    Column("action", String(160)),
    Column("language", String(8)),
    Column("channel", String(80)),
    Column("data", Text, nullable=False),  # JSON, masked
    Index("events_sender", "sender_id", "seq", unique=True),
    Index("events_timestamp", "timestamp"),
    sqlite_autoincrement=True,
)
for _column in (events.c.intent, events.c.action):
    Index(
        f"events_{_column.name}",
        _column,
        events.c.timestamp,
        sqlite_where=_column.isnot(None),
        postgresql_where=_column.isnot(None),
    )

# Where the part of a conversation begins that is kept at hand: after `seq`, with this state.
tracker_snapshots = Table(
    "tracker_snapshots",
    METADATA,
    Column("sender_id", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("state", Text, nullable=False),  # JSON: slots, loop, paused
    Column("at", Float, nullable=False),
)

messages_seen = Table(
    "messages_seen",
    METADATA,
    Column("channel", String(80), primary_key=True),
    Column("viewer", String, primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("at", Float, nullable=False),
    Column("reply", Text),  # JSON
    Index("messages_seen_at", "at"),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("message", Text, nullable=False),  # JSON
    Column("at", Float, nullable=False),
    Index("outbox_viewer", "viewer", "id"),
    sqlite_autoincrement=True,
)

# A viewer waits once, whoever asks: two requests at the same moment collide here.
Index(
    "handoffs_open",
    handoffs.c.viewer,
    unique=True,
    sqlite_where=handoffs.c.closed_at.is_(None),
    postgresql_where=handoffs.c.closed_at.is_(None),
)
