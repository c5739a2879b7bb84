"""The last answer once more, for whoever missed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.skill import LISTEN


class Repeat(Action):
    """Say the last answer again, word for word, with its cards and buttons.

    A question of ours stays open, and what was shown may be chosen from as before.
    """

    def name(self) -> str:
        return "action_repeat"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        answer = last_answer(tracker.events)
        for said in answer:
            data = said.get("data") or {}
            dispatcher.utter_message(
                text=said.get("text"),
                image=data.get("image"),
                attachment=data.get("attachment"),
                buttons=data.get("buttons"),
                json_message=data.get("custom"),
            )
        if not answer:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        return [FollowupAction(LISTEN)]


def last_answer(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The events of what was said last to a message of the viewer; empty where nothing was."""
    answer: list[Mapping[str, Any]] = []
    answered = True
    for event in events:
        if event["event"] == "user":
            answered = True
        elif event["event"] == "bot":
            answer = [event] if answered else [*answer, event]
            answered = False
    return answer
