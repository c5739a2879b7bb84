"""Abuse and distress: a calm word, a time-out when it goes on, help where somebody is in need."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from actions.handoff import APPEAL
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.cards import button
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn


class Abuse(SkillAction):
    """Record the case; warn, and after repeated abuse stop answering for a while."""

    action = "action_abuse"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        now = datetime.now(timezone.utc)
        record_case(turn, services, now)
        since = now - timedelta(days=1)
        count = services.cases.recent_count(turn.viewer, "abuse", since)
        minutes = services.settings.abuse_timeout_minutes
        if count > services.settings.abuse_warnings and minutes:
            until = now + timedelta(minutes=minutes)
            reply.slots["timed_out_until"] = until.timestamp()
            reply.say("utter_timeout", [_mistake(turn)], minutes=minutes)
        else:
            reply.say("utter_abuse_warning", [_mistake(turn)])


class SelfHarm(SkillAction):
    """Answer with care and with people to call."""

    action = "action_self_harm"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        record_case(turn, services, datetime.now(timezone.utc))
        reply.say("utter_self_harm")


class TimedOut(SkillAction):
    """Say once more how long the time-out lasts; distress is answered all the same."""

    action = "action_timed_out"
    keeps_pending = True

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reply.say("utter_timed_out")


def _mistake(turn: Turn) -> dict[str, str]:
    """The button to object with; it asks for people, who are heard during a time-out too."""
    return button("utter_button_mistake", turn.language, "talk_to_person", option=APPEAL)


def record_case(turn: Turn, services: Services, now: datetime) -> None:
    """Keep category, score and span of what was said for the staff."""
    verdict: dict[str, Any] = dict(turn.moderation or {})
    services.cases.record(
        turn.viewer,
        turn.intent,
        verdict.get("category"),
        float(verdict.get("score") or 0.0),
        turn.text,
        verdict.get("span"),
        now,
    )
