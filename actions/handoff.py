"""Handing over to a person."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import FACTS, TitleFact
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn

# A person is named only to say that none is wanted.
_DECLINED = re.compile(
    r"\b(?:don't|do\s+not|no\s+need|never)\b.{0,24}\b(?:agents?|person|humans?|people|somebody|someone)\b"
    r"|(?:不用|不要|不需要|不麻烦|不必|别).{0,4}(?:人工|客服|真人)",
    re.IGNORECASE,
)
LIKELY = 0.03
# The option of the button below a warning.
APPEAL = "appeal"


def _go_on_without(turn: Turn, reply: Reply, services: Services) -> None:
    """Answer what else the message asks, or leave it."""
    intent = turn.likeliest(FACTS, LIKELY)
    if intent is not None and turn.first("title"):
        TitleFact().answer(replace(turn, intent=intent), reply, services)
    else:
        reply.say("utter_left_alone")


class Handoff(SkillAction):
    """Record a handoff with its reason, or an objection to a warning, and say what happens next."""

    action = "action_handoff"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        option = turn.first("option")
        if option is not None and option.value == APPEAL:
            case = services.cases.appeal(turn.viewer, turn.language)
            reply.say("utter_appeal_kept" if case is not None else "utter_appeal_nothing")
            return
        if _DECLINED.search(turn.text):
            _go_on_without(turn, reply, services)
            return
        reason = "asked" if not turn.text.startswith("/") else "button"
        number = services.handoffs.open(turn.viewer, reason, turn.language)
        contact = services.settings.support_contact
        response = "utter_handoff_contact" if contact else "utter_handoff"
        reply.say(response, number=number, contact=contact)
