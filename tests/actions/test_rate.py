"""Ratings in numbers, several at once, titles seen or not, refusals, and taking back."""

from __future__ import annotations

import pytest

from actions.rate import RateTitle, RefuseTitle, SeenTitle, TakeBackRating, _clause
from actions.services import Services
from bot.conversation.entity import Entity
from tests.actions.conftest import Act, title, value


def rated(services: Services) -> dict[str, float]:
    return {rating.title_id: rating.value for rating in services.viewers.ratings("v1")}


def test_a_number_is_kept_and_said(act: Act, services: Services) -> None:
    done = act(RateTitle(), "9/10 for Heat", title("heat"), value("rating", 4.5))
    assert done.responses == ["utter_rated"] and done.value("stars") == "★★★★½"
    assert rated(services) == {"heat": 4.5} and "heat" in services.viewers.seen("v1")


@pytest.mark.parametrize(("said", "kept"), [(0.1, 0.5), (3.3, 3.5), (9, 5.0)])
def test_a_number_off_the_scale_is_brought_onto_it(
    act: Act, services: Services, said: float, kept: float
) -> None:
    act(RateTitle(), "", title("heat"), value("rating", said))
    assert rated(services) == {"heat": kept}


def test_each_title_gets_its_own_number(act: Act, services: Services) -> None:
    text = "5 for Heat, 2 for Alien"
    act(
        RateTitle(), text, value("rating", 5.0), title("heat", text="Heat", at=6),
        value("rating", 2.0), title("alien", text="Alien", at=18),
    )  # fmt: skip
    assert rated(services) == {"heat": 5.0, "alien": 2.0}


def test_one_number_is_for_all(act: Act, services: Services) -> None:
    act(RateTitle(), "Heat and Alien: 4", title("heat"), title("alien"), value("rating", 4.0))
    assert rated(services) == {"heat": 4.0, "alien": 4.0}


@pytest.mark.parametrize(
    ("text", "name", "clause"),
    [
        ("I loved Heat but hated Alien", "Heat", "I loved"),
        ("I loved Heat but hated Alien", "Alien", "hated"),
        ("教父很好看，异形太无聊了", "异形", "太无聊了"),
    ],
)
def test_an_opinion_is_read_from_the_clause_of_its_title(text: str, name: str, clause: str) -> None:
    entity = Entity("title", name, text.index(name), text.index(name) + len(name))
    assert _clause(text, entity).strip() == clause


def test_without_the_classifier_stars_are_offered_and_it_is_said(
    act: Act, services: Services
) -> None:
    done = act(RateTitle(), "Heat, well", title("heat"))
    assert done.responses == ["utter_ask_rating_in_stars"] and len(done.buttons) == 5
    assert done.buttons[0] == '/rate_title{"title": "heat", "rating": 5}'
    assert done.slots["pending"]["options"] == ["heat"] and rated(services) == {}


def test_which_film_is_asked_before_the_number_is_kept(act: Act, services: Services) -> None:
    done = act(RateTitle(), "8 for Dune", title("dune-84", "dune-21"), value("rating", 4.0))
    assert done.responses == ["utter_ask_which_title"] and rated(services) == {}


def test_all_titles_seen_are_remembered(act: Act, services: Services) -> None:
    act(SeenTitle(), "I've seen Heat and Alien", title("heat"), title("alien"))
    assert services.viewers.seen("v1") == {"heat", "alien"}


def test_not_having_seen_a_title_leaves_it_on_offer(act: Act, services: Services) -> None:
    services.viewers.mark_seen("v1", "heat")
    done = act(SeenTitle(), "I haven't seen Heat", title("heat", negated=True))
    assert done.responses == ["utter_not_seen"] and services.viewers.seen("v1") == set()


def test_a_refused_title_is_remembered(act: Act, services: Services) -> None:
    assert act(RefuseTitle(), "not Heat", title("heat")).responses == ["utter_refused"]
    assert services.viewers.refusals("v1") == {"heat"}


def test_taking_back_is_of_the_last_or_of_the_one_named(act: Act, services: Services) -> None:
    for title_id in ("heat", "alien", "galaxy"):
        services.viewers.rate("v1", title_id, 4, "number")
    assert act(TakeBackRating(), "undo").value("title") == "Galaxy Quest"
    act(TakeBackRating(), "undo Heat", title("heat"))
    assert rated(services) == {"alien": 4.0}
    act(TakeBackRating(), "undo")
    assert act(TakeBackRating(), "undo").responses == ["utter_nothing_to_take_back"]


@pytest.mark.parametrize("rating", ["x", None, -99, 0, {"a": 1}])
def test_a_forged_rating_is_asked_for_instead_of_kept(
    act: Act, services: Services, rating: object
) -> None:
    done = act(RateTitle(), "/rate_title{}", title("heat"), value("rating", rating))
    assert done.responses == ["utter_ask_rating"]
    assert rated(services) == {}


def test_undo_where_nothing_was_rated_is_of_the_request(act: Act) -> None:
    slots = {"earlier_requests": [{"filters": {"genres": ["Comedy"]}}]}
    done = act(TakeBackRating(), "undo", slots=slots)
    assert done.cards and done.slots["earlier_requests"] == []
