"""What a viewer sent, made safe to hand to the assistant: cleaned, bounded, masked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import (
    USER_INTENT_BACK,
    USER_INTENT_RESTART,
    USER_INTENT_SESSION_START,
)

from bot.channels.problem import Problem
from bot.store.privacy import mask

LABEL_LIMIT = 200
VALUE_LIMIT = 200
_VALUES = 20
# Rasa's own intents, which restart or rewind a conversation, and its verdict of not knowing.
INTERNAL_INTENTS = frozenset(
    {USER_INTENT_RESTART, USER_INTENT_BACK, USER_INTENT_SESSION_START, "nlu_fallback"}
)

_PAYLOAD = re.compile(r"/([a-z][a-z0-9_]{0,80}) ?(\{.*\})?", re.DOTALL)
# Control characters but tab and line feed, and those that turn the direction of text.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Incoming:
    """A message as the assistant gets it, and as the viewer saw it when that differs."""

    text: str
    label: str | None
    language: str

    @property
    def metadata(self) -> dict[str, str]:
        """What is kept with the message; a payload says nothing of the viewer's language itself."""
        kept = {"label": self.label} if self.label else {}
        return {**kept, "language": self.language} if self.text.startswith("/") else kept


def read(text: Any, metadata: Any, domain: Any, limit: int) -> Incoming:
    """Read a message of a viewer.

    Args:
        text: what was written, or a button's payload.
        metadata: may hold `label`, the text of the button, and `language`, the page's language, or
            that in which a button's payload is to be answered.
        domain: the assistant's `Domain`; a payload may name only what it knows.
        limit: longest message, in characters.

    Raises:
        Problem: 413 or 422.
    """
    if not isinstance(text, str):
        raise Problem(422, "text_missing", "The message needs a 'text'.")
    given = metadata if isinstance(metadata, dict) else {}
    cleaned = clean(text, limit)
    label = _label(given.get("label"))
    payload = _payload(cleaned, domain) if cleaned.startswith("/") else None
    if payload is None and cleaned.startswith("/"):
        # To Rasa a slash means an intent; to a viewer it is a character.
        label = label or mask(cleaned)[:LABEL_LIMIT]
        cleaned = cleaned.lstrip("/ \t\n")
        if not cleaned:
            raise Problem(422, "text_blank", "The message is empty.")
    return Incoming(
        text=payload or mask(cleaned),
        label=label,
        language=_language(label or cleaned, given.get("language"), payload is not None),
    )


def clean(text: str, limit: int) -> str:
    """`text` without control characters.

    Raises:
        Problem: nothing is left (422), it is no text (422), or it is too long (413).
    """
    if len(text) > 4 * limit:
        raise _too_long(limit)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept, odd = _CONTROL.subn("", text)
    kept, broken = _LONE_SURROGATE.subn("\ufffd", kept)
    odd += broken + kept.count("\ufffd") - broken
    if odd > 4 and odd > len(text) // 5:
        raise Problem(422, "not_text", "This looks like a file, not like a message.")
    kept = kept.strip()
    if not kept or not kept.strip("\u200b\u200c\u200d\u2060\u00ad"):
        raise Problem(422, "text_blank", "The message is empty.")
    if len(kept) > limit:
        raise _too_long(limit)
    return kept


def _too_long(limit: int) -> Problem:
    return Problem(413, "too_long", f"A message may have {limit} characters at most.")


def _label(given: Any) -> str | None:
    if not isinstance(given, str):
        return None
    shown = _LONE_SURROGATE.sub("\ufffd", _CONTROL.sub("", given)).strip()[:LABEL_LIMIT]
    return mask(shown) or None


def _payload(text: str, domain: Any) -> str | None:
    """The payload, written anew; none when it is not one that a button of ours could hold."""
    match = _PAYLOAD.fullmatch(text)
    if match is None or match[1] in INTERNAL_INTENTS or match[1] not in domain.intents:
        return None
    if match[2] is None:
        return f"/{match[1]}"
    try:
        entities = json.loads(match[2])
    except (ValueError, RecursionError):
        return None
    known = set(domain.entities)
    if any(name not in known or not _is_value(value) for name, value in entities.items()):
        return None
    masked = {name: _masked(value) for name, value in entities.items()}
    return f"/{match[1]}{json.dumps(masked, ensure_ascii=False)}" if masked else f"/{match[1]}"


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= _VALUES and all(_is_scalar(each) for each in value)
    return _is_scalar(value)


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= VALUE_LIMIT
    return isinstance(value, int | float) and abs(value) < 1e12


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(each) for each in value]
    if isinstance(value, str):
        return mask(value)
    return value


def _language(shown: str, said: Any, payload: bool) -> str:
    """The language of an apology, which may have to be written without the assistant.

    Args:
        shown: what the viewer wrote, or the label of a button.
        said: by the client.
        payload: whether it is a button's, whose label (a title, say) tells less than the client.
    """
    if payload and said in ("en", "zh"):
        return str(said)
    return "zh" if said == "zh" or _CJK.search(shown) else "en"
