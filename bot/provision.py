"""Setting Usher up: data, catalogue, models. A step whose inputs have not changed is skipped."""

from __future__ import annotations

import errno
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot import quiet
from bot.agent import MODEL_PATTERN, MODELS
from bot.settings import ROOT, settings

STAMPS = "stamps.json"
MODELS_KEPT = 2
CLASSIFIER_INPUTS = (
    "models/classifier/*.py",
    "models/classifier/pretrained/*",
    "models/artefact.py",
    "models/nlu_examples.py",
    "data/faq/*.yml",
    "data/topics/training.tsv",
    "data/topics/indirect.tsv",
    "data/opinions/*.tsv",
    "data/nlu/*.yml",
)
"""What the classifier is trained from; patterns under the project's root."""


class SetupError(RuntimeError):
    """A step could not be done; the message is one line that says what to do."""


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    `inputs` are patterns under the project's root; `after` names the steps whose result it uses;
    `made` tells whether the result is still there; `state` is what else it depends on.
    """

    name: str
    inputs: tuple[str, ...]
    work: Callable[[Callable[[str], None]], str]
    made: Callable[[], bool]
    after: tuple[str, ...] = ()
    state: Callable[[], str] = str


def main(force: bool = False) -> int:
    """Do every step that is due, saying what is done and how long it took."""
    quiet.python_and_tensorflow()
    from bot.sources import SourceError
    from bot.store.database import DatabaseUnavailable

    began = time.monotonic()
    try:
        settings().data_dir.mkdir(parents=True, exist_ok=True)
        with _only_one():
            provision(steps(), force)
    except (SetupError, SourceError, DatabaseUnavailable) as error:
        print(f"usher: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"usher: {_os_error(error)}", file=sys.stderr)
        return 1
    print(f"  ready in {time.monotonic() - began:.1f} s")
    return 0


def provision(due: Iterable[Step], force: bool = False) -> None:
    """Run the steps in order; each one's stamp is written when it has succeeded."""
    stamps = _read_stamps()
    fresh: dict[str, str] = {}
    for step in due:
        stamp = _stamp(step, fresh)
        fresh[step.name] = stamp
        if not force and stamps.get(step.name) == stamp and step.made():
            _say(f"  · {step.name:<12} unchanged")
            continue
        began = time.monotonic()
        _say(f"  › {step.name:<12} …", passing=True)
        summary = step.work(partial(_progress, step.name))
        stamps[step.name] = stamp
        _write_stamps(stamps)
        _say(f"  ✓ {step.name:<12} {summary} ({time.monotonic() - began:.1f} s)")


def steps() -> list[Step]:
    """Every step of the set-up, in the order they need each other."""
    models = settings().models_dir
    raw = settings().data_dir / "raw"
    exported = settings().data_dir / "recommender"
    return [
        Step(
            "data",
            ("bot/sources.py", "models/encoder/__init__.py"),
            _fetch,
            lambda: (raw / "movies.db").exists() and (models / "encoder").exists(),
        ),
        Step(
            "catalogue",
            ("bot/catalogue/*.py", "bot/store/catalogue_schema.py", "data/catalogue/*.csv"),
            _build_catalogue,
            _catalogue_is_there,
            after=("data",),
        ),
        Step(
            "recommender",
            ("models/recommender/*.py", "models/artefact.py", "bot/catalogue/export.py"),
            _train_recommender,
            lambda: (models / "recommender" / "manifest.json").exists() and exported.exists(),
            after=("catalogue",),
            state=_imported,
        ),
        Step(
            "classifier",
            CLASSIFIER_INPUTS,
            _train_classifier,
            lambda: (models / "classifier" / "manifest.json").exists(),
        ),
        Step(
            "assistant",
            (
                "config.yml",
                "domain.yml",
                "data/nlu/*.yml",
                "data/topics/*.tsv",
                "data/rules/*.yml",
                "data/stories/*.yml",
                "data/lexicon/*.yml",
                "bot/nlu/*.py",
                "bot/conversation/timeout_policy.py",
                "models/encoder/*.py",
                "models/encoder/tuned/*",
            ),
            _train_assistant,
            lambda: any(MODELS.glob(MODEL_PATTERN)),
            after=("catalogue",),
        ),
    ]


