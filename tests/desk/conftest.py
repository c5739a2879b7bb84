"""The desk's tests run on both databases, as the store's do."""

from __future__ import annotations

from tests.store.conftest import engine, new_url, postgresql, sqlite_template, url

__all__ = ["engine", "new_url", "postgresql", "sqlite_template", "url"]
