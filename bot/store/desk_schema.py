"""Tables of the review desk. All but `saved_views` are made from `events` by `bot/desk/projector`
and can be made anew from them at any time.

A conversation is a session of a viewer. Its id is that of its first event, a turn's that of the
viewer's message: the same ids come out of every rebuild, and they grow with time, so that lists
are read along them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from bot.store.metadata import METADATA

_Id = BigInteger().with_variant(Integer, "sqlite")
# Words as `bot/desk/words.py` writes them: a text search vector in PostgreSQL, under a GIN index,
# a list with blanks between in SQLite, whence triggers feed an FTS5 table. Both are called so:
SEARCH = "conversation_search"
_Words = TSVECTOR().with_variant(Text, "sqlite")


def _conversation(primary_key: bool = False) -> Column:
    owner = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation", _Id, owner, primary_key=primary_key, nullable=False)


conversations = Table(
    "conversations",
    METADATA,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("viewer", String, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # of `started_at`, counted from 1970 (UTC)
    Column("started_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("channel", String(80)),
    Column("language", String(8)),  # en | zh | mixed
    Column("version", String(40)),  # of the trained assistant
    Column("messages", Integer, nullable=False),
    Column("viewer_messages", Integer, nullable=False),
    Column("lowest_confidence", Float),
    Column("fallbacks", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("handed_over", SmallInteger, nullable=False),
    Column("flagged", Integer, nullable=False),  # messages that moderation flagged
    Column("category", String(40)),  # the gravest one
    Column("slowest", Float),  # milliseconds
    Column("rating", SmallInteger),  # 1 to 5, the viewer's last
    Column("thumbs_up", Integer, nullable=False, server_default="0"),
    Column("thumbs_down", Integer, nullable=False, server_default="0"),
    Column("opening", Text, nullable=False),  # the viewer's first words, cut
    Column("skills", Text, nullable=False),
    Column("steps", Text, nullable=False),  # see bot/desk/sequence.py
    Column("last_step", String(160)),
    Index("conversations_viewer", "viewer", "id"),
    Index("conversations_day", "day", "viewer"),
    Index("conversations_last_at", "last_at", "id"),
    Index("conversations_confidence", "lowest_confidence", "id"),
    Index("conversations_length", "viewer_messages", "id"),
)

# What a conversation can be found by: (intent, recommend), (entity, genre=Comedy), (slot, focus) …
conversation_marks = Table(
    "conversation_marks",
    METADATA,
    Column("kind", String(12), primary_key=True),
    Column("value", String(120), primary_key=True),
    _conversation(primary_key=True),
    Index("conversation_marks_conversation", "conversation"),
    sqlite_with_rowid=False,
)

turns = Table(
    "turns",
    METADATA,
    Column("id", _Id, primary_key=True, autoincrement=False),
    _conversation(),
    Column("seq", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("text", Text, nullable=False),  # masked; of a button its label, where it is known
    Column("typed", SmallInteger, nullable=False),  # 0: a button
    Column("language", String(8)),
    Column("intent", String(160)),
    Column("confidence", Float),
    Column("rival", String(160)),  # the next intent in the ranking
    Column("rival_confidence", Float),
    Column("action", String(160)),
    Column("milliseconds", Float),
    Column("fallback", SmallInteger, nullable=False),
    Column("category", String(40)),  # of moderation, when it flagged
    Column("score", Float),  # of moderation
    Column("gist", String(200)),  # of a message without an answer: what it is grouped by
    Index("turns_conversation", "conversation", "id"),
    Index("turns_at", "at"),
    Index("turns_confidence", "confidence", "id"),
    Index("turns_intent", "intent", "id"),
)
Index(
    "turns_gist",
    turns.c.gist,
    turns.c.at,
    sqlite_where=turns.c.gist.isnot(None),
    postgresql_where=turns.c.gist.isnot(None),
)

recommended_titles = Table(
    "recommended_titles",
    METADATA,
    Column("turn", _Id, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    _conversation(),
    Column("title_id", String(160), nullable=False),
    Column("why", Text, nullable=False),
    # kept | rated | seen | refused | asked, none: passed over
    Column("outcome", String(12)),
    Index("recommended_titles_conversation", "conversation"),
    Index("recommended_titles_title", "title_id"),
)

conversation_words = Table(
    "conversation_words",
    METADATA,
    Column(
        "id",
        _Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("said", _Words, nullable=False),  # by the viewer
    Column("answered", _Words, nullable=False),
)


def _figure_of_a_day() -> list[Column]:
    """What tells one figure of one day, of one part of the conversations, from another."""
    return [
        Column("figure", String(24), primary_key=True),
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("language", String(8), primary_key=True),
        Column("channel", String(80), primary_key=True),
        Column("version", String(40), primary_key=True),
    ]


daily_figures = Table(
    "daily_figures",
    METADATA,
    *_figure_of_a_day(),
    Column("label", String(160), primary_key=True),
    Column("count", Float, nullable=False),
    Index("daily_figures_day", "day"),
    sqlite_with_rowid=False,
)

# Which different ones there were on a day (viewers, titles offered, unanswered questions) and how
# often, as arrays: they are put together for many days faster than rows are. See
# bot/desk/daily_sets.py.
daily_sets = Table(
    "daily_sets",
    METADATA,
    *_figure_of_a_day(),
    Column("numbers", LargeBinary, nullable=False),  # 64 bits each, rising
    Column("counts", LargeBinary, nullable=False),  # 32 bits each, in the same order
    Column("labels", Text, nullable=False),  # lines in the same order; "" for viewers
)

# How far the projector is: `position` is an id below which every event has been seen.
desk_progress = Table(
    "desk_progress",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

# What must be made anew: viewers of whose events some are gone, or about whose conversation from
# the time `at` on something new is kept elsewhere, and days with other conversations.
desk_stale = Table(
    "desk_stale",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("sender", String),
    Column("day", Integer),
    Column("at", Float),
    sqlite_autoincrement=True,
)

saved_views = Table(
    "saved_views",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("owner", String(160), nullable=False),
    Column("name", String(80), nullable=False),
    Column("shared", SmallInteger, nullable=False),
    Column("query", Text, nullable=False),  # the query string of the list
    Column("at", Float, nullable=False),
    Index("saved_views_name", "owner", "name", unique=True),
    sqlite_autoincrement=True,
)
