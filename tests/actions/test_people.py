"""Filmographies, work together, and who somebody is."""

from __future__ import annotations

from actions.people import AboutPerson, Collaboration, Filmography
from tests.actions.conftest import MANN, PACINO, SCOTT, WEAVER, Act, person, value


def test_a_filmography_is_newest_first_and_can_be_narrowed(act: Act) -> None:
    assert act(Filmography(), "Weaver's films", person(WEAVER)).cards == ["galaxy", "alien"]
    comedies = act(Filmography(), "", person(WEAVER), value("genre", "Comedy"))
    assert comedies.cards == ["galaxy"]
    seventies = act(Filmography(), "", person(WEAVER), value("years", {"from": 1970, "to": 1979}))
    assert seventies.cards == ["alien"]


def test_films_of_two_people_are_those_with_both(act: Act) -> None:
    done = act(Filmography(), "", person(SCOTT), person(WEAVER))
    assert done.cards == ["alien"] and done.slots["focus_person"] == WEAVER


def test_he_and_she_are_the_one_talked_about(act: Act) -> None:
    done = act(Filmography(), "what else did she play in", slots={"focus_person": WEAVER})
    assert done.cards == ["galaxy", "alien"]


def test_who_is_she_is_the_one_talked_about(act: Act) -> None:
    slots = {"focus_person": WEAVER}
    said = act(AboutPerson(), "who is she?", intent="ask_person", slots=slots)
    assert said.cards
    nobody = act(AboutPerson(), "who is that", intent="ask_person", slots=slots)
    assert nobody.responses == ["utter_ask_person"]


def test_work_together(act: Act) -> None:
    together = act(Collaboration(), "", person(MANN), person(PACINO), intent="ask_collaboration")
    assert together.responses == ["utter_together"] and together.cards == ["heat"]
    never = act(Collaboration(), "", person(MANN), person(WEAVER), intent="ask_collaboration")
    assert never.responses == ["utter_never_together"]


def test_the_person_talked_about_is_the_other_one(act: Act) -> None:
    slots = {"focus_person": PACINO}
    done = act(Collaboration(), "with Mann?", person(MANN), intent="ask_collaboration", slots=slots)
    assert done.responses == ["utter_together"]


def test_who_somebody_is(act: Act) -> None:
    assert act(AboutPerson(), "", person(MANN)).responses == ["utter_person_directs"]
    assert act(AboutPerson(), "", person(WEAVER)).responses == ["utter_person_plays"]


def test_an_unknown_name_is_said_and_no_name_is_asked_for(act: Act) -> None:
    unknown = {
        "entity": "person",
        "value": "Jo Zorb",
        "match": "unknown",
        "extractor": "GazetteerExtractor",
        "start": 7,
        "end": 14,
    }
    done = act(AboutPerson(), "who is Jo Zorb", unknown)
    assert done.responses == ["utter_unknown_person"] and done.value("person") == "Jo Zorb"
    assert act(AboutPerson(), "who is that").slots["pending"]["kind"] == "need_person"
