"""Every test of the desk's data runs on SQLite and on PostgreSQL, as those of the store do."""

from __future__ import annotations

from tests.store.conftest import engine, new_url, postgresql, sqlite_template, url

__all__ = ["engine", "new_url", "postgresql", "sqlite_template", "url"]
