"""Simulated viewers talk to the trained assistant: success, turns, repeats, dead ends.

They play on a copy of the database, so nothing of them is kept. `make bench-simulator`
prints figures by kind of viewer and language and, last, one JSON line:
{"simulator": {figure: value}, "kinds": {kind: {figure: value}}, "seed": seed}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from bot import quiet
from bot.settings import settings
from bot.simulator.outcome import Outcome, figures, groups, table

PROGRESS_EVERY = 50


class NothingToPlayWith(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """The assistant is not set up; the message says what to do."""


@contextmanager
def own_data() -> Iterator[None]:
    """A data folder with a copy of the database and the models, gone afterwards.

    Raises:
        NothingToPlayWith: there is no database to copy.
    """
    if settings().database_url:
        raise NothingToPlayWith("unset USHER_DATABASE_URL: viewers play on a copy of var/usher.db")
    home = settings().data_dir
    database = home / "usher.db"
    if not database.exists():
        raise NothingToPlayWith("the catalogue is not built: run `python -m bot run --setup-only`")
    folder = Path(tempfile.mkdtemp(prefix="usher-simulator-"))
    before = os.environ.get("USHER_DATA_DIR")
    try:
        with (
            closing(sqlite3.connect(database)) as original,
            closing(sqlite3.connect(folder / "usher.db")) as copy,
        ):
            original.backup(copy)
        (folder / "models").symlink_to(home / "models")
        os.environ["USHER_DATA_DIR"] = str(folder)
        settings.cache_clear()
        yield
    finally:
        if before is None:
            os.environ.pop("USHER_DATA_DIR", None)
        else:
            os.environ["USHER_DATA_DIR"] = before
        settings.cache_clear()
        shutil.rmtree(folder, ignore_errors=True)


async def run(conversations: int, seed: int, transcripts: Path | None) -> list[Outcome]:
    """Play, one conversation after the other.

    Raises:
        NoModelError: no assistant is trained.
        OSError: the transcripts cannot be written.
    """
    from bot import agent as assistant
    from bot.catalogue import shared
    from bot.simulator.play import cast, play

    agent = await assistant.load()
    # The assistant varies its wording by numpy's chance.
    np.random.seed(seed % 2**32)
    outcomes = []
    began = time.monotonic()
    for number in range(conversations):
        viewer, voice = cast(number, seed, shared.catalogue())

        async def send(text: str, sender: str = f"simulated-{seed}-{number}") -> assistant.Answer:
            return await assistant.answer(agent, text, sender)

        outcome = await play(viewer, voice, send)
        outcomes.append(outcome)
        if transcripts is not None:
            with transcripts.open("a", encoding="utf-8") as file:
                what = {"number": number, "kind": outcome.kind, "language": outcome.language}
                turns = {"transcript": outcome.transcript}
                file.write(json.dumps({**what, **turns}, ensure_ascii=False) + "\n")
        if sys.stderr.isatty() and (number + 1) % PROGRESS_EVERY == 0:
            spent = time.monotonic() - began
            done = f"{number + 1} of {conversations} conversations, {spent:.0f} s"
            print(done, file=sys.stderr, flush=True)
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Play and print; 1 when it could not be played."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.simulator", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--conversations", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--transcripts", type=Path, metavar="FILE", help="JSONL file to write")
    options = parser.parse_args(arguments)
    if options.conversations < 1:
        parser.error("--conversations must be at least 1")
    quiet.python_and_tensorflow()
    from bot.agent import NoModelError

    try:
        if options.transcripts is not None:
            options.transcripts.write_text("", encoding="utf-8")
        with own_data():
            outcomes = asyncio.run(run(options.conversations, options.seed, options.transcripts))
    except (NothingToPlayWith, NoModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(table(outcomes)))
    by_kind = {name: figures(some) for name, some in groups(outcomes)}
    total = by_kind.pop("all")
    print(json.dumps({"simulator": total, "kinds": by_kind, "seed": options.seed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
