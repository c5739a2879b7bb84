"""Alembic without an alembic.ini: the steps are the files of `versions/`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

FOLDER = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def head() -> str:
    """The newest version. Files are named `<version>_<what>.py`, numbered upwards, so that it is
    known without loading Alembic."""
    return max(file.name.split("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py"))


def is_current(connection: Connection) -> bool:
    """Whether the schema is at `head`."""
    if connection.dialect.name == "postgresql":
        # A failed statement would spoil the transaction: look before asking.
        found = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar()
        if found is None:
            return False
    elif not inspect(connection).has_table("alembic_version"):
        return False
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return bool(version == head())


def upgrade(connection: Connection) -> None:
    """Run the missing steps within the connection's transaction."""
    from alembic import command

    command.upgrade(config(connection), "head")


def config(connection: Connection | None = None) -> Any:
    """Alembic's configuration; `connection` is what it works on."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
