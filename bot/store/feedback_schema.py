"""Tables of what viewers think of the answers they got.

Times are seconds since 1970 (UTC).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, SmallInteger, String, Table, Text

from bot.store.metadata import METADATA

_Id = BigInteger().with_variant(Integer, "sqlite")

# One verdict an answer: a viewer who changes their mind changes the row.
feedback = Table(
    "feedback",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("message_id", String(80), nullable=False),
    Column("verdict", String(4), nullable=False),  # up | down
    Column("reason", String(40)),
    Column("text", Text),  # masked
    Column("at", Float, nullable=False),
    Index("feedback_answer", "viewer", "message_id", unique=True),
    Index("feedback_at", "at"),
    sqlite_autoincrement=True,
)

satisfaction = Table(
    "satisfaction",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("viewer", String, nullable=False),
    Column("score", SmallInteger, nullable=False),  # 1 to 5
    Column("text", Text),  # masked
    Column("at", Float, nullable=False),
    Index("satisfaction_viewer", "viewer"),
    Index("satisfaction_at", "at"),
    sqlite_autoincrement=True,
)
