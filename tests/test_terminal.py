"""`parse` and `say`: one JSON object a line, whatever the bytes; the chat draws cards."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from bot import terminal
from tests.conversations.talk import Usher


@pytest.fixture
def loaded(usher: Usher, monkeypatch: pytest.MonkeyPatch) -> Usher:
    """The terminal's commands with the assistant that is loaded already."""

    async def load() -> object:
        return usher.agent

    monkeypatch.setattr(terminal, "load", load)
    return usher


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lines_are_read_from_a_file_whatever_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("你好\r\n".encode() + b"\xff\xfe\n\nlast")
    assert list(terminal.read_lines(str(file))) == ["你好", "\ufffd\ufffd", "", "last"]


def test_standard_input_is_read_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO("a\n说\n".encode())))
    assert list(terminal.read_lines(None)) == ["a", "说"]


@pytest.mark.model
def test_parse_prints_what_is_understood(loaded: Usher, capsys: pytest.CaptureFixture[str]) -> None:
    assert loaded.run(terminal.parse(["who directed Heat?", "", "给《霸王别姬》打9分"])) == 0
    heat, empty, rating = printed(capsys)
    assert set(heat) == {"text", "language", "intent", "intent_ranking", "entities", "moderation"}
    assert heat["intent"]["name"] == "ask_director" and heat["intent"]["confidence"] > 0.5
    assert len(heat["intent_ranking"]) == 3 and heat["moderation"]["flagged"] is False
    title = next(e for e in heat["entities"] if e["entity"] == "title")
    assert (title["id"], title["start"], title["end"]) == ("tt0113277", 13, 17)
    assert empty["text"] == ""
    assert rating["language"] == "zh"
    assert ("rating", 4.5) in [(e["entity"], e["value"]) for e in rating["entities"]]


@pytest.mark.model
def test_say_is_one_conversation(loaded: Usher, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["who directed Dune?", "the second one", ""]
    assert loaded.run(terminal.say(lines, "test-say")) == 0
    said = printed(capsys)
    assert [line["text"] for line in said] == lines
    keys = {"text", "texts", "buttons", "custom", "intent", "actions", "milliseconds"}
    assert all(set(line) == keys for line in said)
    assert "Denis Villeneuve" in said[1]["texts"][0]


@pytest.mark.model
def test_the_chat_shows_cards_and_numbers_buttons(usher: Usher) -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=100)
    terminal._print(console, usher.viewer().say("recommend a comedy").answer.messages)
    terminal._print(console, usher.viewer().say("who directed Dune?").answer.messages)
    text = shown.getvalue()
    assert "1. " in text and "Comedy" in text and "matches: Comedy" in text
    assert "[1] Dune (1984)" in text and "[2] Dune (2021)" in text
