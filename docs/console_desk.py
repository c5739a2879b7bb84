"""A desk for the documentation's pictures: seeded by the trained assistant, with staff at work.

The database is a new one; of the installation's own only the catalogue is copied.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Table, text
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk.answering import Answering
from bot.desk.canned import CannedReplies
from bot.desk.faq_editing import FaqEditing, content_of
from bot.desk.flags import Flags
from bot.desk.inbox import Inbox
from bot.desk.people import Person
from bot.desk.presence import Presence
from bot.desk.projector import Projector
from bot.desk.views import SavedViews
from bot.settings import ROOT, settings
from bot.store import audit, catalogue_schema, database, staff
from bot.store.metadata import METADATA
from bot.store.staff_sessions import OPEN, Sessions

STAFF = (
    ("admin@example.org", "Administration", "admin"),
    ("support@example.org", "Viewer support", "agent"),
    ("language@example.org", "Language team", "trainer"),
    ("moderation@example.org", "审核组", "moderator"),
    ("quality@example.org", "Quality", "viewer"),
)
VIEWS = (
    ("Recommended, refused, gone", "sequence=recommend+%3E+refuse+%3E+leave"),
    ("Thumbs down", "feedback=down"),
    ("不满意的中文对话", "language=zh&below=50"),
)
CANNED = (
    ("hello", "Hello, this is {name}. How can I help?", "您好，我是{name}，请问有什么可以帮您？"),
    (
        "refund",
        "Your refund is on its way; it takes up to five days.",
        "退款处理中，最多五个工作日到账。",
    ),
)


def build(folder: Path, conversations: int) -> tuple[Engine, str]:
    """Make the desk; its database, and the token of a session of the first of `STAFF`.

    Raises:
        subprocess.CalledProcessError: it could not be seeded.
    """
    url = f"sqlite:///{folder / 'usher.db'}"
    store = database.engine(url)
    database.migrate(store)
    _copy_catalogue(store, settings().database)
    command = [sys.executable, "-m", "bot", "console", "seed", "--conversations"]
    subprocess.run(
        [*command, str(conversations)],
        cwd=ROOT,
        env={**os.environ, "USHER_DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    token = _hire(store)
    _work(store)
    follower = Projector(store)
    follower.follow()
    follower.count_days()
    Inbox(store).collect(1_000)
    return store, token


def _copy_catalogue(store: Engine, source: str) -> None:
    """Copy the tables of titles and people from the SQLite file of the settings."""
    tables = {each.name for each in vars(catalogue_schema).values() if isinstance(each, Table)}
    with store.connect() as connection:
        raw = connection.connection
        raw.execute("ATTACH ? AS installed", (source.removeprefix("sqlite:///"),))
        for table in METADATA.sorted_tables:
            if table.name in tables:
                names = ", ".join(column.name for column in table.columns)
                raw.execute(
                    f"INSERT INTO main.{table.name} ({names})"
                    f" SELECT {names} FROM installed.{table.name}"
                )
        raw.execute("DETACH installed")


def _hire(store: Engine) -> str:
    with database.writing(store) as connection:
        numbers = [
            staff.add(connection, email=email, name=name, role=role) for email, name, role in STAFF
        ]
        for number, (email, _, role) in zip(numbers, STAFF, strict=True):
            staff.change(connection, number, seen_at=time.time() - 3600 * (number - 1))
            audit.append(
                connection,
                who=STAFF[0][0],
                person=numbers[0],
                action="people.invite",
                subject=f"person:{number}",
                detail={"email": email, "role": role},
                address="127.0.0.1",
            )
        return Sessions(store).open(connection, numbers[0], OPEN, "Firefox", "127.0.0.1")


def _work(store: Engine) -> None:
    """Colleagues are there; one speaks with a viewer, another conversation waits."""
    people = [Person(str(number), name) for number, (_, name, _) in enumerate(STAFF, 1)]
    for channel, pushes in (("web", True), ("rest", False)):
        announce(store, channel, pushes)
    for person in people[1:3]:
        Presence(store).sign(person)
    for name, en, zh in CANNED:
        CannedReplies(store).save(name, {"en": en, "zh": zh}, people[1])
    for name, query in VIEWS:
        SavedViews(store).save(STAFF[0][0], name, query, shared=True)
    desk = Answering(store)
    waiting = [each for each in desk.queue() if each.pushes]
    for one in waiting[:1]:
        desk.take_over(one.handoff.id, people[0])
        desk.say(
            one.handoff.id,
            people[0],
            "Hello, viewer support here. Let me have a look at your device.",
        )
        Flags(store).put(one.handoff.viewer, "broken", people[1], note="third time this week")
    editing = FaqEditing(store)
    entry = editing.entries()[0].entry
    content = content_of(entry)
    content["answer"]["en"] += " Tell us which titles you miss it for."
    content["answer"]["zh"] += "如果有影片缺少它，欢迎告诉我们。"
    editing.save(entry.topic, content, people[2])


def number_of(store: Engine, query: str) -> int:
    """What a query for one number finds, in the pictures' database."""
    with database.reading(store) as connection:
        return int(connection.execute(text(query)).scalar_one())
