"""What Usher cannot do, and what it did not understand."""

from __future__ import annotations

from actions.recommend import say_unknown
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.cards import button
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn


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
        if turn.asked_before:
            person = button("utter_button_person", turn.language, "talk_to_person")
            reply.say("utter_not_understood_again", [person, *starters(turn.language)[:1]])
        else:
            reply.say("utter_not_understood", starters(turn.language))
        reply.slots["misunderstood"] = True
        if turn.pending is not None:
            # A word we missed is no answer: our question stays open.
            reply.slots["pending"] = turn.pending.to_slot()


def starters(language: str) -> list[dict[str, str]]:
    """Buttons that begin what Usher does best."""
    return [
        button("utter_button_recommend", language, "recommend"),
        button("utter_button_watchlist", language, "watchlist_show"),
        button("utter_button_help", language, "help"),
    ]
