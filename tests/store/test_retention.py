from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.cases import CaseStore
from bot.store.handoffs import HandoffStore
from bot.store.messages import MessagesSeen, Outbox
from bot.store.retention import DAY, delete_old
from bot.store.viewers import ViewerStore

NOW = 2_000_000_000.0


def keep(
    engine: Engine, sender: str, days_ago: Sequence[float], snapshot: int | None = None
) -> None:
    with engine.begin() as connection:
        for seq, age in enumerate(days_ago, start=1):
            connection.execute(
                text(
                    "INSERT INTO events (sender_id, seq, type_name, timestamp, data)"
                    " VALUES (:sender, :seq, 'user', :at, :data)"
                ),
                {"sender": sender, "seq": seq, "at": NOW - age * DAY, "data": json.dumps({})},
            )
        if snapshot is not None:
            connection.execute(
                text("INSERT INTO tracker_snapshots VALUES (:sender, :seq, '{}', 0)"),
                {"sender": sender, "seq": snapshot},
            )


def kept(engine: Engine) -> list[tuple[str, int]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT sender_id, seq FROM events ORDER BY 1, 2"))
        return [(row.sender_id, row.seq) for row in rows]


def test_a_conversation_goes_when_its_last_event_is_too_old(engine: Engine) -> None:
    keep(engine, "old", [90, 40, 31], snapshot=1)
    keep(engine, "new", [5, 1])
    deleted = delete_old(engine, days=30, now=NOW)
    assert (deleted["events"], deleted["tracker_snapshots"]) == (3, 1)
    assert kept(engine) == [("new", 1), ("new", 2)]


def test_of_a_conversation_that_goes_on_what_is_at_hand_stays(engine: Engine) -> None:
    keep(engine, "regular", [90, 80, 70, 60, 1], snapshot=2)
    keep(engine, "short", [90, 1])
    assert delete_old(engine, days=30, now=NOW)["events"] == 2
    assert kept(engine) == [
        ("regular", 3),
        ("regular", 4),
        ("regular", 5),
        ("short", 1),
        ("short", 2),
    ]


def test_zero_days_keep_everything(engine: Engine) -> None:
    keep(engine, "old", [4000])
    assert set(delete_old(engine, days=0, now=NOW).values()) == {0}
    assert kept(engine) == [("old", 1)]


def test_records_go_and_ratings_stay(engine: Engine) -> None:
    ViewerStore(engine).rate("mei", "heat", 4.0, "number")
    CaseStore(engine).record("mei", "abuse", None, 0.9, "…", None, NOW - 31 * DAY)
    CaseStore(engine).record("mei", "abuse", None, 0.9, "…", None, NOW - 1 * DAY)
    MessagesSeen(engine).first_time("web", "mei", "1")
    Outbox(engine).append("mei", {"text": "later"})
    handoffs = HandoffStore(engine)
    handoffs.close(handoffs.open("mei", "asked", "en"))
    waiting = handoffs.open("tom", "asked", "en")
    deleted = delete_old(engine, days=30, now=NOW)
    assert deleted["cases"] == 1
    assert (deleted["messages_seen"], deleted["outbox"], deleted["handoffs"]) == (1, 1, 1)
    assert [each.id for each in handoffs.pending()] == [waiting]
    assert len(ViewerStore(engine).ratings("mei")) == 1


def test_many_conversations_go_in_several_steps(engine: Engine) -> None:
    for number in range(120):
        keep(engine, f"old-{number}", [40])
    assert delete_old(engine, days=30, now=NOW)["events"] == 120
    assert kept(engine) == []
