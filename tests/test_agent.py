"""The assistant inside a process: which archive is taken, and what an answer holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import agent
from bot.settings import Settings
from tests.conversations.talk import Usher


def test_without_an_archive_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "MODELS", tmp_path)
    with pytest.raises(agent.NoModelError, match="python -m bot train"):
        agent.trained_model()


def test_the_newest_archive_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "MODELS", tmp_path)
    for age, name in enumerate(("usher-b.tar.gz", "usher-a.tar.gz", "other.tar.gz")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    os.utime(tmp_path / "usher-a.tar.gz", (2000, 2000))
    assert agent.trained_model().name == "usher-a.tar.gz"


def test_actions_run_here_unless_a_server_is_set() -> None:
    assert agent.endpoints(Settings()).action.url == "in-process"
    away = agent.endpoints(Settings(action_url="http://actions:5055/webhook"))
    assert away.action.url == "http://actions:5055/webhook"


@pytest.mark.model
def test_an_answer_holds_what_was_said_understood_and_done(usher: Usher) -> None:
    found = usher.run(agent.answer(usher.agent, "who directed Dune?", "test-agent"))
    assert found.intent == "ask_director" and list(found.actions) == ["action_title_fact"]
    assert len(found.texts) == 1 and len(found.buttons) == 2 and not found.custom
    assert 0 < found.milliseconds < 5000


@pytest.mark.model
def test_the_actions_are_those_of_the_last_message_only(usher: Usher) -> None:
    usher.run(agent.answer(usher.agent, "hello", "test-agent-2"))
    found = usher.run(agent.answer(usher.agent, "recommend a comedy", "test-agent-2"))
    assert list(found.actions) == ["action_recommend"]
    assert found.custom[0]["type"] == "titles"
