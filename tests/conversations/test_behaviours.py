"""What viewers do, one conversation each: the files in `behaviours/` are named after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conversations.conversation import hold
from tests.conversations.talk import Usher

CONVERSATIONS: list[tuple[str, dict[str, Any]]] = [
    (path.stem, conversation)
    for path in sorted((Path(__file__).parent / "behaviours").glob("*.yml"))
    for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
]

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    "conversation",
    [conversation for _, conversation in CONVERSATIONS],
    ids=[f"{behaviour}: {conversation['name']}" for behaviour, conversation in CONVERSATIONS],
)
def test_conversation(usher: Usher, conversation: dict[str, Any]) -> None:
    hold(conversation, usher.viewer())


def test_there_are_enough_in_both_languages() -> None:
    languages = [conversation["language"] for _, conversation in CONVERSATIONS]
    assert len(languages) >= 300
    assert min(languages.count("en"), languages.count("zh")) >= 145
