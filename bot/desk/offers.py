"""What became of the titles that were offered with a reason."""

from __future__ import annotations

from bot.desk.skills import skill_of_intent
from bot.desk.turns import Conversation, Recommended, Turn

_ABOUT = {
    "watchlist_add": "kept",
    "rate_title": "rated",
    "seen_title": "seen",
    "refuse_title": "refused",
}
_STRONGEST = ("kept", "rated", "seen", "refused", "asked")


def judge_offers(conversation: Conversation) -> None:
    """What a viewer did about a title after it was offered is what came of the offer."""
    offered: dict[str, list[Recommended]] = {}
    known = skill_of_intent()
    for turn in conversation.turns:
        about = _ABOUT.get(turn.intent or "")
        if about is None and known.get(turn.intent or "") == "title_facts":
            about = "asked"
        if about is not None and offered:
            for title in _meant(turn):
                for offer in offered.get(title, ())[-1:]:
                    if offer.outcome is None or _STRONGEST.index(about) < _STRONGEST.index(
                        offer.outcome
                    ):
                        offer.outcome = about
        for offer in turn.recommended:
            offered.setdefault(offer.title_id, []).append(offer)


def _meant(turn: Turn) -> list[str]:
    """The ids of the titles that a message is about."""
    titles = [each for each in turn.entities if each.get("entity") == "title"]
    named = [str(each.get("id") or each.get("value") or "") for each in titles]
    focus = turn.after.get("focus")
    return named or ([focus] if isinstance(focus, str) else [])
