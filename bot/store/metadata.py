"""The one collection of tables: every room's schema module adds its own to it."""

from __future__ import annotations

from sqlalchemy import MetaData

METADATA = MetaData()
