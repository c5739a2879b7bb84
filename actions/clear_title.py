"""The titles a message means, or the question that must come first."""

from __future__ import annotations

from actions.recommend import say_unknown
from actions.services import Services
from bot.catalogue.title import Title
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn


def clear_titles(turn: Turn, reply: Reply, services: Services) -> tuple[Title, ...]:
    """The titles meant; when there are none, the reply has asked, or said what is not known."""
    reference = resolve(turn, services.catalogue)
    if reference.unknown and not reference.titles:
        say_unknown(reference.unknown, reply, services)
    elif reference.choices:
        reply.ask_which(reference.choices)
    elif reference.title is None:
        reply.say("utter_ask_title")
        reply.wait(Pending("need_title", turn.intent))
    else:
        return reference.titles
    return ()


def clear_title(turn: Turn, reply: Reply, services: Services) -> Title | None:
    """The first of `clear_titles`, if any."""
    return next(iter(clear_titles(turn, reply, services)), None)
