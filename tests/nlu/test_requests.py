"""Messages that ask for two things, with a made ranking of intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import clauses
from bot.nlu.requests import is_question, last_clause, requests_in

INTENTS = {
    "directed": "ask_director",
    "导演": "ask_director",
    "long": "ask_runtime",
    "list": "watchlist_add",
    "片单": "watchlist_add",
    "recommend": "recommend",
    "推荐": "recommend",
    "next": "recommend",
    "loved": "rate_title",
    "hi": "greet",
    "subtitles": "service_question",
    "字幕": "service_question",
    "put": "play_title",
    "no": "deny",
}


def rank(text: str, entities: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = [intent for word, intent in INTENTS.items() if word in text.lower()]
    return [
        {"name": found[0] if found else "out_of_scope", "confidence": 0.9 if found else 0.2},
    ]


def parted(text: str) -> list[tuple[str, str]]:
    return [(request.text, request.intent) for request in requests_in(text, [], rank)]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("who directed it? add it to my list", ["ask_director", "watchlist_add"]),
        ("who directed it and how long does it run", ["ask_director", "ask_runtime"]),
        ("recommend a comedy, also my subtitles broke", ["recommend", "service_question"]),
        ("谁导演的，顺便加到我的片单", ["ask_director", "watchlist_add"]),
        ("字幕不见了。另外推荐一部喜剧", ["service_question", "recommend"]),
    ],
)  # fmt: skip
def test_two_requests_are_told(text: str, requests: list[str]) -> None:
    assert [intent for _, intent in parted(text)] == requests


@pytest.mark.parametrize(
    "text",
    [
        "who directed Heat",
        "recommend a comedy, something light",  # the second clause is nothing of its own
        "no, who directed it?",  # an answer to a question of ours
        "who directed Alien, who directed Heat",  # the same twice is for the action to see
    ],
)
def test_one_request_is_left_whole(text: str) -> None:
    assert parted(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("and Recommended, how long?", "Recommended"), ("那推荐人，谁导演的", "推荐人")],
)
def test_a_name_alone_is_no_request_of_its_own(text: str, name: str) -> None:
    start = text.index(name)
    title = {"entity": "title", "start": start, "end": start + len(name)}
    assert requests_in(text, [title], rank) == []
    assert len(requests_in(text, [], rank)) == 2


def test_an_opinion_is_the_ground_for_what_is_wished() -> None:
    assert parted("I loved it. What next?") == [("I loved it. What next?", "recommend")]


def test_praise_is_the_ground_for_what_is_to_be_played() -> None:
    text = "I loved the look of it. Put it on now"
    assert parted(text) == [(text, "play_title")]
    alien = {"entity": "title", "start": 20, "end": 25, "value": "Alien"}
    both = requests_in("I loved it. Put on   Alien now", [alien], rank)
    assert [request.intent for request in both] == ["rate_title", "play_title"]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("it was directed in 1954 I think. How long is it?", ["ask_runtime"]),
        ("好像是他自己导演的吧。加到我的片单", ["watchlist_add"]),
        ("tell me who directed it. How long is it?", ["ask_director", "ask_runtime"]),
        ("告诉我导演名字。加到我的片单", ["ask_director", "watchlist_add"]),
    ],
)
def test_what_only_tells_a_fact_asks_for_nothing(text: str, requests: list[str]) -> None:
    assert [intent for _, intent in parted(text)] == requests


def test_a_courtesy_does_not_hide_the_request_after_it() -> None:
    assert parted("hi there! who directed it?") == [("who directed it?", "ask_director")]


def test_places_of_entities_are_those_in_their_clause() -> None:
    text = "how long is it? who directed Heat"
    heat = {"entity": "title", "start": 29, "end": 33, "value": "Heat"}
    first, second = requests_in(text, [heat], rank)
    assert not first.entities
    (moved,) = second.entities
    assert second.text[moved["start"] : moved["end"]] == "Heat"


def test_no_border_lies_in_a_name() -> None:
    text = "who directed Me and You and Everyone We Know"
    assert clauses(text, [(13, len(text))]) == [(0, len(text))]


@given(st.text(alphabet="ab和，。?, and也还有and who\n", max_size=300))
def test_clauses_are_in_order_and_hold_every_word(text: str) -> None:
    spans = clauses(text)
    assert all(start <= end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert spans[0][0] == 0 and spans[-1][1] == len(text)


def test_what_leads_up_to_a_question_is_left_out() -> None:
    text = "yes, that one from 2004. Who directed Heat"
    heat = {"entity": "title", "start": 38, "end": 42, "value": "Heat"}
    clause = last_clause(text, [heat])
    assert clause == ("Who directed Heat", [{**heat, "start": 13, "end": 17}])
    assert last_clause("who directed Heat", []) is None


def test_a_title_with_a_comma_is_one_clause() -> None:
    text = "who directed I, Tonya Harding"
    assert last_clause(text, [{"entity": "title", "start": 13, "end": len(text)}]) is None


@pytest.mark.parametrize(
    ("clause", "asks"),
    [("那是谁拍的", True), ("好看吗", True), ("Who made it", True), ("我也想看。", False),
     ("put it on my list", False), ("really?", True), ("哪里都不去", True), ("", False)],
)  # fmt: skip
def test_questions_are_told_by_sign_or_words(clause: str, asks: bool) -> None:
    assert is_question(clause) is asks
