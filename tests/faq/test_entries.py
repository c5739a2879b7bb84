"""The question files: ours are whole, and an operator's slip is named in one line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.faq.answers import FOLDER
from bot.faq.entries import FaqError, read
from bot.faq.terms import terms

TOPICS = [
    "playback",
    "subtitles",
    "downloads",
    "billing",
    "refunds",
    "account",
    "devices",
    "parental_controls",
    "accessibility",
    "content_complaints",
]
GOOD = {
    "topic": "pets",
    "title": {"en": "Pets", "zh": "宠物"},
    "entries": [
        {
            "id": "pets_cat",
            "question": {"en": "The cat", "zh": "猫"},
            "answer": {"en": "Feed it.", "zh": "喂它。"},
            "ask": {"en": ["cat hungry"], "zh": ["猫饿了"]},
        }
    ],
}


def write(folder: Path, content: object, name: str = "pets.yml") -> Path:
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_sixty_questions_over_ten_topics_in_two_languages() -> None:
    entries = read(FOLDER)
    assert Counter(entry.topic for entry in entries) == dict.fromkeys(TOPICS, 6)
    for entry in entries:
        assert entry.id.startswith(entry.topic + "_")
        assert len(entry.question("en")) <= 48 and len(entry.question("zh")) <= 24
        for language, least in (("en", 120), ("zh", 50)):
            assert len(entry.asks[language]) >= 12, entry.id
            assert len(entry.answer(language)) >= least, entry.id
        assert all("\u4e00" <= max(text) <= "\uffff" for text in entry.asks["zh"]), entry.id


def test_every_way_of_asking_says_something() -> None:
    for entry in read(FOLDER):
        for text in (text for texts in entry.asks.values() for text in texts):
            assert terms(text), f"{entry.id}: {text}"


def test_a_folded_chinese_answer_has_no_gaps(tmp_path: Path) -> None:
    text = yaml.safe_dump(GOOD, allow_unicode=True).replace(
        "zh: 喂它。", "zh: >-\n      喂它，\n      它饿。"
    )
    (tmp_path / "pets.yml").write_text(text, encoding="utf-8")
    assert read(tmp_path)[0].answer("zh") == "喂它，它饿。"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda c: c.pop("topic"), "pets.yml: needs a `topic`"),
        (lambda c: c["entries"].clear(), "pets.yml: needs a list of `entries`"),
        (lambda c: c["entries"][0].pop("id"), "pets.yml: entry 1: needs an `id`"),
        (lambda c: c["entries"][0]["answer"].pop("zh"), "entry pets_cat: `answer` needs a text"),
        (lambda c: c["entries"][0]["question"].update(fr="x"), "entry pets_cat: `question` has an"),
        (lambda c: c["entries"][0]["ask"].update(en=[True]), "`ask.en` holds True"),
        (lambda c: c["entries"][0]["ask"].update(zh="猫"), "`ask` needs a list under `zh`"),
        (lambda c: c["entries"][0].update(aks={}), "entry pets_cat: unknown key `aks`"),
        (lambda c: c["entries"].append(dict(c["entries"][0])), "this id is used twice"),
        (
            lambda c: c["entries"].append({**c["entries"][0], "id": "pets_dog"}),
            "'cat hungry' is also asked in pets_cat",
        ),
    ],
)
def test_a_slip_is_named_in_one_line(tmp_path: Path, damage, said: str) -> None:
    content = yaml.safe_load(yaml.safe_dump(GOOD))
    damage(content)
    with pytest.raises(FaqError) as caught:
        read(write(tmp_path, content))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pets.yml").write_text("topic: pets\nentries: [\n  - id: x\n", encoding="utf-8")
    with pytest.raises(FaqError, match=r"^pets\.yml: line \d+: [^\n]+$"):
        read(tmp_path)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaqError, match="no question files"):
        read(tmp_path)
