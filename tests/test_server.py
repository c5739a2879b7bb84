"""Starting the server: an address that cannot be used is said in one line."""

from __future__ import annotations

import socket

import pytest

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
