"""Tables of people who answer: channels that reach viewers, presence, notes, canned replies.

Who waits for a person and who answers them is in `handoffs`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from bot.store.metadata import METADATA

_Id = BigInteger().with_variant(Integer, "sqlite")

# What the channels of the server say of themselves when it starts.
channels = Table(
    "channels",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("pushes", Boolean, nullable=False),
)

# A person of the staff who has the desk open.
presence = Table(
    "presence",
    METADATA,
    Column("person", String(160), primary_key=True),
    Column("name", String(160), nullable=False),
    Column("available", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)

# A conversation that somebody of the staff has open.
open_conversations = Table(
    "open_conversations",
    METADATA,
    Column("person", String(160), primary_key=True),
    Column("viewer", String, primary_key=True),
    Column("at", Float, nullable=False),
)

notes = Table(
    "notes",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("text", Text, nullable=False),  # masked
    Column("author", String(160), nullable=False),
    Column("author_name", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Index("notes_viewer", "viewer", "id"),
    sqlite_autoincrement=True,
)

canned_replies = Table(
    "canned_replies",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("text_en", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
)
