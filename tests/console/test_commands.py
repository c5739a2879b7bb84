"""The operator's commands, as processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy import text

from bot.console.beside import Beside
from bot.settings import ROOT
from bot.store import database
from bot.store.audit import AuditLog, record
from bot.store.staff import Staff
from tests.channels.served import free_port
from tests.console.served import Client
from tests.console.signing import inside


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
    return {**kept, "USHER_DATA_DIR": str(data), "PYTHONPATH": str(ROOT), **more}


def bot(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "console", *arguments],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def wait_for(address: str, seconds: float = 20) -> requests.Response:
    end = time.monotonic() + seconds
    while True:
        try:
            return requests.get(address, timeout=2)
        except requests.ConnectionError:
            assert time.monotonic() < end, f"{address} did not answer"
            time.sleep(0.1)


def gone(address: str, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            requests.get(address, timeout=2)
        except requests.ConnectionError:
            return True
        time.sleep(0.1)
    return False


def test_there_is_no_account_until_the_command_makes_one(tmp_path: Path) -> None:
    made = bot(tmp_path, "admin", "Ana@Example.org", "--name", "Ana")
    assert made.returncode == 0, made.stderr
    password = re.search(r"One-time password.*: (\S+)", made.stdout).group(1)
    store = database.engine(f"sqlite:///{tmp_path / 'usher.db'}")
    assert [each.email for each in Staff(store).everybody()] == ["ana@example.org"]
    assert password not in str(AuditLog(store).page())
    again = bot(tmp_path, "admin", "ana@example.org")
    assert again.returncode == 1 and "--reset" in again.stderr
    reset = bot(tmp_path, "admin", "ana@example.org", "--reset")
    assert reset.returncode == 0 and password not in reset.stdout
    assert bot(tmp_path, "admin", "nobody@example.org", "--reset").returncode == 1
    assert bot(tmp_path, "admin", "no address").returncode == 2
    password = re.search(r"One-time password.*: (\S+)", reset.stdout).group(1)
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "console", "serve", "--port", str(port)],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            wait_for(f"http://127.0.0.1:{port}/health")
            client = Client(f"http://127.0.0.1:{port}")
            client.refresh()
            form = {"email": "ana@example.org", "password": password}
            assert client.post("/sign-in", form).status_code == 303
            client.refresh("/sign-in/password")
            new = "a sentence of my own"
            client.post("/sign-in/password", {"new": new, "again": new})
            assert inside(client)
        finally:
            serving.send_signal(signal.SIGINT)
            assert serving.wait(10) == 0


def test_verify_finds_what_was_changed(tmp_path: Path) -> None:
    bot(tmp_path, "admin", "ana@example.org")
    store = database.engine(f"sqlite:///{tmp_path / 'usher.db'}")
    record(store, who="ana@example.org", action="people.invite")
    whole = bot(tmp_path, "verify")
    assert whole.returncode == 0 and "2 entries" in whole.stdout
    head = re.search(r"elsewhere: ([0-9a-f]{64})", whole.stdout).group(1)
    assert bot(tmp_path, "verify", "--head", head).returncode == 0
    assert bot(tmp_path, "verify", "--head", "0" * 63 + "1").returncode == 1
    with database.writing(store) as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'bo@example.org' WHERE id = 1"))
    changed = bot(tmp_path, "verify")
    assert changed.returncode == 1 and "entry 1" in changed.stdout


def test_retention_says_and_does(tmp_path: Path) -> None:
    dry = bot(tmp_path, "retention", "--dry-run")
    assert dry.returncode == 0 and "Nothing was deleted" in dry.stdout
    assert "cases" in dry.stdout
    assert bot(tmp_path, "retention").returncode == 0


@pytest.mark.parametrize("command", ["verify", "admin", "serve"])
def test_a_database_that_is_away_is_one_line(tmp_path: Path, command: str) -> None:
    arguments = [command, *(["a@example.org"] if command == "admin" else [])]
    answer = bot(tmp_path, *arguments, USHER_DATABASE_URL="postgresql://u:hunter22@127.0.0.1:1/u")
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert "hunter22" not in answer.stderr


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = bot(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 1 and "USHER_CONSOLE_PORT" in answer.stderr


def test_beside_the_assistant_it_starts_again_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USHER_DATA_DIR", str(tmp_path))
    port = free_port()
    address = f"http://127.0.0.1:{port}/health"
    with Beside("127.0.0.1", port) as console:
        wait_for(address)
        first = console.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert gone(address, 3)
        wait_for(address)
        assert console.pid != first
    assert gone(address)


def test_it_ends_when_the_assistant_is_killed(tmp_path: Path) -> None:
    port = free_port()
    program = (
        "import time; from bot.console.beside import Beside\n"
        f"with Beside('127.0.0.1', {port}): time.sleep(60)"
    )
    address = f"http://127.0.0.1:{port}/health"
    with subprocess.Popen([sys.executable, "-c", program], env=environment(tmp_path)) as assistant:
        wait_for(address)
        assistant.kill()
    assert gone(address)
