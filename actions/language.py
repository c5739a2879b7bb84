"""The language of the answers: detected at every message, or asked for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.recommend import Refine
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.reply import Reply
from bot.conversation.turn import LANGUAGES, Turn

OF_ENTITY = {"English": "en", "Mandarin": "zh", "Cantonese": "zh", "Chinese": "zh"}


class ReplyLanguage(Action):
    """Fill the slot `language` before anything is said: asked for, else detected, else as before.

    It runs for every message as the slot's mapping, so it does nothing but this.
    """

    def name(self) -> str:
        return "action_reply_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        now = tracker.get_slot("language")
        message = tracker.latest_message or {}
        said = message.get("language") or (message.get("metadata") or {}).get("language")
        wanted = tracker.get_slot("language_pin") or said
        if wanted not in LANGUAGES:
            wanted = now if now in LANGUAGES else "en"
        return [] if wanted == now else [SlotSet("language", wanted)]


class SetLanguage(SkillAction):
    """Answer in the language asked for from now on."""

    action = "action_set_language"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if turn.request is not None and turn.first("country"):
            # "Korean if possible": a film, and not our words, should be so.
            Refine().answer(turn, reply, services)
            return
        asked = turn.first("spoken_language") or turn.first("language")
        wanted = OF_ENTITY.get(str(asked.value), str(asked.value)) if asked else None
        if wanted is None and asked is None:
            wanted = "zh" if turn.language == "en" else "en"
        if wanted not in LANGUAGES:
            reply.say("utter_language_not_spoken")
            return
        reply.slots.update(language=wanted, language_pin=wanted)
        reply.say(f"utter_language_is_{wanted}")
