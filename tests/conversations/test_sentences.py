"""120 sentences that nobody trained on, ten a skill in two languages, and the action each gets."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from tests.conversations.talk import Usher

SENTENCES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yml").read_text(encoding="utf-8")
)
CHINESE = re.compile("[\u4e00-\u9fff]")
RIGHT, RIGHT_OF_SKILL = 0.95, 8

pytestmark = pytest.mark.model


@cache
def misses(usher: Usher) -> dict[str, list[str]]:
    """The sentences that did not get their action, by skill."""
    missed: dict[str, list[str]] = {}
    for skill, rows in SENTENCES.items():
        for row in rows:
            viewer = usher.viewer()
            for before in row.get("after", ()):
                viewer.say(before)
            said = viewer.say(row["say"])
            if row["action"] not in said.actions:
                got = f"{row['say']} → {said.answer.intent} {said.actions}, not {row['action']}"
                missed.setdefault(skill, []).append(got)
    return missed


def plain(text: str) -> str:
    """A sentence without annotation, punctuation, spaces and case."""
    text = re.sub(r"\[([^\]]*)\][({][^)}]*[)}]", r"\1", text)
    return re.sub(r"[\W_]+", "", text.casefold())


def test_there_are_120_half_of_them_chinese() -> None:
    texts = [row["say"] for rows in SENTENCES.values() for row in rows]
    assert Counter(len(rows) for rows in SENTENCES.values()) == {10: 12}
    assert sum(bool(CHINESE.search(text)) for text in texts) == 60


def test_none_of_them_is_in_the_training_data() -> None:
    taught: set[str] = set()
    for path in (*(ROOT / "data" / "nlu").glob("*.yml"), *(ROOT / "data" / "faq").glob("*.yml")):
        taught.update(map(plain, lines(yaml.safe_load(path.read_text(encoding="utf-8")))))
    for path in (ROOT / "data" / "opinions").glob("*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            taught.update(map(plain, line.split("\t")))
    assert len(taught) > 4000
    held = [row["say"] for rows in SENTENCES.values() for row in rows]
    assert [text for text in held if plain(text) in taught] == []


def lines(node: Any) -> list[str]:
    """Every line of text anywhere in a YAML document."""
    if isinstance(node, str):
        return [line.strip().removeprefix("- ") for line in node.splitlines()]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [line for child in children for line in lines(child)]


def test_nearly_all_get_the_right_action(usher: Usher) -> None:
    missed = [miss for rows in misses(usher).values() for miss in rows]
    total = sum(map(len, SENTENCES.values()))
    assert len(missed) <= total * (1 - RIGHT), "\n".join(missed)


@pytest.mark.parametrize("skill", SENTENCES)
def test_every_skill_is_understood(usher: Usher, skill: str) -> None:
    missed = misses(usher).get(skill, [])
    assert len(SENTENCES[skill]) - len(missed) >= RIGHT_OF_SKILL, "\n".join(missed)
