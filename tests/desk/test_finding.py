from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk.answering import Answering
from bot.desk.filters import Filters, read
from bot.desk.finding import Finder
from bot.desk.flags import Flags
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.desk.sequence import SequenceError, compile_sequence
from bot.desk.snippets import snippets
from bot.desk.views import MOST, SavedViews, ViewError
from bot.desk.words import parse
from bot.store.feedback import FeedbackStore
from bot.store.handoffs import HandoffStore
from tests.desk.told import NOON, Say, tell

DAY = 86_400
MEI, TOM = Person("mei@example.org", "Mei"), Person("tom@example.org", "Tom")
ABUSE = {"flagged": True, "category": "insult", "score": 0.97, "span": [0, 3], "reason": "insult"}


@pytest.fixture
def finder(engine: Engine) -> Finder:
    """Five conversations, one a day."""
    said = {
        "anna": [
            Say("something funny", slots={"focus": "heat"}, entities=[
                {"entity": "genre", "value": "Comedy"}]),
            Say("/refuse_title", "refuse_title", label="Not for me"),
            Say("bye", "goodbye", action="utter_goodbye"),
        ],
        "bo": [Say("推荐科幻片", language="zh"), Say("不要这部", "refuse_title", language="zh")],
        "carl": [Say("something sad"), Say("thanks a lot", "thank", confidence=0.4)],
        "dora": [Say("you idiot", "abuse", moderation=ABUSE, confidence=1.0)],
        "eva": [
            Say("asdf", "nlu_fallback", action="action_not_understood", confidence=0.2),
            Say("转人工", "talk_to_person", action="action_handoff", language="zh"),
            Say("refuse first", "refuse_title"),
            Say("films like Dune"),
        ],
    }  # fmt: skip
    for number, (viewer, turns) in enumerate(said.items()):
        tell(engine, viewer, turns, NOON + number * DAY)
    Projector(engine).follow()
    return Finder(engine)


def who(finder: Finder, **form: str) -> str:
    filters = read(form)
    assert not filters.wrong
    return " ".join(each.row.viewer for each in finder.page(filters).found)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, "eva dora carl bo anna"),
        ({"q": "something"}, "carl anna"),
        ({"q": "科幻"}, "bo"),
        ({"q": "片"}, "bo"),
        ({"q": "荐"}, "bo"),
        ({"q": "荐 funny"}, ""),
        ({"q": "推"}, "bo"),
        ({"q": "人工"}, "eva"),
        ({"q": "something -sad"}, "anna"),
        ({"q": '"something sad"'}, "carl"),
        ({"q": "some*"}, "carl anna"),
        ({"q": "Here", "language": "zh"}, "bo"),
        ({"q": "something", "skill": "smalltalk", "sort": "longest"}, "anna carl"),
        ({"language": "mixed"}, "eva"),
        ({"channel": "web"}, "eva dora carl bo anna"),
        ({"intent": "refuse_title"}, "eva bo anna"),
        ({"skill": "recommend"}, "eva carl bo anna"),
        ({"action": "action_handoff"}, "eva"),
        ({"entity": "genre"}, "anna"),
        ({"entity": "genre=Comedy"}, "anna"),
        ({"slot": "focus"}, "anna"),
        ({"slot": "focus=heat", "intent": "refuse_title"}, "anna"),
        ({"category": "insult"}, "dora"),
        ({"fallback": "yes"}, "eva"),
        ({"fallback": "no", "shortest": "2"}, "carl bo anna"),
        ({"longest": "1"}, "dora"),
        ({"below": "50"}, "eva carl"),
        ({"sequence": "recommend > refuse > leave"}, "bo anna"),
        ({"sequence": "recommend >> refuse_title"}, "bo anna"),
        ({"sequence": "refuse > recommend"}, "eva"),
        ({"sequence": "fallback > handoff"}, "eva"),
        ({"sequence": "thank > leave"}, "carl"),
        ({"viewer": "dora"}, "dora"),
        ({"since": "2026-09-22", "until": "2026-09-23"}, "carl bo"),
        ({"sort": "unsure"}, "eva carl anna bo dora"),
        ({"sort": "active"}, "eva dora carl bo anna"),
        ({"sort": "longest"}, "eva anna carl bo dora"),
        ({"status": "live"}, ""),
        ({"status": "over", "intent": "thank"}, "carl"),
        ({"version": "one"}, "eva dora carl bo anna"),
        ({"version": "two"}, ""),
    ],
)
def test_every_filter(finder: Finder, form: dict[str, str], expected: str) -> None:
    assert who(finder, **form) == expected


def test_who_waits_is_found(finder: Finder, engine: Engine) -> None:
    HandoffStore(engine).open("eva", "asked", "zh")
    found = finder.page(read({"status": "waiting"})).found
    assert [(each.row.viewer, each.status) for each in found] == [("eva", "waiting")]
    assert who(finder, status="taken") == ""


