"""Signs in as people do: through the forms."""

from __future__ import annotations

import requests

from bot.console import passwords
from bot.store import database, staff
from bot.store.staff import Person
from tests.console.served import Client, Console

PASSWORD = "correct horse battery"


def with_password(console: Console, role: str = "agent", **values: object) -> Person:
    """A new member whose password is `PASSWORD`."""
    who = console.add(role)
    with database.writing(console.engine) as connection:
        staff.change(connection, who.id, password_hash=passwords.hash_of(PASSWORD), **values)
    return who


def sign_in(client: Client, email: str, password: str = PASSWORD) -> requests.Response:
    """Send the form."""
    client.refresh()
    return client.post("/sign-in", {"email": email, "password": password})


def inside(client: Client) -> bool:
    """Whether the client is signed in."""
    return client.get("/profile").status_code == 200
