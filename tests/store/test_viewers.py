from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.desk.flags import Flags
from bot.desk.notes import Notes
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.store import personal_copy
from bot.store.answering_schema import open_conversations
from bot.store.cases import CaseStore
from bot.store.failures import FailureStore
from bot.store.feedback import FeedbackStore
from bot.store.handoffs import HandoffStore
from bot.store.messages import MessagesSeen, Outbox
from bot.store.schema import METADATA
from bot.store.teaching_schema import conversation_tests, sentences
from bot.store.uploads import UploadStore
from bot.store.viewers import ViewerStore

from .pictures import picture

TITLES = ("tt0113277", "friends-1994-s", "霸王别姬-1993")


def test_the_newest_rating_counts_and_comes_first(engine: Engine) -> None:
    viewers = ViewerStore(engine)
    before = datetime.now(timezone.utc) - timedelta(seconds=1)
    viewers.rate("mei", "tt0113277", 3.0, "number")
    viewers.rate("mei", "friends-1994-s", 4.5, "words")
    viewers.rate("mei", "tt0113277", 5.0, "number")
    viewers.rate("tom", "tt0113277", 0.5, "number")
    ratings = viewers.ratings("mei")
    assert [(each.title_id, each.value) for each in ratings] == [
        ("tt0113277", 5.0),
        ("friends-1994-s", 4.5),
    ]
    assert before < ratings[0].at <= datetime.now(timezone.utc)


def test_taking_back_brings_the_rating_before_it_back(engine: Engine) -> None:
    viewers = ViewerStore(engine)
    viewers.rate("mei", "heat", 3.0, "number")
    viewers.rate("mei", "dune", 4.0, "number")
    viewers.rate("mei", "heat", 5.0, "number")
    taken = viewers.take_back("mei")
    assert taken is not None and (taken.title_id, taken.value) == ("heat", 5.0)
    assert {each.title_id: each.value for each in viewers.ratings("mei")} == {
        "heat": 3.0,
        "dune": 4.0,
    }
    taken = viewers.take_back("mei", "heat")
    assert taken is not None and taken.value == 3.0
    assert viewers.take_back("mei", "heat") is None
    assert viewers.take_back("tom") is None
    assert [each.title_id for each in viewers.ratings("mei")] == ["dune"]


@pytest.mark.parametrize("value", [0.0, 5.5, -1.0, float("nan")])
def test_a_rating_out_of_range_is_refused(engine: Engine, value: float) -> None:
    with pytest.raises(ValueError, match=r"0\.5 to 5"):
        ViewerStore(engine).rate("mei", "heat", value, "number")


def test_a_refusal_can_be_undone(engine: Engine) -> None:
    viewers = ViewerStore(engine)
    assert viewers.refuse("mei", "heat")
    assert not viewers.refuse("mei", "heat")
    assert viewers.refusals("mei") == {"heat"}
    assert viewers.unrefuse("mei", "heat")
    assert not viewers.unrefuse("mei", "heat")
    assert viewers.refusals("mei") == set()


def test_seen_titles_are_remembered_per_viewer(engine: Engine) -> None:
    viewers = ViewerStore(engine)
    viewers.mark_seen("mei", "heat")
    viewers.mark_seen("mei", "heat")
    assert viewers.seen("mei") == {"heat"}
    assert viewers.seen("tom") == set()
    assert viewers.unmark_seen("mei", "heat")
    assert viewers.seen("mei") == set()


def test_the_watchlist_is_newest_first(engine: Engine) -> None:
    viewers = ViewerStore(engine)
    for title in TITLES:
        assert viewers.watchlist_add("mei", title)
        time.sleep(0.002)
    assert not viewers.watchlist_add("mei", TITLES[0])
    assert viewers.watchlist("mei") == list(reversed(TITLES))
    assert viewers.watchlist_remove("mei", TITLES[1])
    assert not viewers.watchlist_remove("mei", TITLES[1])
    assert viewers.watchlist("mei") == [TITLES[2], TITLES[0]]


Step = st.tuples(
    st.sampled_from(["rate", "take_back", "refuse", "unrefuse", "add", "remove"]),
    st.sampled_from(TITLES),
    st.sampled_from([0.5, 2.5, 5.0]),
)


@given(st.lists(Step, max_size=25))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_of_steps_does_what_plain_lists_would(
    engine: Engine, steps: list[tuple[str, str, float]]
) -> None:
    viewers = ViewerStore(engine)
    viewers.delete("mei")
    log: list[tuple[str, float]] = []
    refused: set[str] = set()
    listed: list[str] = []
    for step, title, value in steps:
        if step == "rate":
            viewers.rate("mei", title, value, "number")
            log.append((title, value))
        elif step == "take_back":
            taken = viewers.take_back("mei", title)
            mine = [each for each in log if each[0] == title]
            assert (taken is None) == (not mine)
            if mine:
                at = max(i for i, each in enumerate(log) if each[0] == title)
                assert taken is not None and taken.value == log.pop(at)[1]
        elif step == "refuse":
            viewers.refuse("mei", title)
            refused.add(title)
        elif step == "unrefuse":
            viewers.unrefuse("mei", title)
            refused.discard(title)
        elif step == "add":
            assert viewers.watchlist_add("mei", title) == (title not in listed)
            listed = listed if title in listed else [*listed, title]
        else:
            viewers.watchlist_remove("mei", title)
            listed = [each for each in listed if each != title]
    assert {each.title_id: each.value for each in viewers.ratings("mei")} == dict(log)
    assert viewers.refusals("mei") == refused
    assert set(viewers.watchlist("mei")) == set(listed)


