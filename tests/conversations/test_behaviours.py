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

# Faults that are known; pytest names those that pass after all (XPASS): take them off the list.
NOT_YET = (Path(__file__).parent / "behaviours" / "not_yet.txt").read_text("utf-8").splitlines()

pytestmark = pytest.mark.model


def _case(behaviour: str, conversation: dict[str, Any]) -> Any:
    name = f"{behaviour}: {conversation['name']}"
    marks = [pytest.mark.xfail(reason="not_yet.txt", strict=False)] if name in NOT_YET else []
    return pytest.param(conversation, id=name, marks=marks)


@pytest.mark.parametrize("conversation", [_case(*each) for each in CONVERSATIONS])
def test_conversation(usher: Usher, conversation: dict[str, Any]) -> None:
    hold(conversation, usher.viewer())


def test_there_are_enough_in_both_languages() -> None:
    languages = [conversation["language"] for _, conversation in CONVERSATIONS]
    assert len(languages) >= 300
    assert min(languages.count("en"), languages.count("zh")) >= 145
