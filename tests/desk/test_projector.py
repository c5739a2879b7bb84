from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk import daily, outgoing, replacing
from bot.desk import projector as projecting
from bot.desk.answering import Answering
from bot.desk.daily_sets import ACTIONS
from bot.desk.daily_sets import every as daily_sets_of
from bot.desk.flags import Flags
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.desk.scope import Scope
from bot.store import database, desk_schema
from bot.store.conversations import Conversations
from bot.store.database import reading, writing
from bot.store.desk_schema import (
    conversations,
    daily_figures,
    daily_sets,
    desk_progress,
    desk_stale,
    turns,
)
from bot.store.feedback import FeedbackStore
from bot.store.retention import DAY, delete_old
from bot.store.schema import events, outbox
from bot.store.viewers import ViewerStore
from tests.desk.told import NOON, Say, session, tell, turn, write

MADE = (
    "conversations",
    "conversation_marks",
    "turns",
    "recommended_titles",
    "conversation_words",
    "daily_figures",
    "daily_sets",
)
ANA = Person("ana@example.org", "Ana")
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tables(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that is made from events."""
    found = {}
    with reading(engine) as connection:
        for name in MADE:
            table = desk_schema.METADATA.tables[name]
            query = select(table).order_by(*table.primary_key.columns)
            found[name] = [tuple(row) for row in connection.execute(query)]
    return found


def caught_up(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    follower = Projector(engine)
    follower.follow()
    follower.count_days()
    return tables(engine)


def rebuilt(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    Projector(engine).rebuild()
    return tables(engine)


TALK = [
    Say("something funny", cards=[("heat", "Heat", "like Dune"), ("up", "Up", "light")]),
    Say("/refuse_title{}", "refuse_title", label="Not for me", entities=[
        {"entity": "title", "value": "heat"}]),
    Say("Up 几分钟", "ask_runtime", language="zh", entities=[
        {"entity": "title", "value": "Up", "id": "up"}]),
]  # fmt: skip


def test_a_conversation_becomes_rows(engine: Engine) -> None:
    tell(engine, "mei", TALK)
    rows = caught_up(engine)
    with reading(engine) as connection:
        kept = connection.execute(select(conversations)).mappings().one()
        said = connection.execute(select(turns).order_by(turns.c.id)).mappings().all()
    assert (kept["viewer"], kept["language"], kept["channel"]) == ("mei", "mixed", "web")
    assert (kept["messages"], kept["viewer_messages"], kept["skills"]) == (
        7,
        3,
        "recommend rate title_facts",
    )
    assert kept["steps"] == "<recommend/recommend><rate/refuse_title><title_facts/ask_runtime>"
    assert [(each["text"], each["typed"]) for each in said] == [
        ("something funny", 1),
        ("Not for me", 0),
        ("Up 几分钟", 1),
    ]
    assert said[0]["milliseconds"] == pytest.approx(40, abs=1)
    assert said[1]["confidence"] is None and said[0]["rival"] == "refine"
    assert {row[3]: row[5] for row in rows["recommended_titles"]} == {
        "heat": "refused",
        "up": "asked",
    }
    day = kept["day"]
    figures = {(row[0], row[5]): row[6] for row in rows["daily_figures"] if row[2] == "*"}
    assert figures["conversations", ""] == 1 and figures["contained", ""] == 1
    assert figures["recommended", "refused"] == 1
    with reading(engine) as connection:
        times = daily_sets_of(connection, Scope(day, day), ACTIONS)
    assert sorted(times) == [
        ("action_ask_runtime|50", 1), ("action_recommend|50", 1), ("action_refuse_title|50", 1),
    ]  # fmt: skip


def test_following_twice_or_after_a_crash_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        tell(engine, f"viewer-{number}", TALK, NOON + number)
    follower = Projector(engine)
    written = 0

    def dies(connection: Any, rows: Any) -> None:
        nonlocal written
        written += 1
        if written == 30:
            raise KeyboardInterrupt("power cut")
        write_rows(connection, rows)

    write_rows = replacing.write
    monkeypatch.setattr(replacing, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        follower.follow()
    monkeypatch.undo()
    once = caught_up(engine)
    assert len(once["conversations"]) == 50
    assert caught_up(engine) == once == rebuilt(engine)


def test_a_session_is_a_conversation_and_a_long_one_is_cut(engine: Engine) -> None:
    tell(engine, "mei", TALK)
    tell(engine, "mei", TALK[:1], NOON + 9000)
    happened = session(NOON)
    for number in range(450):
        happened += turn(Say(f"message {number}"), NOON + number)
    with writing(engine) as connection:
        write(connection, "tom", happened)
    rows = caught_up(engine)["conversations"]
    assert [(row[1], row[11]) for row in rows] == [
        ("mei", 3),
        ("mei", 1),
        ("tom", 200),
        ("tom", 200),
        ("tom", 50),
    ]


SAYS = st.builds(
    Say,
    text=st.text(max_size=12) | st.sampled_from(["科幻片", "something funny", "/deny", "13"]),
    intent=st.sampled_from(["recommend", "refuse_title", "nlu_fallback", "ask_cast", "no such"]),
    action=st.sampled_from(["", "action_not_understood", "action_handoff"]),
    language=st.sampled_from(["en", "zh", None]),
    confidence=st.floats(0, 1),
    cards=st.lists(st.sampled_from([("heat", "Heat", "why"), ("up", "飞屋", None)]), max_size=2),
    entities=st.lists(
        st.sampled_from([{"entity": "title", "value": "heat"}, {"entity": "years", "value": [1]}]),
        max_size=2,
    ),
    slots=st.dictionaries(
        st.sampled_from(["focus", "shown"]), st.none() | st.text(max_size=5), max_size=2
    ),
)
# Who, whether a session begins, what is said, whether the projector comes by.
STREAM = st.lists(
    st.tuples(st.sampled_from(["mei", "tom", "用户"]), st.booleans(), SAYS, st.booleans()),
    max_size=12,
)


@given(stream=STREAM)
@SLOW
def test_a_rebuild_gives_the_tables_that_following_gave(
    engine: Engine, stream: list[tuple[str, bool, Say, bool]]
) -> None:
    with writing(engine) as connection:
        for table in (events, conversations, daily_figures, daily_sets, desk_stale, desk_progress):
            connection.execute(delete(table))
    follower = Projector(engine)
    at = NOON
    for sender, begins, said, comes_by in stream:
        at += 40_000
        with writing(engine) as connection:
            write(connection, sender, [*(session(at) if begins else []), *turn(said, at)])
        if comes_by:
            follower.follow()
    followed = caught_up(engine)
    with writing(engine) as connection:
        connection.execute(delete(conversations))
        connection.execute(delete(daily_figures))
        connection.execute(delete(daily_sets))
    assert rebuilt(engine) == followed
    assert len(followed["turns"]) == len(stream)


def test_a_rebuild_knows_all_that_can_happen(engine: Engine) -> None:
    """Feedback, flags, a takeover with pause and resumption, masked data, more after it all."""
    now = time.time() - 500
    masked = Say("我的邮箱是[email]，电话[phone]", "service_question", language="zh")
    tell(engine, "mei", [*TALK, masked], now)
    tell(engine, "tom", TALK, now - 3 * DAY)
    caught_up(engine)
    FeedbackStore(engine).judge("mei", "b1", "down", "wrong", "call me: 13800138000")
    FeedbackStore(engine).rate_conversation("mei", 1)
    Flags(engine).put("mei", "wrong_answer", ANA)
    announce(engine, "web", True)
    desk = Answering(engine)
    number = desk.join("mei", ANA)
    with writing(engine) as connection:
        write(connection, "mei", [{"event": "pause", "timestamp": now + 400}])
        silent = turn(Say("are you a person?", answer=""), now + 401)
        write(connection, "mei", [each for each in silent if each["event"] == "user"])
    desk.say(number, ANA, "Yes, quokka and all.")
    assert caught_up(engine)["conversations"] != []
    desk.say(number, ANA, "Bye!")
    desk.give_back(number, ANA)
    with writing(engine) as connection:
        write(connection, "mei", [{"event": "resume", "timestamp": now + 450}])
        write(connection, "mei", turn(Say("谢谢", "thank", language="zh"), now + 451))
    tell(engine, "tom", TALK[:1], now)
    followed = caught_up(engine)
    words = {row[0]: str(row[2]) for row in followed["conversation_words"]}
    mine = [row for row in followed["conversations"] if row[1] == "mei"]
    assert len(mine) == 1 and "quokka" in words[mine[0][0]] and "bye" in words[mine[0][0]]
    assert rebuilt(engine) == followed == caught_up(engine)
    delete_old(engine, days=1, now=now + 3 * DAY)  # what was said went with the conversation
    assert caught_up(engine)["conversations"] == rebuilt(engine)["conversations"] == []


def test_what_staff_said_before_is_put_where_it_was_said(engine: Engine) -> None:
    now = time.time()
    tell(engine, "mei", TALK, now - 9000)
    caught_up(engine)
    with writing(engine) as connection:
        outgoing.from_person(connection, "mei", ANA, "numbat")
        connection.execute(outbox.update().values(at=now - 5000))
        connection.execute(desk_stale.update().values(at=now - 5000))
    tell(engine, "mei", TALK, now - 100)
    words = [str(row[2]) for row in caught_up(engine)["conversation_words"]]
    assert ["numbat" in each for each in words] == [True, False]
    assert caught_up(engine) == rebuilt(engine)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO tracker_snapshots VALUES ('mei', 1, '{}', 0)"))
    delete_old(engine, days=1, now=now + DAY - 4000)  # the outbox alone is old
    words = [str(row[2]) for row in caught_up(engine)["conversation_words"]]
    assert words and not any("numbat" in each for each in words)


def test_what_is_deleted_goes_from_the_desk(engine: Engine) -> None:
    now = NOON + 40 * DAY
    tell(engine, "old", TALK)
    tell(engine, "gone", TALK, now)
    tell(engine, "left", TALK, now)
    tell(engine, "regular", TALK, NOON)
    tell(engine, "regular", TALK[:1], now)
    caught_up(engine)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO tracker_snapshots VALUES ('regular', 20, '{}', 0)"))
    delete_old(engine, days=30, now=now)
    Conversations(engine).delete("gone")
    ViewerStore(engine).delete("left")
    with reading(engine) as connection:
        left = connection.execute(select(conversations.c.viewer)).scalars().all()
    assert set(left) <= {"regular"}  # at once, before any projector came by
    rows = caught_up(engine)
    assert {row[1] for row in rows["conversations"]} == {"regular"}
    assert rows == rebuilt(engine)


@pytest.mark.parametrize("counted_too", [False, True])
def test_what_changes_while_days_are_counted_is_not_lost(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, counted_too: bool
) -> None:
    """`counted_too`: somebody else has counted the days meanwhile."""
    tell(engine, "anna", TALK)
    follower = Projector(engine)
    follower.follow()
    tell(engine, "carl", TALK, NOON + 30)
    with writing(engine) as connection:
        replacing.replace(connection, "carl", replacing.LAST)

    def interrupted(connection: Any, day: int) -> Any:
        counted = daily.count_day(connection, day)
        monkeypatch.setattr(projecting, "count_day", daily.count_day)
        tell(engine, "bo", TALK, NOON + 60)
        with writing(engine) as other:
            replacing.replace(other, "bo", replacing.LAST)
        if counted_too:
            Projector(engine).count_days()
        return counted

    monkeypatch.setattr(projecting, "count_day", interrupted)
    follower.count_days()
    monkeypatch.undo()
    assert caught_up(engine) == rebuilt(engine)


@pytest.mark.postgresql
def test_a_commit_that_comes_late_is_not_passed_over(new_url: Callable[[str], str]) -> None:
    engine = database.engine(new_url("postgresql"))
    follower = Projector(engine)
    with engine.connect() as slow:
        with slow.begin():
            write(slow, "slow", [*session(NOON), *turn(TALK[0], NOON)])
            tell(engine, "quick", TALK, NOON)
            for _ in range(3):
                follower.follow()
            with reading(engine) as connection:
                seen = connection.execute(select(conversations.c.viewer)).scalars().all()
            assert seen == ["quick"]
        follower.follow()
    with reading(engine) as connection:
        seen = connection.execute(select(conversations.c.viewer)).scalars().all()
    assert set(seen) == {"quick", "slow"}
    assert caught_up(engine) == rebuilt(engine)


def test_one_conversation_that_cannot_be_read_holds_up_no_other(engine: Engine) -> None:
    for name in ("anna", "broken", "carl"):
        tell(engine, name, TALK)
    with writing(engine) as connection:
        broken = events.c.sender_id == "broken"
        connection.execute(events.update().where(broken).values(data="no JSON"))
    follower = Projector(engine)
    follower.follow()
    assert {row[1] for row in tables(engine)["conversations"]} == {"anna", "carl"}
    assert follower.follow() == 0
