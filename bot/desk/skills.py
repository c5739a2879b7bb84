"""Which skill answers an intent: what data/rules says, a file a skill."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import yaml

from bot.settings import ROOT

# Intents that stay without an answer on the matter.
FALLBACK_INTENTS = ("nlu_fallback", "out_of_scope")
# What a conversation is left with or without: no skill, and no fallback either.
FALLBACKS = frozenset({"action_not_understood", "action_out_of_scope", "action_default_fallback"})
HANDOFF = "action_handoff"


@lru_cache(maxsize=1)
def skill_of_intent() -> Mapping[str, str]:
    """Intent → skill."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        with path.open(encoding="utf-8") as file:
            for rule in (yaml.load(file, Loader=yaml.CSafeLoader) or {}).get("rules") or ():
                for step in rule.get("steps") or ():
                    if isinstance(step.get("intent"), str):
                        found[step["intent"]] = path.stem
    return found


def skills() -> list[str]:
    """Every skill."""
    return sorted(set(skill_of_intent().values()))
