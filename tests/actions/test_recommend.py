"""Recommending: filters hold, what is known is left out, nothing found is said."""

from __future__ import annotations

from actions.recommend import Explain, MoreOptions, Recommend, Refine, Undo
from actions.services import Services
from tests.actions.conftest import WEAVER, Act, person, title, value


def test_conditions_hold(act: Act) -> None:
    done = act(
        Recommend(), "sci-fi, not horror", value("genre", "Sci-Fi"), value("genre", "Horror", True)
    )
    assert set(done.cards) == {"dune-84", "dune-21", "galaxy"}
    assert done.slots["shown"] == done.cards
    assert done.slots["request"]["filters"] == {"genres": ["Sci-Fi"], "not_genres": ["Horror"]}


def test_a_length_is_a_films_length_unless_a_series_is_asked_for(act: Act) -> None:
    limit = value("runtime", {"min": None, "max": 100})
    assert act(Recommend(), "under 100 minutes", limit).cards == ["laugh"]
    episode = value("runtime", {"min": None, "max": 30})
    assert act(Recommend(), "half an hour", episode).cards == ["friends"]
    series = act(Recommend(), "a series under 100", limit, value("kind", "series"))
    assert series.cards == ["friends"]


def test_rated_seen_and_refused_titles_are_never_offered(act: Act, services: Services) -> None:
    services.viewers.rate("v1", "heat", 5, "number")
    services.viewers.mark_seen("v1", "alien")
    services.viewers.refuse("v1", "dune-21")
    shown = set()
    request = None
    for _ in range(4):
        done = act(MoreOptions(), "more", slots={"request": request, "shown": list(shown)})
        shown.update(done.cards)
        request = done.slots.get("request", request)
    assert shown and not shown & {"heat", "alien", "dune-21"}


def test_refining_keeps_the_rest(act: Act) -> None:
    first = act(Recommend(), "sci-fi", value("genre", "Sci-Fi"))
    then = act(
        Refine(), "newer than 1990", value("years", {"from": 1990, "to": None}), slots=first.slots
    )
    assert set(then.cards) == {"dune-21", "galaxy"}


def test_what_cannot_be_met_is_given_up_and_said(act: Act) -> None:
    done = act(
        Recommend(), "", value("genre", "Horror"), value("years", {"from": 2050, "to": None})
    )
    assert done.cards == ["alien"] and done.responses == ["utter_relaxed"]
    assert done.value("dropped") == "the years"


def test_a_mood_is_said_only_of_what_has_it(act: Act) -> None:
    done = act(Recommend(), "funny sci-fi", value("genre", "Sci-Fi"), value("mood", "funny"))
    shown = next(m["custom"]["cards"] for m in done.messages if m.get("custom"))
    for card in shown:
        assert ("funny" in card["why"]) == (card["id"] == "galaxy"), card


def test_somebody_elses_she_is_no_film(act: Act) -> None:
    she = value("reference", "them")
    done = act(
        Recommend(), "she likes comedies", she, value("genre", "Comedy"), slots={"focus": "heat"}
    )
    assert set(done.cards) == {"galaxy", "laugh", "friends"}
    assert done.slots["request"]["similar_to"] == []


def test_like_it_leans_on_the_title_in_focus(act: Act) -> None:
    done = act(Recommend(), "more like it", value("reference", "it"), slots={"focus": "heat"})
    assert done.slots["request"]["similar_to"] == ["heat"]


def test_a_wish_like_an_unknown_title_says_so(act: Act) -> None:
    unknown = {
        "entity": "title",
        "value": "Zorblax",
        "match": "unknown",
        "extractor": "GazetteerExtractor",
        "start": 5,
        "end": 12,
    }
    done = act(Recommend(), "like Zorblax", unknown)
    assert done.responses[0].startswith("utter_unknown_title") and not done.cards


def test_why_before_anything_was_recommended(act: Act) -> None:
    assert act(Explain(), "why?").responses == ["utter_nothing_to_explain"]
    asked = act(Explain(), "why Dune?", title("dune-84", "dune-21"))
    assert asked.slots["pending"]["options"] == ["dune-84", "dune-21"]


def test_something_similar_is_like_the_title_talked_about(act: Act) -> None:
    for said in ("give me something similar", "给我来点类似的"):
        done = act(Recommend(), said, slots={"focus": "heat"})
        assert done.slots["request"]["similar_to"] == ["heat"]


def test_the_person_asked_for_is_who_he_is_next(act: Act) -> None:
    done = act(Recommend(), "something with Weaver", person(WEAVER))
    assert done.slots["focus_person"] == WEAVER


def test_without_the_recommender_titles_are_shown_and_it_is_said(act: Act) -> None:
    done = act(Recommend(), "something to watch")
    assert done.responses == ["utter_recommendations_without_taste"] and done.cards


def test_a_lone_condition_adds_to_the_standing_request(act: Act) -> None:
    first = act(Recommend(), "sci-fi", value("genre", "Sci-Fi"))
    years = value("years", {"from": 1990, "to": None})
    then = act(Recommend(), "I'd rather it was after 1990", years, slots=first.slots)
    assert set(then.cards) == {"dune-21", "galaxy"}


def test_a_wish_of_its_own_begins_anew(act: Act) -> None:
    first = act(Recommend(), "sci-fi", value("genre", "Sci-Fi"))
    then = act(Recommend(), "recommend a comedy", value("genre", "Comedy"), slots=first.slots)
    assert "laugh" in then.cards


def test_undo_goes_back_step_by_step(act: Act) -> None:
    slots: dict[str, object] = {}
    for action, said in (
        (Recommend(), value("genre", "Sci-Fi")),
        (Refine(), value("years", {"from": 1990, "to": None})),
        (Refine(), value("genre", "Comedy", True)),
    ):
        slots |= act(action, "…", said, slots=slots).slots
    once = act(Undo(), "undo", slots=slots)
    assert set(once.cards) == {"dune-21", "galaxy"}
    twice = act(Undo(), "undo", slots=slots | dict(once.slots))
    assert set(twice.cards) == {"dune-84", "dune-21", "alien", "galaxy"}
    thrice = act(Undo(), "undo", slots=slots | dict(once.slots) | dict(twice.slots))
    assert thrice.responses == ["utter_nothing_to_undo"]


def test_undo_with_another_wish_is_that_wish(act: Act) -> None:
    comedy, years = value("genre", "Comedy"), value("years", {"from": 1990, "to": None})
    first = act(Undo(), "scrap that, rather a comedy", comedy)
    assert "laugh" in first.cards
    slots = dict(act(Recommend(), "sci-fi", value("genre", "Sci-Fi")).slots)
    slots |= act(Refine(), "after 1990", years, slots=slots).slots
    other = act(Undo(), "no wait, comedies instead", comedy, slots=slots)
    assert "laugh" in other.cards
    back = act(Undo(), "undo the years from 1990", years, slots=slots)
    assert set(back.cards) == {"dune-84", "dune-21", "alien", "galaxy"}
