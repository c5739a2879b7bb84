"""Playing: Usher starts nothing; it shows what was meant and says who runs the player."""

from __future__ import annotations

from actions.clear_title import clear_titles
from actions.service import answers, offer
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn


class PlayTitle(SkillAction):
    """Show the titles that are to be played, and say where they start."""

    action = "action_play_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        titles = clear_titles(turn, reply, services)[:3]
        if titles:
            reply.say("utter_play_title", title=titles[0].name(reply.language))
            reply.show(list(titles), services.catalogue)


class ControlPlayer(SkillAction):
    """Say that pausing, sound and the like are the player's, and offer what the FAQ has of it."""

    action = "action_control_player"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        offer("utter_control_player", answers(turn, services)[:1], turn, reply)