def _fetch(progress: Callable[[str], None]) -> str:
    from bot import sources

    return "; ".join(
        (
            sources.fetch(settings().data_dir / "raw", sources.CATALOGUE, progress),
            sources.fetch(settings().models_dir / "encoder", sources.ENCODER, progress),
        )
    )


def _catalogue_is_there() -> bool:
    from bot.catalogue.build import is_built
    from bot.store.database import engine

    return is_built(engine(settings().database))


def _imported() -> str:
    """What is in the catalogue, operators' imports included: the recommender learns from it."""
    from sqlalchemy import select

    from bot.store.catalogue_schema import catalogue_sources as sources
    from bot.store.database import engine, reading

    with reading(engine(settings().database)) as connection:
        query = select(sources.c.source, sources.c.digest).order_by(sources.c.source)
        return str([tuple(row) for row in connection.execute(query)])


def _build_catalogue(progress: Callable[[str], None]) -> str:
    from bot.catalogue.build import build
    from bot.store.database import engine, migrate

    store = engine(settings().database)
    migrate(store)
    report = build(store, settings().data_dir / "raw", ROOT / "data" / "catalogue", progress)
    return str(report)


def _train_recommender(progress: Callable[[str], None]) -> str:
    from bot.catalogue.export import export
    from bot.store.database import engine

    exported = settings().data_dir / "recommender"
    export(engine(settings().database), exported)
    out = settings().models_dir / "recommender"
    return _module("models.recommender.train", "--data", str(exported), "--out", str(out))


def _train_classifier(progress: Callable[[str], None]) -> str:
    out = settings().models_dir / "classifier"
    return _module("models.classifier.train", "--out", str(out))


def _train_assistant(progress: Callable[[str], None]) -> str:
    name = "usher-" + time.strftime("%Y%m%d-%H%M%S")
    _logged(
        "assistant",
        [
            sys.executable,
            "-m",
            "rasa",
            "train",
            # Rasa's cache knows a component by its class, not by the modules it stands on.
            "--force",
            "--quiet",
            "--fixed-model-name",
            name,
            "--out",
            str(MODELS),
        ],
    )
    archives = sorted(MODELS.glob(MODEL_PATTERN), key=lambda path: path.stat().st_mtime)
    for old in archives[:-MODELS_KEPT]:
        old.unlink()
    return f"models/{name}.tar.gz"


def _module(module: str, *arguments: str) -> str:
    """Run a training module in a process of its own; its last line is the summary."""
    return _logged(module.split(".")[1], [sys.executable, "-m", module, *arguments])


def _logged(name: str, command: list[str]) -> str:
    """Run `command` with its output in a log file; the last line that says something is returned.

    Raises:
        SetupError: it failed; the line names the log.
    """
    import os

    log = settings().data_dir / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **quiet.ENVIRONMENT, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as file:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    if done.returncode:
        if any("No space left on device" in line for line in lines):
            raise SetupError("the disk is full; free some space and run it again")
        last = lines[-1] if lines else "no output"
        raise SetupError(f"{name} failed: {last} (log: {log})")
    return lines[-1] if lines else "done"


def _stamp(step: Step, fresh: dict[str, str]) -> str:
    """A hash over the step's input files, the settings it depends on, and the steps before it."""
    digest = hashlib.sha256()
    for name in step.after:
        digest.update(fresh[name].encode())
    digest.update(settings().database.encode())
    digest.update(step.state().encode())
    for pattern in step.inputs:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_stamps() -> dict[str, str]:
    try:
        stamps: Any = json.loads((settings().data_dir / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write_stamps(stamps: dict[str, str]) -> None:
    text = json.dumps(stamps, indent=1, sort_keys=True)
    (settings().data_dir / STAMPS).write_text(text + "\n", encoding="utf-8")


@contextmanager
def _only_one() -> Iterator[None]:
    """Two set-ups at once would train over each other: the second waits."""
    import fcntl

    with (settings().data_dir / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("  another set-up is running; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _os_error(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full; free some space and run it again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot write {error.filename or settings().data_dir}; check its permissions"
    return f"{error.strerror or error} ({error.filename or 'set-up'})"


def _progress(name: str, text: str) -> None:
    _say(f"    {name}: {text}", passing=True)


def _say(text: str, passing: bool = False) -> None:
    """Print a line; a passing one is overwritten on a terminal and left out elsewhere."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="" if passing else "\n", flush=True)
    elif not passing:
        print(text, flush=True)
