"""The base of every custom action: read the turn, answer, and never leave the viewer alone."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services, services
from bot.conversation.reference import picks
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn
from bot.store.failures import report

LISTEN = "action_listen"
# Slots that hold for one answer only: whatever an action does not set again is cleared.
PASSING_SLOTS = ("pending", "misunderstood", "last_fact")


class SkillAction(Action, ABC):
    """An action that answers a turn.

    Being abstract, it is not itself registered with the action executor.
    """

    action: ClassVar[str] = ""
    # Actions that answer on the side leave a question of ours open.
    keeps_pending: ClassVar[bool] = False
    # Answers to our own questions, and the skill of each intent. Set by the module of choices,
    # which knows every skill.
    chooser: ClassVar[SkillAction | None] = None
    skills: ClassVar[Mapping[str, SkillAction]] = {}

    def name(self) -> str:
        """The name the domain knows this action by."""
        return self.action

    @abstractmethod
    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        """Put the answer to `turn` into `reply`."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer in a worker thread (the stores block); a failure becomes an apology."""
        began = time.perf_counter()
        turn = Turn.from_tracker(tracker)
        reply = Reply(turn)
        store = None
        try:
            found = services()
            store = found.engine
            await asyncio.to_thread(self._answer_all, turn, reply, found)
        except Exception as error:  # noqa: BLE001 - the last net below every skill
            reply = Reply(turn).say(
                "utter_failure", failure=await report(self.action, error, turn.viewer, store)
            )
        for message in reply.messages:
            _dispatch(dispatcher, message)
        taken = (time.perf_counter() - began) * 1000
        return _events(tracker, reply, () if self.keeps_pending else PASSING_SLOTS, taken)

    def _answer_all(self, turn: Turn, reply: Reply, services: Services) -> None:
        """Answer the first of the viewer's requests and, unless it raised a question, the rest."""
        for number, part in enumerate(turn.parts()):
            if number == 0:
                reply.turn = part
                self._answer_or_choose(part, reply, services)
            elif part.intent in self.skills and not reply.slots.get("pending"):
                reply.turn = part.after(reply.slots)
                self.skills[part.intent].answer(reply.turn, reply, services)

    def _answer_or_choose(self, turn: Turn, reply: Reply, services: Services) -> None:
        if self.chooser is not None and picks(turn, services.catalogue):
            self.chooser.answer(turn, reply, services)
        else:
            self.answer(turn, reply, services)


def _dispatch(dispatcher: CollectingDispatcher, message: dict[str, Any]) -> None:
    if "custom" in message:
        dispatcher.utter_message(json_message=message["custom"])
        return
    values = {key: value for key, value in message.items() if key not in ("response", "buttons")}
    dispatcher.utter_message(
        response=message["response"], buttons=message["buttons"] or None, **values
    )


def _events(
    tracker: Tracker, reply: Reply, passing: Sequence[str], taken: float
) -> list[EventType]:
    # A question asked again is set again by the reply, and so stays.
    slots = {**dict.fromkeys(passing), **reply.slots}
    events = [SlotSet(n, value) for n, value in slots.items() if tracker.get_slot(n) != value]
    # What comes after an answer is always to listen: no policy need be asked. The event also keeps
    # how long the answer took, in milliseconds, for the staff.
    return [*events, {**FollowupAction(LISTEN), "metadata": {"ms": round(taken, 1)}}]
