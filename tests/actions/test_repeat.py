"""Saying the last answer again."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.repeat import Repeat

USER = {"event": "user", "text": "hm"}
SLOT = {"event": "slot", "name": "language", "value": "en"}
CARDS = {"type": "titles", "cards": [{"id": "heat"}]}
BUTTON = {"title": "Yes", "payload": "/affirm"}


def bot(text: str | None, **data: Any) -> dict[str, Any]:
    return {"event": "bot", "text": text, "data": data}


def repeated(*events: dict[str, Any]) -> list[dict[str, Any]]:
    tracker = Tracker("v", {}, {"text": "what?"}, list(events), False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    after = asyncio.run(Repeat().run(dispatcher, tracker, {}))
    assert [event["event"] for event in after] == ["followup"]  # no slot is touched
    return dispatcher.messages


def test_texts_cards_and_buttons_come_again_in_their_order() -> None:
    first, second = repeated(
        USER,
        bot("old"),
        USER,
        SLOT,
        bot("Two of them:", buttons=[BUTTON]),
        bot(None, custom=CARDS),
        USER,
    )
    assert first["text"] == "Two of them:" and first["buttons"] == [BUTTON]
    assert second["text"] is None and second["custom"] == CARDS


def test_before_anything_was_said_there_is_nothing() -> None:
    (only,) = repeated(USER)
    assert only["response"] == "utter_nothing_to_repeat"


@given(st.lists(st.lists(st.text(min_size=1), max_size=3), max_size=4), st.integers(1, 3))
def test_it_may_be_asked_for_any_number_of_times(turns: list[list[str]], times: int) -> None:
    events = [event for texts in turns for event in (USER, *map(bot, texts))]
    last = next((texts for texts in reversed(turns) if texts), None)
    for _ in range(times):
        said = repeated(*events, USER)
        assert [m["text"] for m in said] == last if last else said[0]["response"]
        if last:
            events += [USER, *(bot(m["text"]) for m in said)]
