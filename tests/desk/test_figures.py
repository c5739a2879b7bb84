from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from bot.desk import figures
from bot.desk.figures import Scope, quantile
from bot.desk.projector import Projector
from bot.desk.rows import DAY
from bot.store.database import reading
from tests.desk.told import NOON, Say, tell

FIRST = int(NOON // DAY)
WHOLE = Scope(FIRST, FIRST + 4)


@pytest.fixture
def counted(engine: Engine) -> Engine:
    """Three days with two viewers."""
    lost = Say("tell me about quantum chess", "nlu_fallback", action="action_not_understood")
    tell(engine, "anna", [Say("funny", cards=[("heat", "Heat", "why"), ("up", "Up", "why")]),
                          Say("/watchlist_add", "watchlist_add", entities=[
                              {"entity": "title", "value": "heat"}])])  # fmt: skip
    tell(engine, "anna", [lost, Say("bye", "goodbye", ms=900)], NOON + DAY)
    tell(engine, "bo", [Say("about Quantum CHESS please", "out_of_scope",
                            action="action_out_of_scope", language="zh"),
                        Say("转人工", "talk_to_person", action="action_handoff", language="zh")],
         NOON + 2 * DAY)  # fmt: skip
    follower = Projector(engine)
    follower.follow()
    follower.count_days()
    return engine


def test_sums_by_part_make_the_whole(counted: Engine) -> None:
    with reading(counted) as connection:
        whole = figures.totals(connection, WHOLE)[""]
        for by in figures.SPLITS:
            parts = figures.totals(connection, WHOLE, by).values()
            assert {name: sum(part[name] for part in parts) for name in whole} == whole, by
        chinese = figures.totals(connection, Scope(FIRST, FIRST + 4, language="zh"))[""]
    assert (whole["conversations"], whole["viewer_messages"], whole["fallbacks"]) == (3, 6, 2)
    assert (whole["contained"], whole["handed_over"]) == (2, 1)
    assert (chinese["conversations"], chinese["handed_over"]) == (1, 1)


def test_viewers_are_counted_once(counted: Engine) -> None:
    with reading(counted) as connection:
        every, daily = figures.viewers(connection, WHOLE)
        assert (every, daily) == (2, {FIRST: 1, FIRST + 1: 1, FIRST + 2: 1})
        assert figures.viewers(connection, Scope(FIRST + 3, FIRST + 9)) == (0, {})


def test_what_was_not_answered_is_grouped(counted: Engine) -> None:
    with reading(counted) as connection:
        found = figures.unanswered(connection, WHOLE)
        assert (found[0].count, found[0].example) == (
            1,
            "about Quantum CHESS please",
        )
        gists = [each.gist for each in found]
        assert gists == ["about chess quantum", "about chess quantum tell"]
        assert figures.unanswered(connection, Scope(FIRST, FIRST + 4, language="en"))[0].count == 1


def test_lists_of_the_dashboard(counted: Engine) -> None:
    with reading(counted) as connection:
        assert dict(figures.ranked(connection, WHOLE, "last")) == {
            "goodbye": 1, "talk_to_person": 1, "watchlist_add": 1,
        }  # fmt: skip
        assert dict(figures.ranked(connection, WHOLE, "recommended")) == {"kept": 1, "passed": 1}
        titles, different = figures.ranked_of(connection, WHOLE, "title", 1)
        assert (titles, different) == ([("heat", 1.0)], 2)
        slow = figures.slowest(connection, WHOLE)
        assert (slow[0].action, slow[0].p95) == ("action_goodbye", 1000)
        assert sum(figures.hours(connection, WHOLE)) == pytest.approx(6 / 60 / 5)
        assert sum(figures.minutes(connection, NOON + 121)) == 2


def test_a_quantile_is_the_bound_of_its_class() -> None:
    assert quantile({10: 95.0, 1000: 5.0}, 0.95) == 10
    assert quantile({10: 94.0, 1000: 6.0}, 0.95) == 1000
    assert quantile({10: 1.0}, 0.5) == 10
