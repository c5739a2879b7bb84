"""Cases, handoffs and failures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.cases import CaseStore
from bot.store.failures import FailureStore, new_failure_id
from bot.store.handoffs import HandoffStore


def test_recent_cases_are_counted_per_viewer_kind_and_time(engine: Engine) -> None:
    cases = CaseStore(engine)
    now = datetime.now(timezone.utc)
    first = cases.record("mei", "abuse", "insult", 0.9, "…", [0, 1], now - timedelta(days=2))
    second = cases.record("mei", "abuse", "hate", 0.8, "…", None, now)
    cases.record("mei", "self_harm", None, 0.7, "…", None, now)
    cases.record("tom", "abuse", "insult", 0.9, "…", None, now)
    assert second > first
    assert cases.recent_count("mei", "abuse", now - timedelta(days=1)) == 1
    assert cases.recent_count("mei", "abuse", now - timedelta(days=3)) == 2
    assert cases.recent_count("mei", "self_harm", (now - timedelta(days=1)).timestamp()) == 1


def test_a_case_holds_no_personal_data(engine: Engine) -> None:
    CaseStore(engine).record("mei", "abuse", "threat", 1.0, "call 13812345678 or else", (0, 4))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT text FROM cases")).scalar() == "call [phone] or else"


def test_who_waits_for_a_person_waits_once_and_in_order(engine: Engine) -> None:
    handoffs = HandoffStore(engine)
    first = handoffs.open("mei", "asked", "zh")
    second = handoffs.open("tom", "my card 4111 1111 1111 1111 was charged", "en")
    assert handoffs.open("mei", "asked", "zh") == first
    waiting = handoffs.pending()
    assert [(each.id, each.viewer) for each in waiting] == [(first, "mei"), (second, "tom")]
    assert waiting[1].reason == "my card [card] was charged"
    assert handoffs.close(first)
    assert not handoffs.close(first)
    assert [each.viewer for each in handoffs.pending()] == ["tom"]
    assert handoffs.open("mei", "again", "zh") > second


def test_a_failure_is_kept_under_a_short_id_and_masked(engine: Engine) -> None:
    failures = FailureStore(engine)
    try:
        raise ValueError("no route for a@b.com\x00")
    except ValueError as error:
        made = failures.record("action_recommend", error, "mei")
    told = new_failure_id()
    assert failures.record("channel", "broken", None, failure_id=told) == told
    assert re.fullmatch(r"E-[2-9A-Z]{6}", made)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT place, error, trace, viewer FROM failures WHERE id = :id"), {"id": made}
        ).one()
    assert row.place == "action_recommend"
    assert row.error == "ValueError: no route for [email]"
    assert "test_records.py" in row.trace and "a@b.com" not in row.trace


def test_failure_ids_do_not_repeat() -> None:
    assert len({new_failure_id() for _ in range(2000)}) == 2000
