from __future__ import annotations

import time
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot import seeding
from bot.desk.projector import Projector
from bot.store.cases import CaseStore
from bot.store.database import reading, writing
from bot.store.desk_schema import conversations, turns
from bot.store.schema import cases, events
from tests.desk.told import Say, tell

DAY = 86_400.0


def test_times_are_in_the_past_and_the_oldest_comes_first(engine: Engine) -> None:
    made = seeding._Seeding(engine, days=10, number=3)._times(300)
    assert made == sorted(made) and len(made) == 300
    assert time.time() - 10 * DAY <= made[0] and made[-1] < time.time() - 800
    evening = sum(16 <= (at % DAY) / 3600 < 24 for at in made)
    assert evening > 150


def test_what_has_just_happened_is_moved_into_the_past(engine: Engine) -> None:
    now = time.time()
    tell(engine, "demo-1-00001", [Say("one"), Say("two"), Say("three")], now)
    CaseStore(engine).record("demo-1-00001", "abuse", "insult", 0.9, "you", None)
    Projector(engine).follow()
    then = now - 3 * DAY
    with writing(engine) as connection:
        seeding._Seeding(engine, 10, 1)._move(connection, "demo-1-00001", now - 1, then)
    Projector(engine).follow()
    with reading(engine) as connection:
        row = connection.execute(select(conversations)).one()
        at = connection.execute(select(turns.c.at).order_by(turns.c.id)).scalars().all()
        case = connection.execute(select(cases.c.at)).scalar_one()
    assert then <= row.started_at < then + 5 and row.day == int(then // DAY)
    assert at == sorted(at) and all(b - a > 3 for a, b in pairwise(at))
    assert then < case < then + 600


def test_only_simulated_viewers_are_removed(engine: Engine) -> None:
    tell(engine, "demo-1-00001", [Say("one")])
    tell(engine, "demonstrator", [Say("two")])
    Projector(engine).follow()
    assert seeding.remove(engine) == 1
    with reading(engine) as connection:
        for column in (conversations.c.viewer, events.c.sender_id):
            assert set(connection.execute(select(column)).scalars()) == {"demonstrator"}
