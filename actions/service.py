"""Questions about the service: a topic by the classifier, an answer by retrieval within it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.recommend import Recommend, adds_condition
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.cards import button, payload
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn
from bot.faq.entries import Entry


class ServiceAnswer(SkillAction):
    """Answer from data/faq, ask which of two is meant, or offer a person."""

    action = "action_service_answer"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        option = turn.first("option")
        if option is not None and services.answers is not None:
            chosen = services.answers.get(str(option.value))
            if chosen is not None:
                give(chosen.answer(turn.language), turn, reply)
                return
        found = answers(turn, services)
        if not found and adds_condition(turn):
            # "Romcoms please" reads like a plea for help.
            Recommend().answer(turn, reply, services)
        elif not found:
            say_none(turn, reply)
        elif len(found) == 1:
            give(found[0].answer(turn.language), turn, reply)
        else:
            offer("utter_which_question", found[:2], turn, reply)


def answers(turn: Turn, services: Services) -> list[Entry]:
    """The questions of data/faq that the message may ask: one, two rivals or none."""
    if services.answers is None:
        return []
    topics = (
        services.classifier.classify(turn.text).topic_probabilities
        if services.classifier is not None
        else {}
    )
    return services.answers.find(turn.text, turn.language, topics)


def offer(response: str, found: Sequence[Entry], turn: Turn, reply: Reply) -> None:
    """Say `response` with a button for each question that was found, and wait for a choice."""
    buttons = [
        {"title": each.question(turn.language), "payload": payload("choose", option=each.id)}
        for each in found
    ]
    reply.say(response, buttons)
    if buttons:
        reply.wait(Pending("which_answer", turn.intent, tuple(each.id for each in found)))


def say_none(turn: Turn, reply: Reply) -> None:
    """Say that there is no answer, and offer a person."""
    person = button("utter_button_person", turn.language, "talk_to_person")
    reply.say("utter_service_unknown", [person])


def give(text: str, turn: Turn, reply: Reply) -> None:
    """Say an answer and offer a person in case it does not help."""
    person = button("utter_button_person", turn.language, "talk_to_person")
    reply.say("utter_service_answer", [person], answer=text)
