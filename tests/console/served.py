"""A running console, and staff of every role who are signed in to it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy.engine import Engine

from bot.console.keys import Keys
from bot.console.server import InThread
from bot.settings import Settings
from bot.store import database, staff
from bot.store.staff import Person, Staff
from bot.store.staff_sessions import OPEN, Sessions

CHROMIUM = Path("/usr/bin/chromium")
COOKIE = "usher-session"
SECRET = "a secret of the tests"
_numbers = itertools.count(1)


class Client(requests.Session):
    """A browser without scripts: it keeps cookies, follows no redirect, and sends CSRF tokens.

    `c.get("/people")`, `c.post("/people", {"email": …})`; `csrf=False` leaves the token out.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.csrf = ""
        self.headers["Accept"] = "text/html"

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("allow_redirects", False)
        kwargs.setdefault("timeout", 30)
        address = url if str(url).startswith("http") else self.url + str(url)
        return super().request(method, address, *args, **kwargs)

    def get(self, url: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("allow_redirects", False)
        return self.request("GET", url, **kwargs)

    def post(self, url: Any, data: Any = None, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        if kwargs.pop("csrf", True):
            if not self.csrf:
                self.refresh()
            kwargs["headers"] = {"X-CSRF-Token": self.csrf, **kwargs.get("headers", {})}
        return self.request("POST", url, data=data, **kwargs)

    def refresh(self, path: str = "/sign-in") -> None:
        """Take the CSRF token from a page, as after signing in or out."""
        page = self.get(path, allow_redirects=True)
        found = re.search(r'name="csrf" content="([^"]+)"', page.text)
        assert found, page.text[:500]
        self.csrf = found.group(1)


@dataclass
class Console:
    """A running console."""

    url: str
    engine: Engine
    configuration: Settings
    _people: dict[str, Person] = field(default_factory=dict)

    def add(self, role: str = "agent", name: str = "", **values: Any) -> Person:
        """A new member of staff who has no password."""
        number = next(_numbers)
        with database.writing(self.engine) as connection:
            known = staff.add(
                connection,
                email=f"{role}{number}@example.org",
                name=name or f"{role.title()} {number}",
                role=role,
            )
            if values:
                staff.change(connection, known, **values)
        found = Staff(self.engine).by_id(known)
        assert found is not None
        return found

    def person(self, role: str) -> Person:
        """The one member of a role whom tests share."""
        if role not in self._people:
            self._people[role] = self.add(role)
        return self._people[role]

    def token(self, who: Person, stage: str = OPEN) -> str:
        """A new session's token."""
        sessions = Sessions(self.engine)
        with database.writing(self.engine) as connection:
            return sessions.open(connection, who.id, stage, "tests", "127.0.0.1")

    def client(self, who: Person | str | None = None, stage: str = OPEN) -> Client:
        """A client signed in as a person, as somebody of a role, or as a stranger (None)."""
        made = Client(self.url)
        if who is not None:
            token = self.token(self.person(who) if isinstance(who, str) else who, stage)
            made.cookies.set(COOKIE, token)
            made.csrf = Keys(SECRET.encode()).csrf(token)
        return made

    def context(
        self, browser: Any, who: Person | str | None = None, stage: str = OPEN, **options: Any
    ) -> Any:
        """A browser's context (playwright) that is signed in; its base address is the console's."""
        made = browser.new_context(
            **{
                "base_url": self.url,
                "locale": "en-GB",
                "viewport": {"width": 1280, "height": 800},
                **options,
            }
        )
        made.set_default_timeout(8000)
        if who is not None:
            token = self.token(self.person(who) if isinstance(who, str) else who, stage)
            made.add_cookies([{"name": COOKIE, "value": token, "url": self.url}])
        return made


@contextmanager
def running(url: str, data: Path, **settings: Any) -> Iterator[Console]:
    """A console on the migrated database `url`: `with running(url, tmp_path) as console`."""
    configuration = Settings(data_dir=data, database_url=url, secret=SECRET, **settings)
    engine = database.engine(url)
    with InThread(configuration, engine=engine) as server:
        yield Console(server.url, engine, configuration)
