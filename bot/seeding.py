"""Fills the review desk for somebody who looks around: simulated viewers talk to the assistant.

Everything goes the way it goes with viewers (understanding, moderation, recommender, masking,
stores); afterwards the times of each conversation are moved into the past days. The viewers are
called `demo-…`, so that they can be taken away again.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import yaml
from sqlalchemy import Table, select, update
from sqlalchemy.engine import Connection, Engine

from bot import seeded_staff
from bot.desk.projector import Projector
from bot.store import desk_rows
from bot.store.database import insert, reading, writing
from bot.store.metadata import METADATA
from bot.store.personal_copy import OWNED
from bot.store.schema import events, viewers
from bot.store.tracker_store import forget
from bot.store.viewers import ViewerStore

PREFIX = "demo-"
_TALKS = Path(__file__).with_suffix(".yml")
# So many of the conversations are not about finding a film.
_ASIDE = 0.25
_RETURNS = 0.15
_MOST_THINKING = 45.0
_GO_ON = 2
_DAY = 86_400.0
_PROGRESS_EVERY = 25
Send = Callable[[str], Awaitable[Any]]


def seed(store: Engine, conversations: int, days: int, number: int) -> int:
    """Have `conversations` with simulated viewers, spread over the past `days`.

    Args:
        store: the database of the settings.
        conversations: how many.
        days: over how many days up to now.
        number: another number gives other conversations.

    Returns:
        How many conversations were had; those of this number that are there already are left.

    Raises:
        NoModelError: no assistant is trained.
        DatabaseUnavailable: the database is away.
    """
    return asyncio.run(_Seeding(store, days, number).run(conversations))


def remove(store: Engine) -> int:
    """Delete all simulated viewers and what is kept about them; how many there were."""
    with reading(store) as connection:
        query = select(events.c.sender_id).where(events.c.sender_id.like(PREFIX + "%")).distinct()
        found = list(connection.execute(query).scalars())
    for viewer in found:
        ViewerStore(store).delete(viewer)
    _project(store)
    return len(found)


def _project(store: Engine) -> None:
    follower = Projector(store)
    follower.follow()
    follower.count_days()


class _Seeding:
    def __init__(self, store: Engine, days: int, number: int) -> None:
        self.store, self.days, self.number = store, days, number
        self.rng = Random(f"seed/{number}")
        self.talks = yaml.safe_load(_TALKS.read_text(encoding="utf-8"))

    async def run(self, conversations: int) -> int:
        from bot import agent as assistant
        from bot.catalogue import shared

        agent = await assistant.load()
        np.random.seed(self.number % 2**32)
        done = 0
        # The first is the oldest: ids grow with time, as they do in life.
        times = self._times(conversations)
        for place, at in enumerate(times):
            viewer = self._viewer(place)
            if self._is_there(viewer, at):
                continue
            channel = self.rng.choices(("web", "rest"), (4, 1))[0]

            async def send(text: str, viewer: str = viewer, channel: str = channel) -> Any:
                return await assistant.answer(agent, text, viewer, channel)

            before = time.time()
            waits = place >= len(times) - self._now(conversations)
            happy = await self._talk(place, send, shared.catalogue(), waits)
            with writing(self.store) as connection:
                self._move(connection, viewer, before, at)
                self._opine(connection, viewer, at, happy)
                seeded_staff.answer(
                    connection, viewer, self.talks["staff"], self.talks["notes"], self.rng
                )
            forget(viewer)  # who comes back finds the times as they are now
            done += 1
            if sys.stderr.isatty() and done % _PROGRESS_EVERY == 0:
                print(f"  {done:,} of {conversations:,} conversations", file=sys.stderr)
        _project(self.store)
        if done:
            seeded_staff.judge(self.store, PREFIX, self.rng)
            seeded_staff.teach(self.store, PREFIX)
        return done

    def _times(self, count: int) -> list[float]:
        """When each conversation begins: more in the evening, more at week-ends, none to come; the
        last ones have just begun."""
        now = time.time()
        first = now - self.days * _DAY
        made: list[float] = []
        just_now = [now - 240 - 60 * number for number in range(self._now(count))]
        while len(made) < count - len(just_now):
            at = self.rng.uniform(first, now - 900)
            hour = (at % _DAY) / 3600
            weekend = int(at // _DAY + 4) % 7 >= 5
            likely = 0.15 + 0.85 * max(0.0, 1 - abs(hour - 20) / 9)
            if self.rng.random() < likely * (1.0 if weekend else 0.7):
                made.append(at)
        return sorted(made + just_now)

    @staticmethod
    def _now(count: int) -> int:
        """How many of the conversations still go on, with viewers who wait for a person."""
        return min(_GO_ON, count // 20)

    def _viewer(self, place: int) -> str:
        """A new viewer, or one who comes back."""
        if place > 20 and self.rng.random() < _RETURNS:
            place = self.rng.randrange(max(0, place - 200), place - 10)
        return f"{PREFIX}{self.number}-{place:05d}"

    def _is_there(self, viewer: str, at: float) -> bool:
        """Whether this conversation was had already (or overlaps one of the viewer's)."""
        query = select(events.c.id).where(
            events.c.sender_id == viewer, events.c.timestamp > at - 7200
        )
        with reading(self.store) as connection:
            return connection.execute(query.limit(1)).first() is not None

    async def _talk(self, place: int, send: Send, catalogue: Any, waits: bool) -> float:
        """Have a conversation; how content the viewer is, from 0 to 1."""
        from bot.simulator.play import cast, play

        if waits or self.rng.random() < _ASIDE:
            language = ("en", "zh")[place % 2] if waits else self.rng.choice(("en", "zh"))
            for line in self.rng.choice(self.talks["waiting" if waits else "talks"][language]):
                await send(line)
            return self.rng.uniform(0.1, 0.7)
        viewer, voice = cast(place, self.number, catalogue)
        outcome = await play(viewer, voice, send)
        return self.rng.uniform(0.7, 1.0) if outcome.smooth else self.rng.uniform(0.2, 0.8)

    def _move(self, connection: Connection, viewer: str, before: float, at: float) -> None:
        """Put what has just happened to the time `at`, with pauses to think in between."""
        query = select(events).where(events.c.sender_id == viewer, events.c.timestamp >= before)
        shift = at - before
        thought = 0.0
        for row in connection.execute(query.order_by(events.c.seq)).all():
            if row.type_name == "user":
                thought += self.rng.uniform(3.0, _MOST_THINKING)
            moved = row.timestamp + shift + thought
            data = {**json.loads(row.data), "timestamp": moved}
            received = (data.get("metadata") or {}).get("received")
            if isinstance(received, int | float):
                data["metadata"]["received"] = received + shift + thought
            connection.execute(
                update(events)
                .where(events.c.id == row.id)
                .values(timestamp=moved, data=json.dumps(data, ensure_ascii=False))
            )
        for owner in OWNED:
            table = owner.table
            if "at" in table.c and table is not events:
                connection.execute(
                    update(table)
                    .where(owner == viewer, table.c.at >= before)
                    .values(at=table.c.at + shift + thought)
                )
        connection.execute(
            insert(connection, viewers).values(id=viewer, first_at=at).on_conflict_do_nothing()
        )
        desk_rows.forget(connection, [viewer])

    def _opine(self, connection: Connection, viewer: str, at: float, happy: float) -> None:
        """Thumbs, a score and now and then a flag of the staff, where these are kept."""
        query = select(events.c.id, events.c.timestamp, events.c.type_name).where(
            events.c.sender_id == viewer, events.c.timestamp >= at
        )
        rows = connection.execute(query.order_by(events.c.seq)).all()
        answers = [row for row in rows if row.type_name == "bot"]
        end = rows[-1].timestamp if rows else at
        if answers and self.rng.random() < 0.3:
            answer = self.rng.choice(answers)
            up = self.rng.random() < happy
            self._keep(
                connection,
                "feedback",
                viewer=viewer,
                message_id=f"b{round(answer.timestamp * 1_000_000)}",
                verdict="up" if up else "down",
                reason=None if up else self.rng.choice(("wrong", "irrelevant", "seen_it")),
                at=answer.timestamp + 5,
            )
        if self.rng.random() < 0.25:
            score = max(1, min(5, round(1 + 4 * happy + self.rng.uniform(-0.7, 0.7))))
            self._keep(connection, "satisfaction", viewer=viewer, score=score, at=end + 10)
        if rows and happy < 0.4 and self.rng.random() < 0.2:
            self._keep(
                connection,
                "flags",
                viewer=viewer,
                event=self.rng.choice([r.id for r in rows if r.type_name == "user"] or [None]),
                reason=self.rng.choice(("wrong_answer", "not_understood", "poor_recommendation")),
                author=seeded_staff.MEI.id,
                at=end + 600,
            )

    @staticmethod
    def _keep(connection: Connection, name: str, **values: Any) -> None:
        table: Table | None = METADATA.tables.get(name)
        if table is not None:
            connection.execute(insert(connection, table).values(**values).on_conflict_do_nothing())
