"""Tables of what the staff judge: flags, decisions about cases, viewers' appeals."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from bot.store.metadata import METADATA

_Id = BigInteger().with_variant(Integer, "sqlite")

# A flag on a conversation, or on one message of it (`event`, an id of `events`).
flags = Table(
    "flags",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("event", BigInteger),
    Column("reason", String(40), nullable=False),
    Column("note", Text, nullable=False, server_default=""),  # masked
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Column("closed_at", Float),
    Column("closed_by", String(160)),
    Index("flags_viewer", "viewer", "id"),
    Index("flags_open", "closed_at", "id"),
    sqlite_autoincrement=True,
)

# Every decision stays; the newest of a case counts. `verdict` is upheld, dismissed or escalated.
decisions = Table(
    "decisions",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("case_id", _Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("category", String(40)),  # as the moderator sees it
    Column("note", Text, nullable=False, server_default=""),  # masked
    Column("author", String(160), nullable=False),
    Column("at", Float, nullable=False),
    Index("decisions_case", "case_id", "id"),
    Index("decisions_at", "at"),
    sqlite_autoincrement=True,
)

# A viewer's objection to a case, once a case.
appeals = Table(
    "appeals",
    METADATA,
    Column("case_id", _Id, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("viewer", String, nullable=False),
    Column("language", String(8)),
    Column("text", Text, nullable=False, server_default=""),  # masked
    Column("at", Float, nullable=False),
    Column("answered_at", Float),
    Column("granted", Integer),  # 1, or 0 for refused
    Index("appeals_viewer", "viewer"),
    Index("appeals_open", "answered_at", "at"),
)
