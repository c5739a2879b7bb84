"""The figures of the dashboard, beside what a person counts in five small conversations."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.console.overseeing import Figure, overview
from bot.console.words import words
from bot.desk import daily_sets, figures
from bot.desk.answer_times import quantile
from bot.desk.daily_sets import Different
from bot.desk.projector import Projector
from bot.desk.scope import DAY, PARTS, Scope
from bot.desk.unanswered import unanswered
from bot.store.database import reading, writing
from bot.store.feedback import FeedbackStore
from bot.store.feedback_schema import feedback, satisfaction
from tests.desk.told import NOON, Say, tell

FIRST = int(NOON // DAY)
WHOLE = Scope(FIRST, FIRST + 3)
ABUSE = {"flagged": True, "category": "insult", "score": 0.97, "span": [0, 3], "reason": "insult"}
OFFERED = [("heat", "Heat", "why"), ("up", "Up", "why")]
KEPT = Say("/watchlist_add", "watchlist_add", entities=[{"entity": "title", "value": "heat"}])
LOST = Say("tell me about quantum chess", "nlu_fallback", action="action_not_understood")


@pytest.fixture
def counted(engine: Engine) -> Engine:
    """Three viewers on three days.

    day  viewer  language  channel  version  messages
    0    anna    en        web      one      offered heat and up; heat kept
    0    carl    en        rest     two      insult; offered up
    1    anna    en        web      one      not understood; goodbye (900 ms)
    2    bo      zh        web      two      out of scope; a person, please
    2    anna    mixed     web      two      offered heat (not taken up); 谢谢
    """
    two = {"version": "two"}
    tell(engine, "anna", [Say("funny", cards=OFFERED), KEPT])
    tell(engine, "carl", [
        Say("idiot", "abuse", moderation=ABUSE, channel="rest", **two),
        Say("go on", cards=OFFERED[1:], channel="rest", **two),
    ], NOON + 600)  # fmt: skip
    tell(engine, "anna", [LOST, Say("bye", "goodbye", ms=900)], NOON + DAY)
    tell(engine, "bo", [
        Say("about Quantum CHESS please", "out_of_scope", action="action_out_of_scope",
            language="zh", **two),
        Say("转人工", "talk_to_person", action="action_handoff", language="zh", **two),
    ], NOON + 2 * DAY)  # fmt: skip
    tell(engine, "anna", [
        Say("sad", cards=OFFERED[:1], **two), Say("谢谢", "thank", language="zh", **two),
    ], NOON + 2 * DAY + 600)  # fmt: skip
    store = FeedbackStore(engine)
    given = {"anna": NOON + 300, "bo": NOON + 2 * DAY + 300, "carl": NOON + 700}
    for viewer, score in (("anna", 4), ("bo", 1), ("carl", 3)):
        store.rate_conversation(viewer, score)
        store.judge(viewer, "b1", "up" if score > 3 else "down")
    with writing(engine) as connection:
        for table in (feedback, satisfaction):
            for viewer, at in given.items():
                connection.execute(update(table).where(table.c.viewer == viewer).values(at=at))
    follower = Projector(engine)
    follower.follow()
    follower.count_days()
    return engine


def test_what_is_counted(counted: Engine) -> None:
    with reading(counted) as connection:
        days = figures.by_day(connection, WHOLE)[""]
        found = figures.total(days.values())
    assert found == {
        "conversations": 5, "messages": 23, "viewer_messages": 10, "handed_over": 1,
        "fallbacks": 2, "contained": 4, "flagged_messages": 1, "failures": 0,
        "offered": 4, "accepted": 1, "ratings": 3, "rating_sum": 8,
        "thumbs_up": 1, "thumbs_down": 2,
    }  # fmt: skip
    assert [days[FIRST + day]["conversations"] for day in (0, 1, 2)] == [2, 1, 2]
    assert FIRST + 3 not in days
    assert [days[FIRST + day]["offered"] for day in (0, 1, 2)] == [3, 0, 1]
    assert figures.share_of(found, "contained") == pytest.approx(4 / 5)
    assert figures.share_of(found, "fallback_rate") == pytest.approx(2 / 10)
    assert figures.share_of(found, "accepted") == pytest.approx(1 / 4)


def test_sums_by_part_make_the_whole(counted: Engine) -> None:
    with reading(counted) as connection:
        whole = figures.total(figures.by_day(connection, WHOLE)[""].values())
        parts = {by: figures.by_part(connection, WHOLE, by) for by in PARTS}
        for by in PARTS:
            assert figures.total(parts[by].values()) == whole, by
            split = figures.by_day(connection, WHOLE, by)
            assert {v: figures.total(some.values()) for v, some in split.items()} == parts[by]
            for value, sums in parts[by].items():
                narrow = figures.by_day(connection, WHOLE.only(by, value))[""]
                assert figures.total(narrow.values()) == sums, value
    talks = {by: {v: s["conversations"] for v, s in some.items()} for by, some in parts.items()}
    assert talks == {
        "language": {"en": 3, "zh": 1, "mixed": 1},
        "channel": {"web": 4, "rest": 1},
        "version": {"one": 2, "two": 3},
    }


def test_different_viewers_and_titles(counted: Engine) -> None:
    def frequent(scope: Scope, most: int) -> tuple[list[tuple[str, int]], int]:
        return daily_sets.most_frequent(connection, scope, daily_sets.TITLES, most)

    def seen(scope: Scope, by: str = "") -> dict[str, Different]:
        return daily_sets.different(connection, scope, daily_sets.VIEWERS, by)

    with reading(counted) as connection:
        assert seen(WHOLE) == {"": Different(3, {FIRST: 2, FIRST + 1: 1, FIRST + 2: 2})}
        assert seen(Scope(FIRST + 1, FIRST + 2))[""].all == 2
        assert seen(Scope(FIRST + 3, FIRST + 9)) == {"": Different(0, {})}
        assert seen(WHOLE, "version") == {
            "one": Different(1, {FIRST: 1, FIRST + 1: 1}),
            "two": Different(3, {FIRST: 1, FIRST + 2: 2}),
        }
        assert seen(WHOLE.only("language", "en"))[""].all == 2
        titles = daily_sets.different(connection, WHOLE, daily_sets.TITLES, "version")
        assert {value: each.all for value, each in titles.items()} == {"one": 2, "two": 2}
        both = WHOLE.only("channel", "web").only("version", "two")
        assert seen(both)[""].all == 2 and set(seen(both, "language")) == {"zh", "mixed"}
        offered = frequent(WHOLE, 10)
        assert offered == ([("heat", 2), ("up", 2)], 2)
        assert frequent(WHOLE, 1) in (([("heat", 2)], 2), ([("up", 2)], 2))
        carls = WHOLE.only("channel", "rest")
        assert frequent(carls, 10) == ([("up", 1)], 1)
        assert frequent(Scope(0, 1), 10) == ([], 0)


def test_what_viewers_think(counted: Engine) -> None:
    with reading(counted) as connection:
        days = figures.by_day(connection, WHOLE)[""]
        by = figures.by_part(connection, WHOLE, "language")
        web = figures.total(figures.by_day(connection, WHOLE.only("channel", "web"))[""].values())
    assert [figures.average_rating(days[FIRST + day]) for day in (0, 1, 2)] == [3.5, None, 1.0]
    assert figures.average_rating(figures.total(days.values())) == pytest.approx(8 / 3)
    assert [days[FIRST]["thumbs_up"], days[FIRST]["thumbs_down"]] == [1, 1]
    assert {value: figures.average_rating(sums) for value, sums in by.items()} == {
        "en": 3.5, "zh": 1.0, "mixed": None,
    }  # fmt: skip
    assert figures.average_rating(web) == 2.5


def test_what_was_not_answered_is_grouped(counted: Engine) -> None:
    again = NOON + 3 * DAY
    tell(counted, "dora", [Say("QUANTUM chess: tell me about it!", "nlu_fallback",
                               action="action_not_understood")], again)  # fmt: skip
    odd = Say("?!\n…\n¿", "nlu_fallback", action="action_not_understood")
    tell(counted, "emil", [odd], again + 600)
    follower = Projector(counted)
    follower.follow()
    follower.count_days()
    with reading(counted) as connection:
        found = [(e.gist, e.count, e.example) for e in unanswered(connection, WHOLE)]
        english = unanswered(connection, WHOLE.only("language", "zh"))
    assert found == [
        ("about chess quantum tell", 2, "QUANTUM chess: tell me about it!"),
        ("?! … ¿", 1, "?!\n…\n¿"),
        ("about chess quantum", 1, "about Quantum CHESS please"),
    ]
    assert [each.count for each in english] == [1]


def test_lists_of_the_dashboard(counted: Engine) -> None:
    with reading(counted) as connection:
        assert dict(figures.ranked(connection, WHOLE, "last")) == {
            "goodbye": 1, "talk_to_person": 1, "watchlist_add": 1, "recommend": 1, "thank": 1,
        }  # fmt: skip
        assert figures.ranked(connection, WHOLE, "intent", 1) == [("recommend", 3.0)]
        assert dict(figures.ranked(connection, WHOLE, "category")) == {"insult": 1}
        assert dict(figures.ranked(connection, WHOLE, "recommended")) == {"kept": 1, "passed": 3}
        slow = figures.slowest(connection, WHOLE)
        assert (slow[0].action, slow[0].p95, slow[0].count) == ("action_goodbye", 1000, 1)
        assert sum(figures.hours(connection, WHOLE)) == pytest.approx(10 / 60 / 4)
        assert sum(figures.minutes(connection, NOON + 121)) == 2


def drawn(connection: object, scope: Scope, by: str) -> dict[str, Figure]:
    made = overview(connection, scope, by, words("en"))  # type: ignore[arg-type]
    return {figure.name: figure for figure in made.figures}


def test_every_figure_by_day_and_by_part(counted: Engine) -> None:
    with reading(counted) as connection:
        whole = drawn(connection, WHOLE, "")
        split = {by: drawn(connection, WHOLE, by) for by in PARTS}
    assert [row[1:4] for row in whole["conversations"].rows] == [
        [2, 2, 10], [1, 1, 4], [2, 2, 9], [0, 0, 0],
    ]  # fmt: skip
    assert [row[1:] for row in whole["quality"].rows][2:] == [[0.5, 0.25, 0.5], [None] * 3]
    assert [row[1] for row in whole["accepted"].rows] == [1 / 3, None, 0.0, None]
    assert [row[1] for row in whole["flagged_share"].rows] == [0.25, 0.0, 0.0, None]
    assert whole["satisfaction"].rows[0][1:] == [3.5, 2, 1, 1]
    parts = {row[0]: list(row[1:]) for row in whole["parts"].rows}
    assert parts["Version: two"] == [3, 14, 2 / 3, 1 / 6, 1 / 3, 1 / 6, 0.0, 2.0]
    for figures_of in split.values():
        assert {"conversations", "viewers", "messages", "satisfaction", "hours"} <= set(figures_of)
        assert set(figures.SHARES) <= set(figures_of)
    assert split["language"]["conversations"].heads == ["Day", "English", "Both languages",
                                                        "Chinese"]  # fmt: skip
    assert split["channel"]["viewers"].rows[0][1:] == [1.0, 1.0]
    assert split["version"]["accepted"].rows[0][1:] == [0.0, 0.5]
    assert split["language"]["satisfaction"].rows[2][1:] == [None, None, 1.0]
    for figure in (*whole.values(), *split["language"].values()):
        assert figure.rows and {len(row) for row in figure.rows} == {len(figure.heads)}, figure.name
        assert figure.drawing is not None or figure.name in ("unanswered", "parts")


def test_a_quantile_is_the_bound_of_its_class() -> None:
    assert quantile({10: 95.0, 1000: 5.0}, 0.95) == 10
    assert quantile({10: 94.0, 1000: 6.0}, 0.95) == 1000
    assert quantile({10: 1.0}, 0.5) == 10
