"""The trained assistant that tests talk to: made once, and again when what it is made of changes.

Each part lies in `var/test-cache/<part>-<key>`, the key being a hash over all that goes into it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot import provision, quiet, sources
from bot.catalogue.build import build
from bot.catalogue.export import export
from bot.settings import ROOT, Settings
from bot.store.database import engine, migrate
from tests.conversations.audience import write_ratings

CACHE = ROOT / "var" / "test-cache"
SHELF = ROOT / "tests" / "conversations" / "catalogue"
ASSISTANT = "usher-test"
VERSIONS_KEPT = 3
Parts = Mapping[str, Path]


@dataclass(frozen=True)
class Part:
    """One thing to make: `make(folder, parts)` fills `folder`, with the parts before it at hand."""

    name: str
    inputs: tuple[str, ...]
    make: Callable[[Path, Parts], None]
    after: tuple[str, ...] = ()


def assemble(home: Path) -> Path:
    """Make `home` a data folder with a fresh database and all that is trained.

    Returns:
        The folder with the assistant's archive.

    Raises:
        RuntimeError: a part cannot be made; the message ends with what its maker said.
    """
    parts: dict[str, Path] = {}
    with _only_one():
        for each in PARTS:
            parts[each.name] = _made(each, parts)
    (home / "models").mkdir(parents=True, exist_ok=True)
    shutil.copy(parts["catalogue"] / "usher.db", home / "usher.db")
    for name in ("recommender", "classifier", "encoder"):
        (home / "models" / name).symlink_to(parts[name])
    return parts["assistant"]


def part(name: str) -> Path:
    """The folder of a part that stands on no other."""
    with _only_one():
        return _made(next(each for each in PARTS if each.name == name), {})


def _made(part: Part, parts: Parts) -> Path:
    digest = hashlib.sha256()
    for name in part.after:
        digest.update(parts[name].name.encode())
    for pattern in (*part.inputs, "requirements.txt"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    folder = CACHE / f"{part.name}-{digest.hexdigest()[:16]}"
    if folder.exists():
        os.utime(folder)
        return folder
    partial = CACHE / f".{part.name}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    part.make(partial, parts)
    partial.rename(folder)
    versions = sorted(CACHE.glob(f"{part.name}-*"), key=lambda path: path.stat().st_mtime)
    for old in versions[:-VERSIONS_KEPT]:
        shutil.rmtree(old)
    return folder


def _catalogue(folder: Path, parts: Parts) -> None:
    store = engine(f"sqlite:///{folder / 'usher.db'}")
    migrate(store)
    report = build(store, folder / "nothing", SHELF)
    store.dispose()
    if report.bad_rows:
        raise RuntimeError(f"{report.bad_rows} bad rows in {SHELF}")


def _recommender(folder: Path, parts: Parts) -> None:
    data = folder / "data"
    export(engine(f"sqlite:///{parts['catalogue'] / 'usher.db'}"), data)
    write_ratings(data / "titles.jsonl", data / "ratings.csv")
    _run(folder, "models.recommender.train", "--data", str(data), "--out", str(folder))


def _classifier(folder: Path, parts: Parts) -> None:
    step = next(step for step in provision.steps() if step.name == "classifier")
    with patch.object(provision, "settings", Settings):
        stamp = provision._stamp(step, {})
    var = Settings().data_dir
    stamps = var / provision.STAMPS
    trained = var / "models" / "classifier"
    known = json.loads(stamps.read_text(encoding="utf-8")) if stamps.exists() else {}
    if known.get("classifier") == stamp and trained.exists():
        shutil.copytree(trained, folder, dirs_exist_ok=True)
    else:
        _run(folder, "models.classifier.train", "--out", str(folder))


def _encoder(folder: Path, parts: Parts) -> None:
    fetched = Settings().models_dir / "encoder"
    if fetched.exists():
        shutil.copytree(fetched, folder, dirs_exist_ok=True)
    sources.fetch(folder, sources.ENCODER)


def _assistant(folder: Path, parts: Parts) -> None:
    home = folder / "home"
    (home / "models").mkdir(parents=True)
    (home / "models" / "encoder").symlink_to(parts["encoder"])
    shutil.copy(parts["catalogue"] / "usher.db", home / "usher.db")
    _run(
        home,
        *("rasa", "train", "--force", "--fixed-model-name", ASSISTANT, "--out", str(folder)),
    )
    shutil.rmtree(home)


def _run(home: Path, module: str, *arguments: str) -> None:
    """Run a module in a process of its own with `home` as its data folder."""
    environment = {
        **os.environ,
        **quiet.ENVIRONMENT,
        "PYTHONPATH": str(ROOT),
        "USHER_DATA_DIR": str(home),
        "RASA_CACHE_DIRECTORY": str(home / "rasa-cache"),
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stdout[-3000:]}")


@contextmanager
def _only_one() -> Iterator[None]:
    """Test runs beside each other make each part once: the second waits."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


PARTS = (
    Part(
        "catalogue",
        (
            "tests/conversations/catalogue/*.csv",
            "bot/catalogue/*.py",
            "bot/store/*schema.py",
            "bot/store/migrations/versions/*.py",
            "data/lexicon/*.yml",
        ),
        _catalogue,
    ),
    Part(
        "recommender",
        ("models/recommender/*.py", "models/artefact.py", "tests/conversations/audience.py"),
        _recommender,
        after=("catalogue",),
    ),
    Part("classifier", provision.CLASSIFIER_INPUTS, _classifier),
    Part("encoder", ("models/encoder/__init__.py",), _encoder),
    Part(
        "assistant",
        (
            "config.yml",
            "domain.yml",
            "data/nlu/*.yml",
            "data/rules/*.yml",
            "data/stories/*.yml",
            "data/lexicon/*",
            "data/topics/*.tsv",
            "bot/nlu/*.py",
            "bot/conversation/timeout_policy.py",
            "models/encoder/*.py",
            "models/encoder/tuned/*",
        ),
        _assistant,
        after=("catalogue", "encoder"),
    ),
)
