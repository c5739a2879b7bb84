"""Answers to our own questions: an option chosen, yes, no."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from actions import privacy
from actions.compare import Compare
from actions.handoff import Handoff
from actions.out_of_scope import offer_person
from actions.people import AboutPerson, Collaboration, Filmography
from actions.play import ControlPlayer, PlayTitle
from actions.rate import RateTitle, RefuseTitle, SeenTitle, TakeBackRating, rated_in_answer
from actions.recommend import Explain, MoreOptions, Recommend, Refine, adds_condition
from actions.service import ServiceAnswer, give
from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import FACTS, TitleFact, tell
from actions.watchlist import HistoryShow, WatchlistAdd, WatchlistRemove, WatchlistShow
from bot.conversation.reference import chosen, resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn

# What each intent goes on with once our question about it is answered, or another request is.
SKILLS: dict[str, SkillAction] = {
    **dict.fromkeys((*FACTS, "ask_title"), TitleFact()),
    "recommend": Recommend(),
    "refine": Refine(),
    "more_options": MoreOptions(),
    "explain": Explain(),
    "compare": Compare(),
    "rate_title": RateTitle(),
    "seen_title": SeenTitle(),
    "refuse_title": RefuseTitle(),
    "take_back_rating": TakeBackRating(),
    "watchlist_add": WatchlistAdd(),
    "watchlist_remove": WatchlistRemove(),
    "watchlist_show": WatchlistShow(),
    "history_show": HistoryShow(),
    "play_title": PlayTitle(),
    "control_player": ControlPlayer(),
    "talk_to_person": Handoff(),
    "ask_filmography": Filmography(),
    "ask_collaboration": Collaboration(),
    "ask_person": AboutPerson(),
    "service_question": ServiceAnswer(),
    "privacy_export": privacy.PrivacyExport(),
    "privacy_delete": privacy.PrivacyDelete(),
}
CONFIRMED: dict[str, Callable[[Turn, Reply, Services], None]] = {
    "privacy_export": privacy.export,
    "privacy_delete": privacy.delete,
}


_NEITHER = re.compile(r"\b(?:neither|none\s+of)\b|都不是|都不要|哪个都不", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:either|whichever|any\s+of\s+(?:them|those))\b|随便|都行|都可以", re.IGNORECASE
)
LIKELY_FACT = 0.15


def _fact_meant(turn: Turn) -> str:
    """What is to be told of a title that is picked while nothing was asked.

    "And the third?" asks again what was told of the first; 第三个不错，讲啥的 asks by itself.
    """
    return turn.likeliest(FACTS, LIKELY_FACT) or turn.last_fact or "ask_title"


class Choose(SkillAction):
    """Take up the question that was waiting, with the option the viewer picked."""

    action = "action_choose"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if rated_in_answer(turn, reply, services):
            return
        if _NEITHER.search(turn.text):
            Deny().answer(turn, reply, services)
            return
        pending = turn.pending
        option = chosen(turn, services.catalogue)
        if option is None and pending is not None and _ANY.search(turn.text):
            option = next(iter(pending.options), None)
        if pending is not None and option is not None:
            if pending.kind == "which_answer" and services.answers is not None:
                answer = services.answers.get(option)
                if answer is not None:
                    give(answer.answer(turn.language), turn, reply)
                    return
            if pending.kind == "which_reading":
                go_on(replace(turn.resumed(), intent=option), reply, services)
                return
            go_on(turn.resumed(option), reply, services)
            return
        if pending is not None and pending.kind in ("which_title", "which_answer"):
            # None of them was picked: the question is asked again.
            go_on(turn.resumed(), reply, services)
            return
        reference = resolve(turn, services.catalogue)
        if pending is not None and pending.kind == "need_title" and reference.title is not None:
            go_on(turn.resumed(reference.title.id), reply, services)
        elif reference.title is not None:
            tell(_fact_meant(turn), reference.title, reply, services)
        elif pending is None and adds_condition(turn):
            # "A thriller, then" picks nothing that was shown.
            Refine().answer(turn, reply, services)
        else:
            reply.say("utter_nothing_to_choose")


class Affirm(SkillAction):
    """Do what was waiting for a yes."""

    action = "action_affirm"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        pending = turn.pending
        if rated_in_answer(turn, reply, services):
            return
        if pending is not None and pending.kind == "confirm" and pending.intent in CONFIRMED:
            if any(letter.isalnum() for letter in turn.text):
                CONFIRMED[pending.intent](turn, reply, services)
            else:
                # A lone emoji is too little to delete somebody's data on.
                go_on(turn.resumed(), reply, services)
        elif pending is not None and pending.kind != "need_rating" and pending.options:
            sure = pending.options[0] if len(pending.options) == 1 else None
            go_on(turn.resumed(sure), reply, services)
        else:
            reply.say("utter_yes_to_what")


class Deny(SkillAction):
    """Drop what was waiting for a yes."""

    action = "action_deny"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if rated_in_answer(turn, reply, services):
            return
        if turn.pending is not None and turn.pending.options and _ANY.search(turn.text):
            Choose().answer(turn, reply, services)
            return
        if turn.first("rating") is not None and turn.focus is not None:
            # "No, 8 out of 10": the rating just given is corrected.
            RateTitle().answer(turn, reply, services)
            return
        if turn.pending is None and turn.request is not None and adds_condition(turn):
            # "No, not him, Jet Li."
            Refine().answer(turn, reply, services)
            return
        if turn.pending is not None and turn.pending.kind == "which_reading":
            offer_person(turn, reply)
            return
        reply.say("utter_left_alone" if turn.pending is not None else "utter_no_to_what")


def go_on(turn: Turn, reply: Reply, services: Services) -> None:
    """Answer `turn` as if it had been clear from the start."""
    reply.turn = turn
    SKILLS.get(turn.intent, TitleFact()).answer(turn, reply, services)


SkillAction.chooser = Choose()
SkillAction.skills = SKILLS