def fill(engine: Engine, viewer: str) -> None:
    viewers = ViewerStore(engine)
    viewers.rate(viewer, "heat", 4.0, "number")
    viewers.refuse(viewer, "dune")
    viewers.mark_seen(viewer, "heat")
    viewers.watchlist_add(viewer, "up")
    CaseStore(engine).record(viewer, "abuse", "insult", 0.9, "you …", (0, 3))
    HandoffStore(engine).open(viewer, "asked", "en")
    FailureStore(engine).record("action_recommend", ValueError("no"), viewer)
    seen = MessagesSeen(engine)
    seen.first_time("web", viewer, "1")
    seen.store_reply("web", viewer, "1", [{"text": "hello"}])
    Outbox(engine).append(viewer, {"text": "later"})
    opinions = FeedbackStore(engine)
    opinions.judge(viewer, "b1", "down", "wrong", "not by him")
    opinions.rate_conversation(viewer, 4, "fine")
    UploadStore(engine).add(viewer, picture())
    CaseStore(engine).appeal(viewer, "en", "I did not mean you")
    person = Person("ana@example.org", "Ana")
    Flags(engine).put(viewer, "wrong_answer", person)
    Notes(engine).add(viewer, "likes crime films", person)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (sender_id, seq, type_name, timestamp, data)"
            f" VALUES ('{viewer}', 1, 'user', 1.0, '{{\"text\": \"hi\"}}')"
        )
        connection.exec_driver_sql(
            f"INSERT INTO tracker_snapshots VALUES ('{viewer}', 0, '{{}}', 1.0)"
        )
        connection.execute(
            sentences.insert().values(
                key=viewer, text="hi", confidence=0.2, margin=0.1, reasons="low", understood="{}",
                times=1, viewer=viewer, event=1, at=1.0, state="open",
            )
        )  # fmt: skip
        connection.execute(
            open_conversations.insert().values(person="staff:1", viewer=viewer, at=1.0)
        )
        connection.execute(
            conversation_tests.insert().values(
                viewer=viewer, name="hi", behaviour="taught", content="", author="ana", at=1.0
            )
        )
    Projector(engine).follow()


def test_a_conversation_is_rated_once_however_often_the_viewer_presses(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, now = FeedbackStore(engine), time.time()
    kept = "SELECT score, text FROM satisfaction ORDER BY at"
    for later, score, text in ((0, 2, None), (5, 4, None), (30, 4, "fine"), (7200, 1, None)):
        monkeypatch.setattr(time, "time", lambda at=now + later: at)
        store.rate_conversation("v-one", score, text)
    store.rate_conversation("v-two", 5)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(kept).all()
    assert sorted(map(tuple, rows), key=str) == [(1, None), (4, "fine"), (5, None)]


def test_an_export_holds_everything_and_a_deletion_leaves_nothing(engine: Engine) -> None:
    fill(engine, "mei")
    fill(engine, "tom")
    viewers = ViewerStore(engine)
    kept = viewers.export("mei")
    assert json.loads(json.dumps(kept, ensure_ascii=False)) == kept
    assert [name for name, rows in kept.items() if not rows] == []
    assert kept["ratings"][0]["value"] == 4.0
    assert kept["conversation"][0]["data"] == {"text": "hi"}
    others = viewers.export("tom")
    deleted = viewers.delete("mei")
    assert set(deleted.values()) == {1}
    gone = viewers.export("mei")
    assert all(not rows for name, rows in gone.items() if name != "viewer")
    assert viewers.export("tom") == others
    assert set(viewers.delete("mei").values()) == {0}


def test_no_table_that_names_a_viewer_is_left_out_of_the_copy() -> None:
    owned = {column.table.name for column in personal_copy.OWNED}
    naming = {
        table.name
        for table in METADATA.tables.values()
        if {"viewer", "sender_id"} & set(table.columns.keys())
    }
    assert naming <= owned


@pytest.mark.parametrize(
    "viewer", ["", "用户-1", "a'; DROP TABLE viewers; --", "\ud800", "nul\x00"]
)
def test_any_name_of_a_viewer_works(engine: Engine, viewer: str) -> None:
    viewers = ViewerStore(engine)
    viewers.rate(viewer, "heat", 4.0, "number")
    assert [each.title_id for each in viewers.ratings(viewer)] == ["heat"]
    assert viewers.delete(viewer)["ratings"] == 1
