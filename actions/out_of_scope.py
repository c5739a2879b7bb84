"""What Usher cannot do, and what it did not understand."""

from __future__ import annotations

from dataclasses import replace

from actions.recommend import Recommend, Refine, adds_condition, say_unknown
from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import TitleFact
from bot.conversation.cards import button, payload
from bot.conversation.reference import LONGEST_PICK
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn
from bot.conversation.wording import phrase

READINGS = 2
# A message with a condition that may well be a wish is taken for one.
WISHES = frozenset({"recommend", "refine"})
WISHED = 3
LIKELY = 0.08


class OutOfScope(SkillAction):
    """Say what Usher is for."""

    action = "action_out_of_scope"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reply.say("utter_out_of_scope", starters(turn.language))


class NotUnderstood(SkillAction):
    """Ask again once, offering ways on; the second time offer a person."""

    action = "action_not_understood"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        unknown = next((e for e in turn.all("title") if e.match == "unknown"), None)
        if unknown is not None:
            say_unknown(turn.text[unknown.start : unknown.end], reply, services)
            return
        pointed = turn.first("ordinal") or turn.first("years") or turn.first("title")
        if turn.last_fact is not None and pointed and len(turn.text) <= LONGEST_PICK:
            TitleFact().answer(replace(turn, intent=turn.last_fact), reply, services)
            return
        if adds_condition(turn) and WISHES & set(list(turn.rivals)[:WISHED]):
            (Refine() if turn.request is not None else Recommend()).answer(turn, reply, services)
            return
        if turn.asked_before:
            offer_person(turn, reply)
        else:
            self._offer_readings(turn, reply)
        reply.slots["misunderstood"] = True
        if turn.pending is not None:
            # A word we missed is no answer: our question stays open.
            reply.slots["pending"] = turn.pending.to_slot()

    def _offer_readings(self, turn: Turn, reply: Reply) -> None:
        """Offer the likeliest readings of the message; without any, what Usher does best."""
        likely = [name for name, share in turn.rivals.items() if share >= LIKELY]
        readings = [name for name in likely if name in self.skills][:READINGS]
        if not readings:
            reply.say("utter_not_understood", starters(turn.language))
            return
        buttons = [
            {
                "title": phrase(f"utter_reading_{name}", turn.language),
                "payload": payload("choose", option=name),
            }
            for name in readings
        ]
        none = button("utter_button_neither", turn.language, "deny")
        reply.say("utter_which_reading", [*buttons, none])
        reply.wait(Pending("which_reading", turn.intent, tuple(readings)))


def offer_person(turn: Turn, reply: Reply) -> None:
    """Say that the message was not understood, and offer a person."""
    person = button("utter_button_person", turn.language, "talk_to_person")
    reply.say("utter_not_understood_again", [person, *starters(turn.language)[:1]])


def starters(language: str) -> list[dict[str, str]]:
    """Buttons that begin what Usher does best."""
    return [
        button("utter_button_recommend", language, "recommend"),
        button("utter_button_watchlist", language, "watchlist_show"),
        button("utter_button_help", language, "help"),
    ]
