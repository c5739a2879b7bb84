"""Standing requests: what is said changes, what is not said stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.filters import Filters
from bot.catalogue.title import GENRES, Title
from bot.conversation.entity import Entity
from bot.conversation.standing_request import StandingRequest

SHOWN = [
    Title("a-1990", "film", "A", 1990, runtime=100),
    Title("b-2000", "film", "B", 2000, runtime=120),
    Title("c-2010", "film", "C", 2010, runtime=140),
]


def test_refining_keeps_the_rest() -> None:
    request = StandingRequest().with_entities(
        [
            Entity("genre", "Comedy"),
            Entity("years", {"from": 1990, "to": 1999}),
            Entity("runtime", {"min": None, "max": 120}),
        ]
    )
    refined = request.with_entities([Entity("genre", "Horror", negated=True)])
    assert refined.filters.genres == ("Comedy",)
    assert refined.filters.not_genres == ("Horror",)
    assert (refined.filters.year_from, refined.filters.year_to) == (1990, 1999)
    assert refined.filters.runtime_max == 120


def test_a_genre_refused_and_then_wanted_is_wanted() -> None:
    request = StandingRequest().with_entities([Entity("genre", "Horror", negated=True)])
    request = request.with_entities([Entity("genre", "Horror")])
    assert request.filters.genres == ("Horror",)
    assert request.filters.not_genres == ()


def test_directions_start_from_what_was_shown() -> None:
    assert StandingRequest().moved(["shorter"], SHOWN).filters.runtime_max == 119
    assert StandingRequest().moved(["longer"], SHOWN).filters.runtime_min == 121
    assert StandingRequest().moved(["newer"], SHOWN).filters.year_from == 2001
    assert StandingRequest().moved(["older"], SHOWN).filters.year_to == 1999
    assert StandingRequest().moved(["funnier"], SHOWN).moods == ("funny",)


def test_relaxing_gives_up_one_kind_of_wish_at_a_time() -> None:
    request = StandingRequest(
        filters=Filters(genres=("War",), runtime_max=80, year_to=1939, people=("x",))
    )
    steps = list(request.relaxed())
    assert [given_up[-1] for _, given_up in steps] == ["runtime_max", "year_to", "genres", "people"]
    assert steps[-1][0].filters == Filters()
    newest = Filters(genres=("War",))
    steps = list(request.relaxed(StandingRequest(filters=newest).set_filters()))
    assert [given_up[-1] for _, given_up in steps] == ["runtime_max", "year_to", "people", "genres"]


entities = st.lists(
    st.one_of(
        st.builds(Entity, st.just("genre"), st.sampled_from(GENRES), negated=st.booleans()),
        st.builds(
            Entity, st.just("mood"), st.sampled_from(["light", "dark"]), negated=st.booleans()
        ),
        st.builds(Entity, st.just("country"), st.sampled_from(["France", "China"])),
        st.builds(Entity, st.just("number"), st.integers(-5, 50)),
        st.builds(Entity, st.just("kind"), st.sampled_from(["film", "series"])),
        # What a hostile button could carry.
        st.builds(
            Entity, st.sampled_from(["genre", "years", "runtime"]), st.none() | st.integers()
        ),
    ),
    max_size=6,
)


@given(entities)
def test_a_request_survives_the_slot(said: list[Entity]) -> None:
    request = StandingRequest().with_entities(said)
    assert StandingRequest.from_slot(request.to_slot()) == StandingRequest(
        filters=request.filters,
        tastes={},
        moods=request.moods,
        similar_to=request.similar_to,
        count=request.count,
    )
    assert not set(request.filters.genres) & set(request.filters.not_genres)


def test_less_scary_turns_a_wish_for_something_scary_round() -> None:
    assert StandingRequest(moods=("scary",)).moved(["less_violent"], ()).moods == ("-scary",)
    assert StandingRequest(moods=("funny",)).moved(["less_violent"], ()).moods == (
        "funny",
        "-violent",
    )
