"""References: names, ordinals, "it", and the options of our own questions."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue.title import Title
from bot.conversation.entity import Entity
from bot.conversation.reference import chosen, resolve
from bot.conversation.turn import Pending, Turn

TITLES = {
    title.id: title
    for title in (
        Title("heat-1995", "film", "Heat", 1995),
        Title("heat-1986", "film", "Heat", 1986),
        Title("dune-2021", "film", "Dune", 2021),
    )
}


class Shelf:
    """A catalogue of three films."""

    titles = TITLES

    def get(self, title_id: str) -> Title | None:
        return TITLES.get(title_id)


def turn(*entities: Entity, **state: Any) -> Turn:
    return Turn("v", "en", "text", "ask_director", entities=entities, **state)


def ids(reference: Any) -> list[str]:
    return [title.id for title in reference.titles]


HEAT = Entity("title", "Heat", 0, 4, "heat-1995", ("heat-1995", "heat-1986"))


def test_an_unclear_name_is_asked_about() -> None:
    found = resolve(turn(HEAT), Shelf())
    assert [title.id for title in found.choices] == ["heat-1995", "heat-1986"]


def test_a_year_makes_it_clear() -> None:
    found = resolve(turn(HEAT, Entity("years", {"from": 1986, "to": 1986})), Shelf())
    assert ids(found) == ["heat-1986"]


def test_the_title_talked_about_makes_it_clear() -> None:
    assert ids(resolve(turn(HEAT, focus="heat-1986"), Shelf())) == ["heat-1986"]


@pytest.mark.parametrize(
    ("position", "expected"), [(1, "heat-1995"), (2, "dune-2021"), (-1, "dune-2021")]
)
def test_ordinals_point_at_what_was_shown(position: int, expected: str) -> None:
    said = turn(Entity("ordinal", position), shown=("heat-1995", "dune-2021"))
    assert ids(resolve(said, Shelf())) == [expected]


def test_an_ordinal_out_of_range_is_no_title() -> None:
    said = turn(Entity("ordinal", 7), shown=("heat-1995", "dune-2021"))
    assert resolve(said, Shelf()).titles == ()


def test_it_is_the_title_in_focus_and_an_unknown_name_is_not() -> None:
    assert ids(resolve(turn(focus="dune-2021"), Shelf())) == ["dune-2021"]
    unknown = Entity("title", "Zorblax 3", 0, 4, match="unknown")
    found = resolve(turn(unknown, focus="dune-2021"), Shelf())
    assert found.titles == () and found.unknown == "text"


def test_options_are_picked_by_ordinal_title_or_year() -> None:
    question = Pending("which_title", "ask_director", ("heat-1995", "heat-1986"))
    for entity, expected in (
        (Entity("ordinal", 2), "heat-1986"),
        (Entity("title", "heat-1986", id="heat-1986"), "heat-1986"),
        (Entity("years", {"from": 1995, "to": 1995}), "heat-1995"),
        (Entity("ordinal", 9), None),
        (Entity("years", {"from": 1950, "to": 1950}), None),
    ):
        assert chosen(turn(entity, pending=question), Shelf()) == expected
    assert chosen(turn(Entity("ordinal", 1)), Shelf()) is None


def test_a_pending_question_survives_the_slot_and_resumes_with_the_choice() -> None:
    question = Pending(
        "which_title", "ask_year", ("a", "b"), ({"entity": "title", "value": "x"},), "when"
    )
    read = Pending.from_slot(question.to_slot())
    assert read == question
    resumed = turn(pending=read).resumed("dune-2021")
    assert (resumed.intent, resumed.text) == ("ask_year", "when")
    assert [entity.id for entity in resumed.all("title")] == ["dune-2021"]
    for junk in (None, {}, "text", 3, {"kind": ""}):
        assert Pending.from_slot(junk) is None


def test_a_shown_title_is_meant_by_its_name_though_that_is_a_word() -> None:
    shelf = {"up": Title("up", "film", "Up", 2009), "alien": Title("alien", "film", "Alien", 1979)}
    said = Turn("v", "en", "Up isn't for me", "refuse_title", shown=("alien", "up"), focus="alien")
    assert ids(resolve(said, shelf)) == ["up"]
    said = Turn("v", "en", "what is up with it", "refuse_title", shown=("up",), focus="alien")
    assert ids(resolve(said, shelf)) == ["alien"]


def test_another_year_is_another_film_of_that_name() -> None:
    years = Entity("years", {"from": 1986, "to": 1986})
    reference = resolve(turn(years, focus="heat-1995"), Shelf())
    assert ids(reference) == ["heat-1986"]
