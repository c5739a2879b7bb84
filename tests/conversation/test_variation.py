"""Variations of a response are not said twice while another one is left."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.variation import UnrepeatedResponses

DOMAIN = Domain.from_dict(
    {
        "responses": {
            "utter_film": [
                {"text": f"{word} {{title}}", "condition": [condition]}
                for word, language in (("See", "en"), ("Try", "en"), ("Watch", "en"), ("看", "zh"))
                for condition in ({"type": "slot", "name": "language", "value": language},)
            ]
        },
        "slots": {"language": {"type": "text", "mappings": [{"type": "custom"}]}},
    }
)


def said(tracker: DialogueStateTracker, **values: Any) -> str:
    made = UnrepeatedResponses(None, DOMAIN)
    response = asyncio.run(made.generate("utter_film", tracker, "rest", **values))
    assert response is not None
    tracker.update(BotUttered(response["text"]))
    return str(response["text"])


def conversation() -> DialogueStateTracker:
    tracker = DialogueStateTracker.from_events("v", [], slots=DOMAIN.slots)
    tracker.update(SlotSet("language", "en"))
    return tracker


def test_every_variation_comes_before_one_comes_again() -> None:
    tracker = conversation()
    first = [said(tracker, title="Heat") for _ in range(3)]
    assert sorted(first) == ["See Heat", "Try Heat", "Watch Heat"]
    # Then in the same order: the one longest ago first.
    assert [said(tracker, title="Heat") for _ in range(3)] == first


def test_the_same_words_about_another_film_are_new_words() -> None:
    tracker = conversation()
    for _ in range(3):
        said(tracker, title="Heat")
    assert said(tracker, title="Alien").endswith("Alien")


def test_what_the_domain_does_not_have_is_none() -> None:
    made = UnrepeatedResponses(None, DOMAIN)
    assert asyncio.run(made.generate("utter_else", conversation(), "rest")) is None
