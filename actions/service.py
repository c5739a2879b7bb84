"""Questions about the service: a topic by the classifier, an answer by retrieval within it."""

from __future__ import annotations

import re

from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import tell
from bot.conversation.cards import button, payload
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn

# "Play Heat" is no question about playback, unless something is wrong with it.
_PLAY = re.compile(
    r"\W*(?:please\s+|can\s+you\s+|could\s+you\s+|go\s+ahead\s+and\s+)?(?:play|put|start|watch|"
    r"i\s+(?:want\s+to|wanna|would\s+like\s+to)\s+(?:watch|see)|let's\s+watch)\b"
    r"|(?:请|帮我|给我|我要|我想|我现在就要)*(?:播放|放|看|打开|播)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(r"n't\b|\bnot\b|\bno\b|\bcannot\b|\bhow\b|[不没卡]|怎么", re.IGNORECASE)


class ServiceAnswer(SkillAction):
    """Answer from data/faq, ask which of two is meant, or offer a person."""

    action = "action_service_answer"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if _PLAY.match(turn.text) and not _TROUBLE.search(turn.text) and turn.first("title"):
            title = resolve(turn, services.catalogue).title
            if title is not None:
                # Usher plays nothing, but shows what was found.
                tell("ask_title", title, reply, services)
                return
        if services.answers is None:
            say_none(turn, reply)
            return
        option = turn.first("option")
        if option is not None:
            chosen = services.answers.get(str(option.value))
            if chosen is not None:
                give(chosen.answer(turn.language), turn, reply)
                return
        topics = (
            services.classifier.classify(turn.text).topic_probabilities
            if services.classifier is not None
            else {}
        )
        found = services.answers.find(turn.text, turn.language, topics)
        if not found:
            say_none(turn, reply)
        elif len(found) == 1:
            give(found[0].answer(turn.language), turn, reply)
        else:
            buttons = [
                {
                    "title": each.question(turn.language),
                    "payload": payload("choose", option=each.id),
                }
                for each in found[:2]
            ]
            reply.say("utter_which_question", buttons)
            reply.wait(Pending("which_answer", turn.intent, tuple(each.id for each in found[:2])))


def say_none(turn: Turn, reply: Reply) -> None:
    """Say that there is no answer, and offer a person."""
    person = button("utter_button_person", turn.language, "talk_to_person")
    reply.say("utter_service_unknown", [person])


def give(text: str, turn: Turn, reply: Reply) -> None:
    """Say an answer and offer a person in case it does not help."""
    person = button("utter_button_person", turn.language, "talk_to_person")
    reply.say("utter_service_answer", [person], answer=text)
