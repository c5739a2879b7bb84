"""The recommender beside other people's: `make bench-recommender`.

    python -m benchmarks.recommender [--data DIR ...] [--folds N] [--tried N] [--minutes M]

For each folder of ratings: our models (`models.recommender.evaluate`) and, where there is an
environment with them, the peers of `recommender_peers`, on the same folds by the same code. Ends
in one JSON line with the bars: 1 % above the best single model of the peers' and of our own on
likes, for NDCG@100 and Recall@20 (p over users by a permutation test), and coverage of the top
10 at least that of the best Mult-DAE. A peer that is slow has fewer folds, which the table says:
it is compared on the users of those.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.recommender import evaluate
from models.recommender.evaluate import Row
from models.recommender.movielens import read_folder
from models.recommender.protocol import FOLDS

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers" / "recommender" / "bin" / "python"
DATA = (ROOT / "var" / "raw", ROOT.parent / "shared" / "data" / "ratings" / "ml-latest-small")
FACTS = ROOT / "var" / "recommender" / "titles.jsonl"
FIGURES = ("NDCG@100", "Recall@20", "coverage")


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def peers(
    python: Path, folder: Path, tried: int, folds: int, minutes: float
) -> dict[str, dict[str, list[float]]]:
    """Model → figure → values, from the peers' environment; empty where it cannot run."""
    if not python.exists():
        say(f"no peers: {python} is not there")
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "peers.json"
        command = [str(python), "-m", "benchmarks.recommender_peers", str(folder), str(out)]
        limits = ["--tried", str(tried), "--folds", str(folds), "--minutes", str(minutes)]
        done = subprocess.run(
            [*command, *limits],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        if done.returncode:
            say(f"no peers: they ended with status {done.returncode}")
            return {}
        return read_peers(out)


def read_peers(path: Path) -> dict[str, dict[str, list[float]]]:
    """What `recommender_peers` wrote."""
    found: dict[str, dict[str, list[float]]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def table(rows: Mapping[str, Row], others: Mapping[str, Mapping[str, list[float]]]) -> str:
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
    options.add_argument("--tried", type=int, default=4, help="settings of each peer")
    options.add_argument("--folds", type=int, default=FOLDS, help="at most, of all models")
    options.add_argument("--minutes", type=float, default=15.0, help="of each peer on a folder")
    chosen = options.parse_args()
    found = {}
    for folder in chosen.data or [path for path in DATA if path.exists()]:
        try:
            ratings = read_folder(folder, FACTS if FACTS.exists() else None)
        except (OSError, ValueError) as error:
            say(f"recommender: {error}")
            return 1
        others = (
            read_peers(chosen.peers_figures)
            if chosen.peers_figures
            else peers(chosen.peers, folder, chosen.tried, chosen.folds, chosen.minutes)
        )
        rows = evaluate.compare(ratings, False, say, not chosen.quick, chosen.folds)
        print(f"\n{folder.name}\n{table(rows, others)}", flush=True)
        for name, bar in evaluate.bars(rows, others).items():
            found[f"{name} on {folder.name}"] = bar
            print(f"{name}: {bar}", flush=True)
    print(json.dumps({"bars": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
