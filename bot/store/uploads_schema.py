"""The table of pictures that viewers sent; the pictures themselves are files in the data folder."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table

from bot.store.metadata import METADATA

uploads = Table(
    "uploads",
    METADATA,
    Column("id", String(40), primary_key=True),  # also the name of its file
    Column("viewer", String, nullable=False),
    Column("mime", String(20), nullable=False),
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("at", Float, nullable=False),  # seconds since 1970
    Index("uploads_viewer", "viewer"),
    Index("uploads_at", "at"),
)
