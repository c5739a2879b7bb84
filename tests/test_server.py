"""Starting the server: an address that cannot be used is said in one line."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from actions.services import Services, services
from bot import server


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert server.main("127.0.0.1", port) == 1
    said = capsys.readouterr().err.strip()
    assert f"port {port} is taken" in said and "USHER_PORT" in said and "\n" not in said


@pytest.mark.parametrize("port", [70000, 99999])
def test_a_number_that_is_no_port(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.main("127.0.0.1", port) == 1
    assert "not a port" in capsys.readouterr().err


def test_a_free_port_can_be_listened_on() -> None:
    assert server.cannot_listen("127.0.0.1", 0) is None


def test_models_that_are_away_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = Services(server.settings(), services().engine)
    vars(made).update(catalogue=None, names=None)
    (tmp_path / "classifier").mkdir()
    (tmp_path / "classifier" / "manifest.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(type(made.settings), "models_dir", tmp_path)
    monkeypatch.setattr("bot.nlu.sentence_vectors.shared", object)
    monkeypatch.setattr("actions.services.services", lambda: made)
    app = SimpleNamespace(ctx=SimpleNamespace())
    asyncio.run(server._warm_up(app, None))
    assert app.ctx.away == ["recommender", "classifier"]
    assert "train it first" in caplog.text and "is no manifest" in caplog.text
