"""Facts: the one asked for, of the title that is meant; unclear and unknown titles."""

from __future__ import annotations

import pytest

from actions.title_facts import FACTS, TitleFact
from tests.actions.conftest import MANN, Act, title, value


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("ask_director", {"people": "Michael Mann"}),
        ("ask_cast", {"people": "Al Pacino"}),
        ("ask_year", {"when": 1995}),
        ("ask_runtime", {"length": "2 h 50 min"}),
        ("ask_genre", {"genres": "Crime and Thriller"}),
        ("ask_score", {"score": "7.8", "n": 300}),
        ("ask_names", {"names": "盗火线"}),
    ],
)
def test_a_fact(act: Act, intent: str, said: dict[str, object]) -> None:
    done = act(TitleFact(), "…", title("heat"), intent=intent)
    assert done.responses == [FACTS[intent][0]]
    assert {name: done.value(name) for name in said} == said
    assert done.slots["focus"] == "heat"


def test_the_chinese_name_asked_for_is_the_answer(act: Act) -> None:
    done = act(TitleFact(), "its Chinese name?", title("heat"), intent="ask_names")
    assert done.responses == ["utter_chinese_name"] and done.value("names") == "盗火线"


def test_the_director_just_named_is_whom_he_means(act: Act) -> None:
    done = act(TitleFact(), "who directed Heat", title("heat"), intent="ask_director")
    assert done.slots["focus_person"] == MANN


@pytest.mark.parametrize("intent", ["ask_plot", "ask_country", "ask_seasons"])
def test_a_fact_that_is_not_known_is_said_to_be_so(act: Act, intent: str) -> None:
    assert act(TitleFact(), "…", title("heat"), intent=intent).responses == ["utter_fact_unknown"]


def test_two_facts_asked_at_once_are_both_told(act: Act) -> None:
    ranking = [
        {"name": "ask_director", "confidence": 0.9},
        {"name": "ask_runtime", "confidence": 0.25},
    ]
    said = "director and length of Heat?"
    done = act(TitleFact(), said, title("heat"), intent="ask_director", intent_ranking=ranking)
    assert done.responses == ["utter_director", "utter_runtime"]
    single = act(
        TitleFact(), "who directed Heat?", title("heat"), intent="ask_director",
        intent_ranking=ranking,
    )  # fmt: skip
    assert single.responses == ["utter_director"]


def test_an_unclear_title_is_asked_about_with_buttons(act: Act) -> None:
    done = act(TitleFact(), "who directed Dune", title("dune-84", "dune-21"), intent="ask_director")
    assert done.responses == ["utter_ask_which_title"]
    assert done.buttons == ['/choose{"title": "dune-84"}', '/choose{"title": "dune-21"}']
    assert done.slots["pending"]["intent"] == "ask_director"


@pytest.mark.parametrize("said", ["1984", "Dune 1984", "the original", "老版"])
def test_a_short_reply_to_the_question_goes_on_with_what_was_asked(act: Act, said: str) -> None:
    asked = act(TitleFact(), "how long is Dune", title("dune-84", "dune-21"), intent="ask_runtime")
    entities = [value("years", {"from": 1984, "to": 1984})] if "1984" in said else []
    if "Dune" in said:
        entities.append(title("dune-21", "dune-84"))
    done = act(TitleFact(), said, *entities, intent="ask_title", slots=asked.slots)
    assert done.responses == ["utter_runtime"] and done.value("length") == "2 h 17 min"
    assert done.slots["pending"] is None


def test_an_unknown_title_gets_near_ones(act: Act) -> None:
    unknown = {
        "entity": "title",
        "value": "Galaxy Qest",
        "match": "unknown",
        "extractor": "GazetteerExtractor",
        "start": 13,
        "end": 24,
    }
    done = act(TitleFact(), "who directed Galaxy Qest", unknown, intent="ask_director")
    assert done.responses == ["utter_unknown_title_near"]
    assert done.buttons == ['/choose{"title": "galaxy"}']
