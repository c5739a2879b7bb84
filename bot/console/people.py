"""What makes an e-mail address, a name and a role acceptable."""

from __future__ import annotations

import re
import unicodedata

from bot.console.access import ROLES

# Simpler than RFC 5321, and without what could not stand in a header or a page's title.
_EMAIL = re.compile(r"[^\s@<>\"'(),:;\\\[\]]{1,64}@[^\s@<>\"'(),:;\\\[\]]{1,180}\.[^\s@.]{2,24}")
NAME_LIMIT = 120


def is_email(text: str) -> bool:
    """Whether it may be an e-mail address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def clean_name(text: str) -> str:
    """A name on one line, without signs that are not seen."""
    visible = "".join(
        character if unicodedata.category(character)[0] != "C" else " " for character in text
    )
    return " ".join(visible.split())[:NAME_LIMIT]


def is_role(text: str) -> bool:
    """Whether there is such a role."""
    return text in ROLES
