"""Comparing titles named, pointed at, or shown last."""

from __future__ import annotations

import pytest

from actions.compare import Compare
from tests.actions.conftest import Act, title, value

SHOWN = {"shown": ["heat", "alien", "galaxy"]}


@pytest.mark.parametrize(
    ("direction", "first"),
    [("longer", "heat"), ("shorter", "galaxy"), ("older", "alien"), ("newer", "galaxy")],
)
def test_the_one_that_goes_furthest_is_named(act: Act, direction: str, first: str) -> None:
    done = act(Compare(), "which one?", value("direction", direction), slots=SHOWN)
    assert done.responses == [f"utter_compare_{direction}"]
    assert done.slots["focus"] == first


def test_titles_named_are_compared_alone(act: Act) -> None:
    done = act(
        Compare(), "is Alien longer than Heat", title("alien"), title("heat"),
        value("direction", "longer"), slots={"shown": ["farewell", "laugh"]},
    )  # fmt: skip
    assert done.value("list") == "Heat (2 h 50 min) and Alien (1 h 57 min)"


def test_a_title_is_compared_with_the_one_talked_about(act: Act) -> None:
    done = act(
        Compare(), "is it longer than Heat", title("heat"), value("direction", "longer"),
        slots={"focus": "farewell"},
    )  # fmt: skip
    assert done.value("title") == "Farewell My Concubine"


def test_two_places_are_two_titles(act: Act) -> None:
    done = act(
        Compare(), "first or third, which is shorter", value("ordinal", 1), value("ordinal", 3),
        value("direction", "shorter"), slots=SHOWN,
    )  # fmt: skip
    assert "Alien" not in str(done.value("list")) and done.slots["focus"] == "galaxy"


def test_the_fact_asked_for_is_told_from_the_other_readings(act: Act) -> None:
    ranking = [
        {"name": "compare", "confidence": 0.7},
        {"name": "ask_runtime", "confidence": 0.2},
    ]
    done = act(Compare(), "which?", intent="compare", intent_ranking=ranking, slots=SHOWN)
    assert done.responses == ["utter_compare_longer"]


def test_side_by_side_when_nothing_is_asked_for(act: Act) -> None:
    done = act(Compare(), "compare them", slots=SHOWN)
    assert done.responses == ["utter_compare"]
    assert str(done.value("list")).count("\n") == 2


def test_what_is_not_known_is_said(act: Act) -> None:
    done = act(
        Compare(), "which is better", value("direction", "better"),
        slots={"shown": ["alien", "laugh"]},
    )  # fmt: skip
    assert done.responses == ["utter_compare_unknown"]


def test_equal_ones_are_said_to_be_equal(act: Act) -> None:
    done = act(
        Compare(), "which is better known", value("direction", "more_popular"),
        slots={"shown": ["laugh", "galaxy"]},
    )  # fmt: skip
    assert done.responses == ["utter_compare_equal"]


def test_nothing_to_compare_is_asked_about(act: Act) -> None:
    assert act(Compare(), "compare").responses == ["utter_compare_what"]


def test_one_place_after_a_fact_asks_for_that_fact(act: Act) -> None:
    slots = {**SHOWN, "last_fact": "ask_runtime"}
    done = act(Compare(), "and the third?", value("ordinal", 3), slots=slots)
    assert done.responses == ["utter_runtime"] and done.slots["focus"] == "galaxy"
