"""Set-up: steps are skipped while their inputs are unchanged, and failures are one clear line."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import provision
from bot.settings import Settings


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a", encoding="utf-8")
    found = Settings(data_dir=tmp_path / "var")
    found.data_dir.mkdir()
    monkeypatch.setattr(provision, "ROOT", tmp_path)
    monkeypatch.setattr(provision, "settings", lambda: found)
    return tmp_path


def counted(name: str, done: list[str], after: tuple[str, ...] = ()) -> provision.Step:
    def work(progress: Callable[[str], None]) -> str:
        done.append(name)
        return "done"

    return provision.Step(name, (f"in/{name}*.txt",), work, lambda: name in done, after)


def test_a_step_is_done_once_and_again_when_its_input_changes(world: Path) -> None:
    done: list[str] = []
    steps = [counted("a", done), counted("b", done)]
    provision.provision(steps)
    provision.provision(steps)
    assert done == ["a", "b"]
    (world / "in" / "a.txt").write_text("changed", encoding="utf-8")
    provision.provision(steps)
    assert done == ["a", "b", "a"]
    (world / "in" / "b-new.txt").write_text("new", encoding="utf-8")
    provision.provision(steps)
    assert done == ["a", "b", "a", "b"]


def test_what_comes_after_a_changed_step_is_done_again(world: Path) -> None:
    done: list[str] = []
    steps = [counted("a", done), counted("b", done, after=("a",))]
    provision.provision(steps)
    (world / "in" / "a.txt").write_text("changed", encoding="utf-8")
    provision.provision(steps)
    assert done == ["a", "b", "a", "b"]


def test_a_result_that_is_gone_is_made_again_and_force_makes_all(world: Path) -> None:
    done: list[str] = []
    step = counted("a", done)
    provision.provision([step])
    gone = provision.Step("a", step.inputs, step.work, lambda: False)
    provision.provision([gone])
    provision.provision([step], force=True)
    assert done == ["a", "a", "a"]


def test_a_failed_step_is_not_stamped(world: Path) -> None:
    def fail(progress: Callable[[str], None]) -> str:
        raise provision.SetupError("no")

    done: list[str] = []
    with pytest.raises(provision.SetupError):
        provision.provision([provision.Step("a", ("in/*",), fail, lambda: True)])
    provision.provision([counted("a", done)])
    assert done == ["a"]


def test_a_damaged_stamp_file_means_everything_is_due(world: Path) -> None:
    done: list[str] = []
    (world / "var" / provision.STAMPS).write_text("{", encoding="utf-8")
    provision.provision([counted("a", done)])
    assert done == ["a"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/var/x"), "cannot write /var/x"),
        (provision.SetupError("train it by hand"), "train it by hand"),
    ],
)
def test_failures_are_one_line_and_a_status(
    world: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    line: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(provision, "provision", fail)
    assert provision.main() == 1
    said = capsys.readouterr().err.strip()
    assert line in said and "\n" not in said


def test_output_of_a_training_goes_to_a_log_and_its_last_line_is_the_summary(world: Path) -> None:
    import sys

    script = "print('noise'); print('12 users')"
    assert provision._logged("x", [sys.executable, "-c", script]) == "12 users"
    assert "noise" in (world / "var" / "logs" / "x.log").read_text(encoding="utf-8")
    with pytest.raises(provision.SetupError, match="boom"):
        provision._logged("x", [sys.executable, "-c", "raise SystemExit('boom')"])
    with pytest.raises(provision.SetupError, match="disk is full"):
        full = "raise SystemExit('OSError: [Errno 28] No space left on device')"
        provision._logged("x", [sys.executable, "-c", full])
