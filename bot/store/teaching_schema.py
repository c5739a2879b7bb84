"""Tables of what the staff teach: sentences to look at, how they are to be understood, edits of
the answers about the service, conversations kept as tests.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from bot.store.metadata import METADATA

_Id = BigInteger().with_variant(Integer, "sqlite")

# What viewers wrote that the assistant may have got wrong, each wording once.
sentences = Table(
    "sentences",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("key", String(400), nullable=False, unique=True),
    Column("text", Text, nullable=False),  # masked
    Column("language", String(8)),
    Column("intent", String(160)),
    Column("confidence", Float, nullable=False),
    Column("margin", Float, nullable=False),  # to the second intent
    Column("reasons", String(120), nullable=False),  # joined by `|`
    Column("understood", Text, nullable=False),  # JSON: ranking, entities, moderation
    Column("times", Integer, nullable=False),
    Column("viewer", String, nullable=False),  # who wrote it last
    Column("event", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
    Column("state", String(16), nullable=False),  # open | proposed | approved | ignored | exported
    Index("sentences_inbox", "state", "confidence", "id"),
    Index("sentences_viewer", "viewer"),
    sqlite_autoincrement=True,
)

annotated = Table(
    "annotations",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("sentence", _Id, ForeignKey("sentences.id", ondelete="CASCADE"), nullable=False),
    Column("intent", String(160), nullable=False),
    Column("entities", Text, nullable=False),  # JSON: start, end, entity
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Column("state", String(16), nullable=False),  # proposed | approved | rejected
    Column("reviewer", String(160)),
    Column("reviewed_at", Float),
    Column("comment", Text, nullable=False, server_default=""),
    Index("annotations_state", "state", "id"),
    Index("annotations_sentence", "sentence"),
    sqlite_autoincrement=True,
)

# How far a collector has read `events`, or another table, by its id.
collected = Table(
    "collected",
    METADATA,
    Column("source", String(40), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
)

# The newest edit of an entry counts; one without content puts the file's entry back.
faq_edits = Table(
    "faq_edits",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("entry", String(80), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("content", Text),  # JSON, as in data/faq
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Index("faq_edits_entry", "entry", "id"),
    sqlite_autoincrement=True,
)

conversation_tests = Table(
    "conversation_tests",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("name", String(200), nullable=False),
    Column("behaviour", String(40), nullable=False),  # the file it belongs to
    Column("content", Text, nullable=False),  # YAML
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Index("conversation_tests_viewer", "viewer"),
    sqlite_autoincrement=True,
)
