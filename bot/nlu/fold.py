"""Text made even, character by character, so that offsets stay true.

Full-width forms, capitals, accents, typographic quotes and traditional characters become their
plain counterparts. Every character maps to exactly one, so position i of the folded text is
position i of what the viewer wrote.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bot.catalogue.spelling import TRADITIONAL

_QUOTES = {"‘": "'", "’": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"'}
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\t\n\r", " ")


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0).lower()
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x370, 0x530)):
        small = unicodedata.normalize("NFD", chr(code).lower())[0]
        if small != chr(code):
            table[code] = small
    for line in TRADITIONAL.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            table.update({ord(pair[0]): pair[1] for pair in line.split()})
    for plain in (_QUOTES, _DASHES, _SPACES):
        table.update({ord(character): other for character, other in plain.items()})
    return table


def fold(text: str) -> str:
    """`text` in plain small letters; as long as `text`."""
    return text.translate(_table())
