"""All public training sets together, without what stands in a test part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.moderation.dataset import (
    SHARED,
    Example,
    cold,
    convabuse,
    davidson,
    key,
    swsr,
    toxirewrite,
)
from models.moderation.harmless import harmless


def public(folder: Path = SHARED) -> list[Example]:
    """All public training sets; texts that also stand in a test split are left out elsewhere.

    Raises:
        DataMissingError: a set is not in `folder`.
    """
    examples = [
        example
        for read in (cold, swsr, toxirewrite, davidson, convabuse, harmless)
        for example in read(folder)
    ]
    tested = {key(example.text) for example in examples if example.split == "test"}
    kept: list[Example] = []
    seen: set[tuple[str, str]] = set()
    for example in examples:
        place = key(example.text)
        if example.split != "test" and (place in tested or (place, example.source) in seen):
            continue
        seen.add((place, example.source))
        kept.append(replace(example, text=example.text.strip()))
    return kept
