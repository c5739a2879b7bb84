from __future__ import annotations

import time
from itertools import pairwise
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine

from bot import seeded_staff, seeding
from bot.desk.filters import read
from bot.desk.finding import Finder
from bot.desk.projector import Projector
from bot.store.answering_schema import notes
from bot.store.cases import CaseStore
from bot.store.database import reading, writing
from bot.store.desk_schema import conversations, turns
from bot.store.handoffs import HandoffStore
from bot.store.judging_schema import decisions
from bot.store.schema import cases, events, handoffs, outbox
from bot.store.teaching_schema import annotated
from tests.desk.told import Say, tell

DAY = 86_400.0


def test_times_are_in_the_past_and_the_oldest_comes_first(engine: Engine) -> None:
    made = seeding._Seeding(engine, days=10, number=3)._times(300)
    assert made == sorted(made) and len(made) == 300
    assert time.time() - 10 * DAY <= made[0] and made[-3] < time.time() - 800
    assert made[-1] > time.time() - 300  # somebody is there now
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


def test_the_staff_answered_judged_and_taught(engine: Engine) -> None:
    now = time.time()
    long_ago = now - 3 * DAY
    unsure = [Say(f"a {word} film please", confidence=0.3) for word in ("blue", "red", "slow")]
    for number in range(12):
        viewer = f"demo-1-{number:05d}"
        tell(engine, viewer, unsure if not number else [Say("turn on sound")], long_ago + number)
        HandoffStore(engine).open(viewer, "asked", "zh" if number % 2 else "en")
        CaseStore(engine).record(viewer, "abuse", "insult", 0.9, "you", None, long_ago)
    waits = "demo-1-00099"
    tell(engine, waits, [Say("hello", "greet")], now - 60)
    HandoffStore(engine).open(waits, "asked", "en")
    talks = {"en": [["Hello.", "It is mended."]], "zh": [["您好。", "修好了。"]]}
    notes_of = {"en": "patient", "zh": "耐心"}
    with writing(engine) as connection:
        connection.execute(
            update(handoffs).where(handoffs.c.viewer != waits).values(at=long_ago + 60)
        )
        for number in range(12):
            viewer = f"demo-1-{number:05d}"
            seeded_staff.answer(connection, viewer, talks, notes_of, Random(number))
        seeded_staff.answer(connection, waits, talks, notes_of, Random(1))
    seeded_staff.judge(engine, "demo-", Random(1))
    seeded_staff.teach(engine, "demo-")
    follower = Projector(engine)
    follower.follow()
    with reading(engine) as connection:
        closed = connection.execute(select(handoffs.c.outcome, handoffs.c.viewer)).all()
        states = set(connection.execute(select(cases.c.state)).scalars())
        taught = set(connection.execute(select(annotated.c.state)).scalars())
    assert [row.viewer for row in closed if row.outcome is None] == [waits]
    assert {row.outcome for row in closed} == {None, "returned", "nobody"}
    assert {"open", "upheld"} <= states
    assert taught == {"proposed", "approved"}
    found = Finder(engine).page(read({"q": "mended", "status": "over"})).found
    assert found and all(each.row.viewer.startswith("demo-") for each in found)
    assert seeding.remove(engine) == 13
    with reading(engine) as connection:
        for table in (handoffs, cases, annotated, notes, outbox, decisions):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_only_simulated_viewers_are_removed(engine: Engine) -> None:
    tell(engine, "demo-1-00001", [Say("one")])
    tell(engine, "demonstrator", [Say("two")])
    Projector(engine).follow()
    assert seeding.remove(engine) == 1
    with reading(engine) as connection:
        for column in (conversations.c.viewer, events.c.sender_id):
            assert set(connection.execute(select(column)).scalars()) == {"demonstrator"}
