"""Handing over to a person."""

from __future__ import annotations

from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn


class Handoff(SkillAction):
    """Record a handoff with its reason and say what happens next."""

    action = "action_handoff"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reason = "asked" if not turn.text.startswith("/") else "button"
        number = services.handoffs.open(turn.viewer, reason, turn.language)
        contact = services.settings.support_contact
        response = "utter_handoff_contact" if contact else "utter_handoff"
        reply.say(response, number=number, contact=contact)
