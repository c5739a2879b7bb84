"""Answers to our questions: options, yes and no, stars; and when nothing was asked."""

from __future__ import annotations

from typing import Any

import pytest

from actions.choices import Affirm, Choose, Deny
from actions.services import Services
from tests.actions.conftest import Act, Done, title, value

DUNE = title("dune-84", "dune-21")


def which(intent: str = "ask_runtime", *entities: Any) -> dict[str, Any]:
    return {
        "pending": {
            "kind": "which_title", "intent": intent, "options": ["dune-84", "dune-21"],
            "entities": [DUNE, *entities], "text": "Dune",
        }
    }  # fmt: skip


def confirm(intent: str) -> dict[str, Any]:
    return {"pending": {"kind": "confirm", "intent": intent}}


HOW_WAS_IT = {"pending": {"kind": "need_rating", "intent": "rate_title", "options": ["heat"]}}


@pytest.mark.parametrize(
    ("said", "entity"),
    [
        ("the second one", value("ordinal", 2)),
        ("the last", value("ordinal", -1)),
        ("2021", value("years", {"from": 2021, "to": 2021})),
        ('/choose{"title": "dune-21"}', {"entity": "title", "value": "dune-21"}),
        ("the newer one", value("number", 1)),
        ("新的那部", value("number", 1)),
    ],
)
def test_an_option_is_picked_in_any_of_these_ways(act: Act, said: str, entity: Any) -> None:
    done = act(Choose(), said, entity, slots=which())
    assert done.responses == ["utter_runtime"] and done.value("length") == "2 h 35 min"


def test_what_was_wanted_is_done_with_the_option(act: Act, services: Services) -> None:
    pending = which("rate_title", value("rating", 4.5))
    done = act(Choose(), "the first", value("ordinal", 1), slots=pending)
    assert done.responses == ["utter_rated"]
    assert [r.title_id for r in services.viewers.ratings("v1")] == ["dune-84"]


@pytest.mark.parametrize("said", ["hmm", "Dune"])
def test_what_picks_none_is_asked_again(act: Act, said: str) -> None:
    entities = [DUNE] if said == "Dune" else []
    done = act(Choose(), said, *entities, slots=which())
    assert done.responses == ["utter_ask_which_title"]
    assert "pending" not in done.slots  # it is as it was


def test_a_place_in_what_was_shown(act: Act) -> None:
    done = act(Choose(), "the second", value("ordinal", 2), slots={"shown": ["heat", "alien"]})
    assert done.cards == ["alien"]
    assert act(Choose(), "the second", value("ordinal", 2)).responses == ["utter_nothing_to_choose"]


def test_a_condition_picks_nothing_and_is_a_wish(act: Act) -> None:
    assert "laugh" in act(Choose(), "a comedy, then", value("genre", "Comedy")).cards


def filled(services: Services) -> None:
    services.viewers.rate("v1", "heat", 4, "number")
    services.viewers.watchlist_add("v1", "alien")


def gone(services: Services) -> bool:
    return not services.viewers.ratings("v1") and not services.viewers.watchlist("v1")


def test_yes_deletes_and_only_after_being_asked(act: Act, services: Services) -> None:
    filled(services)
    assert act(Affirm(), "yes").responses == ["utter_yes_to_what"]
    assert not gone(services)
    assert act(Affirm(), "yes", slots=confirm("privacy_delete")).responses == ["utter_deleted"]
    assert gone(services)


def test_no_and_a_lone_smiley_delete_nothing(act: Act, services: Services) -> None:
    filled(services)
    assert act(Deny(), "no", slots=confirm("privacy_delete")).responses == ["utter_left_alone"]
    done = act(Affirm(), "😀", slots=confirm("privacy_delete"))
    assert done.responses == ["utter_confirm_delete"] and not gone(services)


def test_an_export_is_a_file_with_what_is_kept(act: Act, services: Services) -> None:
    filled(services)
    done = act(Affirm(), "ok", slots=confirm("privacy_export"))
    file = next(m["custom"] for m in done.messages if m.get("custom"))
    assert file["type"] == "file" and '"heat"' in file["text"] and '"alien"' in file["text"]


def test_yes_takes_the_only_option_and_asks_again_among_more(act: Act) -> None:
    one = {"pending": {"kind": "which_title", "intent": "ask_year", "options": ["heat"]}}
    assert act(Affirm(), "yes", slots=one).responses == ["utter_year"]
    assert act(Affirm(), "yes", slots=which()).responses == ["utter_ask_which_title"]


@pytest.mark.parametrize(("said", "kept"), [(4, 4.0), (8, 4.0), (7, 3.5)])
def test_a_number_answers_how_was_it(act: Act, services: Services, said: int, kept: float) -> None:
    done: Done = act(Choose(), str(said), value("ordinal", said), slots=HOW_WAS_IT)
    assert done.responses == ["utter_rated"]
    assert [r.value for r in services.viewers.ratings("v1")] == [kept]


def test_no_with_a_number_corrects_the_rating(act: Act, services: Services) -> None:
    services.viewers.rate("v1", "heat", 3.5, "number")
    act(Deny(), "no, 8/10", value("rating", 4.0), slots={"focus": "heat"})
    assert [r.value for r in services.viewers.ratings("v1")] == [4.0]


def test_yes_and_no_to_nothing(act: Act) -> None:
    assert act(Affirm(), "yes").responses == ["utter_yes_to_what"]
    assert act(Deny(), "no").responses == ["utter_no_to_what"]
