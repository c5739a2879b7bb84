"""What the desk sends to viewers, by the outbox, within the caller's transaction."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversation.wording import phrase
from bot.desk.people import Person
from bot.store import desk_rows, storable
from bot.store.schema import outbox


def notice(connection: Connection, viewer: str, kind: str, name: str | None = None) -> int:
    """Tell that a person has joined or left or is still awaited; the widget words it.

    Args:
        connection: of the transaction.
        viewer: who is told.
        kind: "person_joined", "person_left" or "person_waiting".
        name: of the person.
    """
    custom = {"type": "notice", "notice": kind, **({"name": name} if name else {})}
    return _send(connection, viewer, {"from": "system", "custom": custom})


def from_person(connection: Connection, viewer: str, person: Person, text: str) -> int:
    """A message of a person of the staff."""
    desk_rows.touch(connection, [viewer], time.time())
    return _send(
        connection, viewer, {"from": "agent", "agent": {"name": person.name}, "text": text}
    )


def from_bot(connection: Connection, viewer: str, response: str, language: str | None) -> int:
    """A response of the domain that takes no values."""
    known = language if language in ("en", "zh") else "en"
    return _send(connection, viewer, {"text": phrase(response, known)})


def _send(connection: Connection, viewer: str, message: dict[str, Any]) -> int:
    done = connection.execute(
        outbox.insert().values(viewer=viewer, message=storable.dump(message), at=time.time())
    )
    return int(done.inserted_primary_key[0])
