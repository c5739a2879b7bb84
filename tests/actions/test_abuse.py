"""Abuse: recorded, warned about, then a time-out; distress is met with help."""

from __future__ import annotations

import time

from sqlalchemy import text

from actions.abuse import Abuse, SelfHarm, TimedOut
from actions.services import Services
from tests.actions.conftest import Act

INSULT = {"flagged": True, "category": "insult", "score": 0.9, "span": [4, 9]}


def test_two_warnings_then_a_time_out(act: Act) -> None:
    said = [act(Abuse(), "you idiot", intent="abuse", moderation=INSULT) for _ in range(3)]
    assert [done.responses for done in said] == [
        ["utter_abuse_warning"],
        ["utter_abuse_warning"],
        ["utter_timeout"],
    ]
    assert said[2].value("minutes") == 15
    assert 14 * 60 < said[2].slots["timed_out_until"] - time.time() <= 15 * 60


def test_the_case_is_kept_with_category_score_and_span(act: Act, services: Services) -> None:
    act(Abuse(), "you idiot, mail me at a.b@example.org", intent="abuse", moderation=INSULT)
    with services.engine.connect() as connection:
        columns = "viewer, kind, category, score, span_start, span_end, text"
        row = connection.execute(text(f"SELECT {columns} FROM cases")).one()
    assert tuple(row)[:6] == ("v1", "abuse", "insult", 0.9, 4, 9)
    assert "example.org" not in row.text and "idiot" in row.text


def test_distress_is_met_with_help_and_never_with_a_warning(act: Act, services: Services) -> None:
    for _ in range(5):
        done = act(SelfHarm(), "I can't go on", intent="self_harm")
        assert done.responses == ["utter_self_harm"] and "timed_out_until" not in done.slots
    assert act(Abuse(), "idiot", intent="abuse").responses == ["utter_abuse_warning"]


def test_the_notice_of_a_time_out_leaves_everything_as_it_was(act: Act) -> None:
    pending = {"kind": "confirm", "intent": "privacy_delete"}
    done = act(TimedOut(), "hello", slots={"pending": pending})
    assert done.responses == ["utter_timed_out"] and done.slots == {}
