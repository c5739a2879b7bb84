"""Questions about the service, handing over, privacy's questions, and what is not understood."""

from __future__ import annotations

import pytest

from actions.choices import Choose, Deny
from actions.handoff import Handoff
from actions.language import SetLanguage
from actions.out_of_scope import NotUnderstood, OutOfScope
from actions.privacy import PrivacyDelete, PrivacyExport, PrivacyShow
from actions.service import ServiceAnswer
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.wording import phrase
from tests.actions.conftest import Act, title, value


def test_a_chosen_answer_is_given_in_the_viewers_language(act: Act, services: Services) -> None:
    assert services.answers is not None
    found = services.answers.find("how do I turn on subtitles", "en", {})
    done = act(ServiceAnswer(), "/x", value("option", found[0].id), slots={"language": "zh"})
    assert done.value("answer") == found[0].answer("zh")


def test_without_any_answer_a_person_is_offered(act: Act) -> None:
    done = act(ServiceAnswer(), "zzz qqq", intent="service_question")
    assert "/talk_to_person" in done.buttons


@pytest.mark.parametrize(
    ("text", "reason"), [("get me a human", "asked"), ("/talk_to_person", "button")]
)
def test_a_handoff_is_recorded(act: Act, services: Services, text: str, reason: str) -> None:
    done = act(Handoff(), text, slots={"language": "zh"})
    assert done.responses == ["utter_handoff"]
    waiting = services.handoffs.pending()
    assert [(h.viewer, h.reason, h.language) for h in waiting] == [("v1", reason, "zh")]
    assert done.value("number") == waiting[0].id


def test_privacy_asks_before_it_acts(act: Act) -> None:
    assert act(PrivacyDelete(), "", intent="privacy_delete").slots["pending"]["kind"] == "confirm"
    assert act(PrivacyExport(), "", intent="privacy_export").slots["pending"]["kind"] == "confirm"


def test_what_is_kept_is_counted(act: Act, services: Services) -> None:
    services.viewers.rate("v1", "heat", 4, "number")
    services.viewers.watchlist_add("v1", "alien")
    services.viewers.refuse("v1", "laugh")
    done = act(PrivacyShow(), "")
    kept = {name: done.value(name) for name in ("ratings", "watchlist", "refused", "days")}
    assert kept == {"ratings": 1, "watchlist": 1, "refused": 1, "days": 365}


@pytest.mark.parametrize(
    ("said", "language"), [("Mandarin", "zh"), ("Cantonese", "zh"), ("English", "en")]
)
def test_the_language_asked_for(act: Act, said: str, language: str) -> None:
    slots = {"language": "en" if language == "zh" else "zh"}
    done = act(SetLanguage(), "", value("spoken_language", said), slots=slots)
    assert done.responses == [f"utter_language_is_{language}"]
    assert done.slots == {"language": language, "language_pin": language}


def test_a_language_we_do_not_speak(act: Act) -> None:
    done = act(SetLanguage(), "", value("spoken_language", "French"))
    assert done.responses == ["utter_language_not_spoken"] and done.slots == {}


def test_the_second_time_a_person_is_offered(act: Act) -> None:
    first = act(NotUnderstood(), "blorp")
    assert first.responses == ["utter_not_understood"] and first.slots == {"misunderstood": True}
    again = act(NotUnderstood(), "blorp", slots=first.slots)
    assert again.responses == ["utter_not_understood_again"]
    assert again.buttons[0] == "/talk_to_person"


def test_out_of_scope_offers_what_we_do(act: Act) -> None:
    assert "/recommend" in act(OutOfScope(), "book a flight").buttons


RANKING = [
    {"name": "nlu_fallback", "confidence": 0.65},
    {"name": "ask_runtime", "confidence": 0.3},
    {"name": "ask_year", "confidence": 0.25},
    {"name": "ask_plot", "confidence": 0.2},
]


def test_the_two_likeliest_readings_are_offered(act: Act) -> None:
    heat = title("heat", text="Heat", at=5)
    first = act(NotUnderstood(), "hmm, Heat??", heat, intent_ranking=RANKING)
    assert first.responses == ["utter_which_reading"]
    assert first.buttons == [
        '/choose{"option": "ask_runtime"}', '/choose{"option": "ask_year"}', "/deny",
    ]  # fmt: skip
    option = {"entity": "option", "value": "ask_year"}
    chosen = act(Choose(), '/choose{"option": "ask_year"}', option, slots=first.slots)
    assert chosen.responses == ["utter_year"] and chosen.value("when") == 1995


def test_neither_reading_brings_in_a_person(act: Act) -> None:
    first = act(NotUnderstood(), "hmm", intent_ranking=RANKING)
    done = act(Deny(), "/deny", slots=first.slots)
    assert done.responses == ["utter_not_understood_again"]
    assert "/talk_to_person" in done.buttons


def test_every_skill_that_may_be_offered_has_a_label() -> None:
    for name in SkillAction.skills:
        for language in ("en", "zh"):
            assert phrase(f"utter_reading_{name}", language)


@pytest.mark.parametrize(
    "said", ["good, I don't want an agent. who directed Heat", "那就不麻烦人工了，盗火线导演是谁"]
)
def test_a_person_who_is_not_wanted_is_not_called(act: Act, services: Services, said: str) -> None:
    ranking = [
        {"name": "talk_to_person", "confidence": 0.8},
        {"name": "ask_director", "confidence": 0.1},
    ]
    heat = title("heat")
    done = act(Handoff(), said, heat, intent="talk_to_person", intent_ranking=ranking)
    assert done.responses == ["utter_director"]
    assert act(Handoff(), "don't get a human, please").responses == ["utter_left_alone"]
