from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine

from bot.settings import Settings
from bot.store.answering_schema import notes
from bot.store.audit import AuditLog, record
from bot.store.cases import CaseStore
from bot.store.database import writing
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.handoffs import HandoffStore
from bot.store.judging_schema import appeals, decisions, flags
from bot.store.messages import MessagesSeen, Outbox
from bot.store.retention import DAY, delete_old, due, rules, set_rule
from bot.store.schema import cases, handoffs, outbox
from bot.store.teaching_schema import annotated, sentences
from bot.store.uploads import UploadStore
from bot.store.uploads_schema import uploads
from bot.store.viewers import ViewerStore
from tests.desk.lived import live
from tests.desk.told import Say, tell

from .pictures import picture

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


def test_a_dry_run_says_what_would_go_and_deletes_nothing(engine: Engine) -> None:
    keep(engine, "old", [90, 40, 31], snapshot=1)
    keep(engine, "regular", [90, 80, 1], snapshot=2)
    CaseStore(engine).record("mei", "abuse", None, 0.9, "…", None, NOW - 31 * DAY)
    found = due(engine, dict.fromkeys(rules(engine), 30), NOW)
    assert found["conversations"]["events"] == 5
    assert found["cases"] == {"cases": 1}
    assert len(kept(engine)) == 6
    deleted = delete_old(engine, days=30, now=NOW)
    assert {name: rows for tables in found.values() for name, rows in tables.items()} == deleted


def test_each_kind_has_its_own_rule(engine: Engine) -> None:
    keep(engine, "old", [40])
    CaseStore(engine).record("mei", "abuse", None, 0.9, "…", None, NOW - 40 * DAY)
    with writing(engine) as connection:
        set_rule(connection, "conversations", 0)
        set_rule(connection, "cases", 90)
        set_rule(connection, "cases", 30)
    assert rules(engine)["conversations"] == 0
    deleted = delete_old(engine, now=NOW)
    assert (deleted["events"], deleted["cases"]) == (0, 1)
    assert kept(engine) == [("old", 1)]


@pytest.mark.parametrize(("kind", "days"), [("weather", 3), ("cases", -1), ("cases", 10**9)])
def test_a_rule_that_makes_no_sense_is_refused(engine: Engine, kind: str, days: int) -> None:
    with pytest.raises(ValueError, match="no rule"), writing(engine) as connection:
        set_rule(connection, kind, days)


def test_the_audit_log_is_cut_where_the_rule_says_and_stays_whole(engine: Engine) -> None:
    for number in range(5):
        record(engine, who="ana@example.org", action="people.invite", subject=f"person:{number}")
    with writing(engine) as connection:
        set_rule(connection, "audit", 30)
    later = time.time() + 31 * DAY
    assert due(engine, now=later)["audit"] == {"audit": 5}
    assert delete_old(engine, now=later)["audit"] == 5
    log = AuditLog(engine)
    assert [entry.action for entry in log.page()] == ["audit.cut"]
    assert log.verify().broken is None


def test_opinions_pictures_and_what_staff_wrote_go_by_their_rules(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All real tables: a conversation that has ended, and one that goes on."""
    monkeypatch.setattr("bot.store.uploads.settings", lambda: Settings(data_dir=tmp_path))
    long_ago = time.time() - 300
    for viewer in ("ended", "goes-on"):
        live(engine, viewer)
        UploadStore(engine).add(viewer, picture())
    later = long_ago + 40 * DAY
    tell(engine, "goes-on", [Say("I am back")], later)
    files = list((tmp_path / "uploads").rglob("*.*"))
    assert len(files) == 2
    for file in files:
        os.utime(file, (long_ago, long_ago))
    thirty = dict.fromkeys(rules(engine), 30)
    found = due(engine, thirty, later + DAY)
    assert found["feedback"] == {"feedback": 2, "satisfaction": 2}
    assert found["uploads"] == {"uploads": 2}
    assert found["cases"] == {"cases": 2}
    told = found["conversations"]
    assert (told["flags"], told["notes"], told["sentences"]) == (2, 2, 2)
    assert told["handoffs"] == 2 and told["outbox"] == 8
    keeps = due(engine, {**thirty, "feedback": 0, "uploads": 90}, later + DAY)
    assert keeps["feedback"] == {} and keeps["uploads"] == {"uploads": 0}
    deleted = delete_old(engine, days=30, now=later + DAY)
    assert {name: rows for tables in found.values() for name, rows in tables.items()} == deleted
    with engine.connect() as connection:
        left = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (feedback, satisfaction, uploads, cases, decisions, appeals, flags, notes,
                          sentences, annotated, outbox, handoffs)
        }  # fmt: skip
    assert set(left.values()) == {0}, left
    assert list((tmp_path / "uploads").rglob("*.*")) == []
    assert set(due(engine, thirty, later + DAY)["conversations"].values()) == {0}
