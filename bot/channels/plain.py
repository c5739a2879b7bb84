"""Messages of the outbox as text alone, for channels whose clients draw nothing of ours."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).resolve().parent.parent / "widget" / "words"


def text(message: dict[str, Any], language: str | None) -> str:
    """What a message says: a person's words after their name, a notice in the widget's words.

    Args:
        message: of the outbox.
        language: of the viewer; English if it is not "zh" nor "mixed".

    Returns:
        The text; empty where nothing can be said.
    """
    words = _words("zh" if language in ("zh", "mixed") else "en")
    custom = message.get("custom") or {}
    if custom.get("type") == "notice":
        name = custom.get("name") or words["someone"]
        return str(words.get(str(custom.get("notice")), "")).format(name=name)
    said = str(message.get("text") or "")
    if said and message.get("from") == "agent":
        name = (message.get("agent") or {}).get("name") or words["someone"]
        return f"{name}: {said}"
    return said


@cache
def _words(language: str) -> dict[str, Any]:
    return json.loads((_WORDS / f"{language}.json").read_text(encoding="utf-8"))