@pytest.fixture
def opinions(finder: Finder, engine: Engine) -> Finder:
    """What viewers and staff think of the five, and who has answered."""
    feedback = FeedbackStore(engine)
    feedback.judge("anna", "b1", "down", "wrong")
    feedback.judge("bo", "b2", "up")
    feedback.rate_conversation("carl", 2)
    feedback.rate_conversation("eva", 5)
    flags = Flags(engine)
    flags.put("dora", "missed_abuse", MEI)
    flags.close(flags.put("anna", "wrong_answer", MEI), MEI)
    announce(engine, "web", True)
    desk = Answering(engine)
    desk.join("eva", MEI)
    number = desk.join("carl", TOM)
    desk.say(number, TOM, "I know a sadder one: 《活着》, starring Ge You.")
    desk.give_back(number, TOM)
    Projector(engine).follow()
    return finder


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"feedback": "down"}, "anna"),
        ({"feedback": "up"}, "bo"),
        ({"feedback": "any"}, "bo anna"),
        ({"feedback": "any", "language": "zh"}, "bo"),
        ({"rating": "2"}, "carl"),
        ({"rating": "5", "intent": "talk_to_person"}, "eva"),
        ({"rating": "3"}, ""),
        ({"flag": "any"}, "dora"),
        ({"flag": "missed_abuse", "category": "insult"}, "dora"),
        ({"flag": "wrong_answer"}, ""),
        ({"status": "taken"}, "eva"),
        ({"status": "waiting"}, ""),
        ({"assignee": "Mei"}, "eva"),
        ({"assignee": "Tom"}, "carl"),
        ({"assignee": "Tom", "status": "taken"}, ""),
        ({"q": "sadder"}, "carl"),
        ({"q": "活着"}, "carl"),
        ({"q": '"starring ge you"', "sort": "active"}, "carl"),
        ({"q": "something sadder"}, "carl"),
    ],
)
def test_opinions_flags_and_staff(opinions: Finder, form: dict[str, str], expected: str) -> None:
    assert who(opinions, **form) == expected


def test_what_staff_said_is_shown_in_the_list(opinions: Finder, engine: Engine) -> None:
    terms = parse("sadder")
    rows = [each.row for each in opinions.page(read({"q": "sadder"})).found]
    (pieces,) = snippets(engine, rows, terms).values()
    assert ("sadder", True) in pieces


def test_the_channel_is_a_filter(engine: Engine) -> None:
    tell(engine, "web", [Say("hello", "greet")])
    tell(engine, "rest", [Say("hello", "greet", channel="rest")], NOON + 60)
    Projector(engine).follow()
    assert who(Finder(engine), channel="rest") == "rest"
    assert who(Finder(engine), channel="rest", q="hello") == "rest"
    assert who(Finder(engine), channel="web", q="hello") == "web"


@pytest.mark.parametrize("form", [{}, {"q": "number"}, {"skill": "recommend"}])
@pytest.mark.parametrize("sort", ["newest", "active", "unsure", "longest"])
def test_pages_by_key_hold_everything_once(engine: Engine, form: dict[str, str], sort: str) -> None:
    for number in range(25):
        turns = [Say(f"number {number}", confidence=(number % 3) / 3)] * (1 + number % 4)
        tell(engine, f"viewer-{number}", turns, NOON + number)
    Projector(engine).follow()
    filters = read({**form, "sort": sort})
    seen: list[int] = []
    after = ""
    for _ in range(20):
        page = Finder(engine).page(filters, after, size=4)
        seen += [each.row.id for each in page.found]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 25
    whole = [each.row.id for each in Finder(engine).page(filters, size=100).found]
    assert seen == whole


@given(
    form=st.dictionaries(
        st.sampled_from(
            (
                *("q", "skill", "intent", "entity", "slot", "sequence", "since", "until", "below"),
                *("language", "shortest", "rating", "feedback", "flag", "status", "assignee"),
                *("sort", "viewer", "fallback"),
            )
        ),
        st.text(max_size=30) | st.sampled_from(["recommend", "any", "3", "waiting", "2026-01-01"]),
    ),
    after=st.text(max_size=12) | st.sampled_from(["1:2", "nan:1", "inf:9", "1e9:99999999999999"]),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_form_breaks_the_list(finder: Finder, form: dict[str, str], after: str) -> None:
    finder.page(read(form), after)


def test_what_is_not_understood_is_named() -> None:
    filters = read({"since": "yesterday", "below": "400", "sequence": "dance", "q": "-x"})
    assert filters.wrong == ("q", "sequence", "since", "below") and filters.empty
    assert read({}) == Filters() and read({"q": "a"}) != Filters()


def test_a_sequence_names_what_it_does_not_know() -> None:
    assert compile_sequence("  ") is None
    for text in ("recommend > dance", "> recommend", "recommend >", ">" * 9):
        with pytest.raises(SequenceError):
            compile_sequence(text)
    only_leave = compile_sequence("leave")
    assert only_leave is not None and only_leave.left


def test_views_are_kept_shared_and_deleted(engine: Engine) -> None:
    views = SavedViews(engine)
    views.save("ana@example.org", "Angry", "category=insult", shared=True)
    views.save("ana@example.org", "Mine", "q=a", shared=False)
    views.save("ana@example.org", " Mine ", "q=b", shared=False)
    assert [(each.name, each.query) for each in views.of("ana@example.org")] == [
        ("Angry", "category=insult"),
        ("Mine", "q=b"),
    ]
    assert [each.name for each in views.of("bo@example.org")] == ["Angry"]
    angry = views.of("bo@example.org")[0].id
    assert not views.delete("bo@example.org", angry)
    assert views.delete("ana@example.org", angry)
    with pytest.raises(ViewError, match="name"):
        views.save("ana@example.org", "  ", "", shared=False)
    for number in range(MOST - 1):
        views.save("ana@example.org", str(number), "", shared=False)
    with pytest.raises(ViewError, match="many"):
        views.save("ana@example.org", "one more", "", shared=False)


def test_a_live_conversation_is_live(engine: Engine) -> None:
    tell(engine, "now", [Say("hello", "greet")], time.time() - 5)
    Projector(engine).follow()
    assert who(Finder(engine), status="live") == "now"
