"""Edits of the answers about the service: over the files, at once, with a way back and a patch."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.desk import faq_files
from bot.desk.faq_editing import FaqEditing, clean, content_of
from bot.desk.faq_layer import FaqLayer
from bot.desk.people import Person, Refused
from bot.faq import answers
from bot.faq.answers import FOLDER, Answers
from bot.faq.entries import read

MEI = Person("1", "Mei")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "data" / "faq")
    return tmp_path / "data" / "faq"


def edited(editing: FaqEditing, entry: str, **changes: Any) -> dict[str, Any]:
    listed = editing.get(entry)
    assert listed is not None
    return {**content_of(listed.entry), **changes}


ANSWER = {"en": "Press the golden button twice.", "zh": "连按两次金色按钮。"}


def test_an_edit_takes_effect_without_a_restart(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "CHECK_SECONDS", 0.0)
    before = {path.name: path.read_bytes() for path in folder.glob("*.yml")}
    served = Answers.load(folder, FaqLayer(engine))
    editing = FaqEditing(engine, folder)
    first = served.get("account_sign_in")
    editing.save("account", edited(editing, "account_sign_in", answer=ANSWER), MEI)
    assert served.get("account_sign_in").answer("zh") == ANSWER["zh"]
    new = {
        "id": "account_golden", "question": {"en": "Golden button", "zh": "金色按钮"},
        "answer": ANSWER, "ask": {"en": ["where is the zorble button"], "zh": ["佐布尔按钮在哪"]},
    }  # fmt: skip
    editing.save("account", new, MEI)
    assert [e.id for e in served.find("where is the zorble button", "en", {})] == ["account_golden"]
    editing.revert("account_sign_in", None, MEI)
    assert served.get("account_sign_in") == first
    assert {path.name: path.read_bytes() for path in folder.glob("*.yml")} == before


def test_the_history_leads_back(engine: Engine, folder: Path) -> None:
    editing = FaqEditing(engine, folder)
    one = editing.save("account", edited(editing, "account_sign_in", answer=ANSWER), MEI)
    other = {"en": "Ask Ana.", "zh": "问安娜。"}
    editing.save("account", edited(editing, "account_sign_in", answer=other), MEI)
    assert len(editing.history("account_sign_in")) == 2
    editing.revert("account_sign_in", one, MEI)
    assert editing.get("account_sign_in").entry.answers == ANSWER
    for entry, edit in (("account_sign_in", 999), ("nothing", None)):
        with pytest.raises(Refused, match="not_there"):
            editing.revert(entry, edit, MEI)


def test_the_patch_makes_the_files_say_what_viewers_get(engine: Engine, folder: Path) -> None:
    editing = FaqEditing(engine, folder)
    long = {"en": "word " * 60, "zh": "很长的一句话，" * 30}
    tricky = {"en": "- yes: #1, {really}", "zh": "“是”：#1，{真的}"}
    editing.save("account", edited(editing, "account_sign_in", answer=long, question=tricky), MEI)
    last = [each for each in read(folder) if each.topic == "billing"][-1]
    editing.save("billing", edited(editing, last.id, answer=ANSWER), MEI)
    new = {"id": "billing_new", "question": tricky, "answer": ANSWER,
           "ask": {"en": ["a: b", "yes", "12"], "zh": ["是吗"]}}  # fmt: skip
    editing.save("billing", new, MEI)
    wanted = {each.entry.id: each.entry for each in editing.entries()}
    root = folder.parent.parent
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    patch = editing.patch()
    subprocess.run(["git", "apply", "-"], cwd=root, input=patch, text=True, check=True)
    assert {each.id: each for each in read(folder)} == wanted
    assert patch.count("diff --git") == 2


def test_writing_an_entry_as_it_is_changes_no_meaning() -> None:
    files = faq_files.texts()
    for entry in read(FOLDER):
        files = faq_files.with_entry(files, entry.topic, content_of(entry))
    changed = sum(
        one != other
        for name, text in faq_files.texts().items()
        for one, other in zip(text.splitlines(), files[name].splitlines(), strict=False)
    )
    assert changed < 2000  # lines may break elsewhere, nothing more


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=60))
def test_any_text_is_read_back_as_it_was_written(
    tmp_path_factory: Any, answer: str, ask: str
) -> None:
    content = {
        "id": "an_entry", "question": {"en": ask, "zh": ask},
        "answer": {"en": answer, "zh": answer}, "ask": {"en": [ask], "zh": [ask]},
    }  # fmt: skip
    try:
        cleaned = clean(content)
    except Refused:
        return
    folder = tmp_path_factory.mktemp("faq")
    written = "topic: t\ntitle: {en: T, zh: T}\nentries:\n" + faq_files.written(cleaned)
    (folder / "t.yml").write_text(written, encoding="utf-8")
    (entry,) = read(folder)
    assert content_of(entry) == cleaned


@pytest.mark.parametrize(
    ("topic", "changes", "code"),
    [
        ("account", {"answer": {"en": " ", "zh": "好"}}, "blank"),
        ("account", {"answer": {"en": "x" * 1501, "zh": "好"}}, "too_long"),
        ("account", {"ask": {"en": ["\n"], "zh": ["好"]}}, "blank"),
        ("account", {"id": "Not An Id"}, "wrong_name"),
        ("nothing", {"answer": ANSWER}, "unknown_topic"),
        ("billing", {"answer": ANSWER}, "unknown_topic"),
        ("account", {}, "same"),
        ("account", {"ask": {"en": ["change my email address"], "zh": ["改邮箱吧"]}}, "duplicate"),
    ],
)
def test_what_cannot_be_an_entry_is_refused(
    engine: Engine, topic: str, changes: dict[str, Any], code: str
) -> None:
    editing = FaqEditing(engine)
    with pytest.raises(Refused, match=code):
        editing.save(topic, edited(editing, "account_sign_in", **changes), MEI)


def test_answers_go_on_without_the_database(folder: Path, tmp_path: Path) -> None:
    from bot.store import database

    away = database.engine(f"sqlite:///{tmp_path / 'not-migrated.db'}")
    served = Answers.load(folder, FaqLayer(away))
    assert served.get("account_sign_in") is not None
