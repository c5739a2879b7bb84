"""What is kept about a viewer: shown, exported, deleted — each after asking once."""

from __future__ import annotations

import json

from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn


class PrivacyShow(SkillAction):
    """Say in numbers what is kept."""

    action = "action_privacy_show"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reply.say(
            "utter_privacy_kept",
            ratings=len(services.viewers.ratings(turn.viewer)),
            watchlist=len(services.viewers.watchlist(turn.viewer)),
            refused=len(services.viewers.refusals(turn.viewer)),
            days=services.settings.retention_days,
        )


class PrivacyExport(SkillAction):
    """Ask before exporting."""

    action = "action_privacy_export"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reply.ask_confirmation("utter_confirm_export")


class PrivacyDelete(SkillAction):
    """Ask before deleting."""

    action = "action_privacy_delete"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reply.ask_confirmation("utter_confirm_delete")


def export(turn: Turn, reply: Reply, services: Services) -> None:
    """Send everything that is kept, as a file that the viewer can save."""
    kept = services.viewers.export(turn.viewer)
    reply.say("utter_exported")
    text = json.dumps(kept, ensure_ascii=False, indent=1, default=str)
    reply.messages.append(
        {"custom": {"type": "file", "name": "usher.json", "mime": "application/json", "text": text}}
    )


def delete(turn: Turn, reply: Reply, services: Services) -> None:
    """Delete everything that is kept and forget the conversation."""
    services.viewers.delete(turn.viewer)
    for name in ("request", "shown", "focus", "focus_person", "pending"):
        reply.slots[name] = None
    reply.say("utter_deleted")
