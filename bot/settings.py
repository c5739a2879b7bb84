"""Every setting of Usher, read from the environment once.

The README holds the same list as a table; a test keeps the two equal.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "USHER_"


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """Typed settings. A field `x` is read from the environment variable `USHER_X`."""

    data_dir: Path = field(
        default=ROOT / "var", metadata={"help": "downloads, database, trained models"}
    )
    database_url: str = field(
        default="", metadata={"help": "SQLAlchemy address; empty: SQLite in the data folder"}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=5005, metadata={"help": "port to listen on"})
    secret: str = field(
        default="",
        metadata={"help": "signs viewer tokens; empty: made once and kept in the data folder"},
    )
    token_days: int = field(default=90, metadata={"help": "days a viewer's token stays valid"})
    cors_origins: str = field(
        default="",
        metadata={"help": "comma-separated origins of pages that may embed the widget"},
    )
    rest_token: str = field(
        default="", metadata={"help": "bearer token of the REST channel; empty: local calls only"}
    )
    identify_secret: str = field(
        default="",
        metadata={"help": "shared with web sites that sign who their users are; empty: none may"},
    )
    upload_mb: int = field(
        default=8, metadata={"help": "largest picture a viewer may send, in MB; 0: none"}
    )
    socketio_unsigned: int = field(
        default=0, metadata={"help": "1: Socket.IO clients may name their session without a token"}
    )
    message_limit: int = field(
        default=4000, metadata={"help": "longest message accepted, in characters"}
    )
    history_events: int = field(
        default=60, metadata={"help": "events of a conversation kept in memory"}
    )
    abuse_warnings: int = field(
        default=2, metadata={"help": "warnings within a day before a time-out"}
    )
    abuse_timeout_minutes: int = field(default=15, metadata={"help": "length of a time-out"})
    retention_days: int = field(
        default=365, metadata={"help": "days conversations are kept; 0: for ever"}
    )
    action_url: str = field(
        default="", metadata={"help": "HTTP action server; empty: actions run in this process"}
    )
    handoff_wait_minutes: int = field(
        default=30, metadata={"help": "minutes a viewer waits for a person at most; 0: for ever"}
    )
    person_away_minutes: int = field(
        default=5,
        metadata={"help": "minutes without a person's desk open until the bot returns; 0: never"},
    )
    log_level: str = field(default="WARNING", metadata={"help": "level of the log"})
    support_contact: str = field(
        default="", metadata={"help": "shown when a viewer asks for a person, e.g. opening hours"}
    )

    console_port: int = field(
        default=5006, metadata={"help": "port of the staff's console; 0: no console"}
    )
    assistant_url: str = field(
        default="",
        metadata={"help": "where the console finds the assistant; empty: USHER_HOST, USHER_PORT"},
    )
    console_url: str = field(
        default="",
        metadata={"help": "public address of the console, e.g. https://desk.example.org"},
    )
    console_proxies: int = field(
        default=0, metadata={"help": "proxies before the console whose X-Forwarded-For is believed"}
    )
    console_session_hours: int = field(
        default=12, metadata={"help": "hours after which staff sign in again"}
    )
    console_idle_minutes: int = field(
        default=60, metadata={"help": "minutes without a request after which staff sign in again"}
    )
    console_oidc_issuer: str = field(
        default="", metadata={"help": "OpenID Connect provider; empty: passwords alone"}
    )
    console_oidc_client: str = field(
        default="", metadata={"help": "client id at the OpenID Connect provider"}
    )
    console_oidc_secret: str = field(
        default="", metadata={"help": "client secret at the OpenID Connect provider"}
    )

    @property
    def database(self) -> str:
        """SQLAlchemy address of the one database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'usher.db'}"

    @property
    def models_dir(self) -> Path:
        """Folder of the artefacts trained at set-up."""
        return self.data_dir / "models"


def read(environment: Mapping[str, str]) -> Settings:
    """Read settings from `environment`.

    Raises:
        SettingError: a number is not a number, or is negative.
    """
    values: dict[str, object] = {}
    for setting in fields(Settings):
        raw = environment.get(PREFIX + setting.name.upper())
        if raw is None or raw == "":
            continue
        if isinstance(setting.default, int):
            try:
                number = int(raw)
            except ValueError:
                raise SettingError(
                    f"{PREFIX}{setting.name.upper()} must be a whole number, not {raw!r}"
                ) from None
            if number < 0:
                raise SettingError(f"{PREFIX}{setting.name.upper()} must not be negative")
            values[setting.name] = number
        elif isinstance(setting.default, Path):
            values[setting.name] = Path(raw).expanduser().resolve()
        else:
            values[setting.name] = raw
    return Settings(**values)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return read(os.environ)
