"""The recommender beside other people's: `make bench-recommender`.

    python -m benchmarks.recommender [--data DIR ...] [--folds N] [--tried N] [--minutes M]

For each folder of ratings: our models (`models.recommender.evaluate`) and, where there is an
environment with them, the peers of `recommender_peers`, on the same folds by the same code. Ends
in one JSON line with the bars: 1 % above the best single model of the peers' and of our own on
likes, for NDCG@100 and Recall@20 (p over users by a permutation test), and coverage of the top
10 at least that of the best Mult-DAE. A peer goes on to a further fold while it is likely
to be done within M minutes; the table says how many it has, and it is compared on their users.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from models.recommender import evaluate
from models.recommender.dataset import DatasetError
from models.recommender.evaluate import Row
from models.recommender.movielens import read_folder
from models.recommender.protocol import FOLDS

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers" / "recommender" / "bin" / "python"
DATA = (ROOT / "var" / "raw", ROOT.parent / "shared" / "data" / "ratings" / "ml-latest-small")
FACTS = ROOT / "var" / "recommender" / "titles.jsonl"
FIGURES = ("NDCG@100", "Recall@20", "coverage")

Peers = dict[str, dict[str, list[float]]]
"""Model → figure → values, fold after fold."""


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def side_by_side(
    ours: Callable[[], dict[str, Row]], python: Path, folder: Path, limits: Sequence[str]
) -> tuple[dict[str, Row], Peers]:
    """What `ours` gives, and the peers' figures from their environment, measured at the same time.

    Where the peers cannot run there are none; where they end early, what they had by then.
    """
    if not python.exists():
        say(f"no peers: {python} is not there")
        return ours(), {}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "peers.json"
        running = subprocess.Popen(
            [
                str(python),
                "-m",
                "benchmarks.recommender_peers",
                str(folder.resolve()),
                str(out),
                *limits,
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )
        try:
            rows = ours()
            if running.wait():
                say(f"peers: they ended with status {running.returncode}")
        finally:
            running.kill()
            running.wait()
        return rows, read_peers(out) if out.exists() else {}


def read_peers(path: Path) -> Peers:
    """What `recommender_peers` wrote."""
    found: Peers = json.loads(path.read_text(encoding="utf-8"))
    return found


def table(rows: Mapping[str, Row], others: Peers) -> str:
    """Our models with every figure, then the peers with those they are compared by."""
    lines = [evaluate.table(rows)]
    for name, figures in others.items():
        cells = [f"{figure} {np.mean(figures[figure]):.4f}" for figure in FIGURES]
        count = len(figures["coverage"])
        cells.append("1 fold" if count == 1 else f"{count} folds")
        lines.append(f"{'peer: ' + name:34}" + "  ".join(cells))
    return "\n".join(lines)


def main() -> int:
    """Print a table for each folder and one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, action="append", help="folder of ratings")
    options.add_argument("--peers", type=Path, default=PEERS, help="Python with the peers")
    options.add_argument("--peers-figures", type=Path, help="figures they wrote before")
    options.add_argument("--quick", action="store_true", help="leave compared autoencoders out")
    options.add_argument("--tried", type=int, default=3, help="settings of each peer")
    options.add_argument("--folds", type=int, default=FOLDS, help="at most, of all models")
    options.add_argument("--minutes", type=float, default=5.0, help="of each peer on a folder")
    chosen = options.parse_args()
    limits = [f"--{name}={getattr(chosen, name)}" for name in ("tried", "folds", "minutes")]
    found = {}
    for folder in chosen.data or [path for path in DATA if path.exists()]:
        try:
            ratings = read_folder(folder, FACTS if FACTS.exists() else None)
            ours = partial(evaluate.compare, ratings, False, say, not chosen.quick, chosen.folds)
            if chosen.peers_figures:
                rows, others = ours(), read_peers(chosen.peers_figures)
            else:
                rows, others = side_by_side(ours, chosen.peers, folder, limits)
        except (OSError, DatasetError) as error:
            say(f"recommender: {error}")
            return 1
        print(f"\n{folder.name}\n{table(rows, others)}", flush=True)
        for name, bar in evaluate.bars(rows, others).items():
            found[f"{name} on {folder.name}"] = bar
            print(f"{name}: {bar}", flush=True)
    print(json.dumps({"bars": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
