"""`make bench-nlu`: prints tables and, last, one JSON line with every figure."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.nlu import chatty, hard_names, own, real
from benchmarks.nlu.hard_names import HardNamesError
from benchmarks.nlu.mapping import MappingError
from benchmarks.nlu.measures import percentile
from benchmarks.nlu.report import Report, progress
from benchmarks.nlu.sets import SetError
from benchmarks.nlu.spans import KnownNames
from benchmarks.nlu.understanding import Assistant
from bot import quiet
from models.nlu_examples import nlu_examples

SEED, TIMED, WARM_UP = 0, 2000, 100
P50_BAR = 8.0
PARTS = ("own", "time", "real", "hard", "chatty")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was chosen; 1 when something that it needs is missing or damaged."""
    parser = argparse.ArgumentParser(prog="benchmarks.nlu", description=(__doc__ or "").strip())
    parser.add_argument("--data", type=Path, default=real.DATA, help="folder of reference sets")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    parser.add_argument("--limit", type=int, help="a trial: at most so many sentences of each set")
    parser.add_argument(
        "--sample", type=int, default=real.SEED, help="seed of the sample of MIT movie"
    )
    parser.add_argument(
        "--folds", type=int, default=own.FOLDS, help="of the five folds, measure the first so many"
    )
    parser.add_argument("--mistakes", type=Path, help="file to write every mistake to")
    options = parser.parse_args(arguments)
    quiet.python_and_tensorflow()
    from bot.agent import NoModelError
    from bot.store.database import DatabaseUnavailable

    report = Report()
    try:
        if "own" in options.parts:
            own.measure(report, progress, options.limit, options.folds)
        measure(report, options.parts, options.data, options.limit, options.sample)
        if options.mistakes:
            report.write_mistakes(options.mistakes)
    except (
        *(NoModelError, DatabaseUnavailable, SetError, MappingError, HardNamesError, OSError),
    ) as error:
        print(f"bench-nlu: {error}", file=sys.stderr)
        return 1
    report.summary()
    return 0


def measure(
    report: Report, parts: Sequence[str], folder: Path, limit: int | None, sample: int
) -> None:
    """Fill `report` with the parts that the trained assistant is needed for."""
    from bot.catalogue import shared

    catalogue = shared.catalogue()
    if set(parts) == {"own"}:
        return
    progress("loading the trained assistant")
    assistant = Assistant()
    try:
        if "time" in parts:
            _time(report, assistant, limit)
        if "real" in parts:
            if folder.is_dir():
                known = KnownNames(catalogue)
                real.measure(report, assistant, known, folder, progress, limit, sample)
            else:
                report.skip(f"real sentences: no folder {folder}")
        if "hard" in parts:
            hard_names.measure(report, assistant, catalogue)
            hard_names.measure(report, assistant, catalogue, hard_names.UNSEEN, "hard_names_unseen")
        if "chatty" in parts:
            chatty.measure(report, assistant)
    finally:
        assistant.close()


def _time(report: Report, assistant: Assistant, limit: int | None) -> None:
    """Milliseconds of whole messages, one after another, after a warm-up."""
    texts = sorted({example.text for example in nlu_examples()})
    random.Random(SEED).shuffle(texts)
    progress("timing")
    assistant.milliseconds(texts[:WARM_UP])
    timed = texts[WARM_UP : WARM_UP + (limit or TIMED)]
    times = assistant.milliseconds(timed)
    report.title(f"one message through the whole pipeline, {len(times):,} of our own sentences")
    report.bar("milliseconds_p50", "milliseconds, p50", percentile(times, 0.5), P50_BAR, most=True)
    report.value("milliseconds_p99", "milliseconds, p99", percentile(times, 0.99))


if __name__ == "__main__":
    sys.exit(main())
