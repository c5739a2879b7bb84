"""How training says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def silent(text: str) -> None:
    """Progress that nobody asked for."""
