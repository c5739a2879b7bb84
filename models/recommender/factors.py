"""Serve item factors that another engine has fitted: `python -m models.recommender.factors`.

`--factors` is a folder of JSON lines (or one file) {"id": title, "factors": [numbers]}, as
`deploy/spark/als.py` writes it; `--data` has the `titles.jsonl` of `train`. The artefact that is
written is loaded by the same server: viewers are folded in by iALS alone, beside what titles are
made of.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from models.artefact import Artefact, save
from models.recommender import mixture
from models.recommender.artefact import NAME, VERSION
from models.recommender.dataset import DatasetError, features, read_titles
from models.recommender.train import packed_titles


def read_factors(path: Path) -> dict[str, np.ndarray]:
    """Factors (size,) by title id.

    Raises:
        DatasetError: there are none, a line is not of the form, or their sizes differ.
        OSError: a file cannot be read.
    """
    files = sorted(path.glob("[!._]*.json")) if path.is_dir() else [path]
    found: dict[str, np.ndarray] = {}
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                title, values = str(row["id"]), np.array(row["factors"], np.float32)
            except (ValueError, KeyError, TypeError):
                raise DatasetError(f"{file}:{number}: not an id with its factors") from None
            first = next(iter(found.values()), values)
            if values.ndim != 1 or values.shape != first.shape or not np.isfinite(values).all():
                raise DatasetError(f"{file}:{number}: not {len(first)} finite factors")
            found[title] = values
    if not found:
        raise DatasetError(f"{path}: no factors; expected *.json files")
    return found


def build(folder: Path, factors: Path) -> Artefact:
    """The artefact of the titles in `folder` with the factors in `factors`.

    Raises:
        DatasetError: a file is malformed, or no title has factors.
        OSError: a file cannot be read.
    """
    made_of = features(read_titles(folder / "titles.jsonl"))
    found = read_factors(factors)
    items = [title for title in made_of.titles if title in found]
    if not items:
        raise DatasetError(f"{factors}: factors of none of the titles in {folder}")
    place = {title: i for i, title in enumerate(made_of.titles)}
    known = made_of.popularity[[place[item] for item in items]]
    facts, arrays = packed_titles(made_of)
    facts |= {"items": items, "weights": {"ials": 1.0}, "widening": 0.0}
    arrays |= {
        "factors": np.array([found[item] for item in items], np.float32),
        "rarity": mixture.rarity(known),
        "ease_data": np.zeros(0, np.float32),
        "ease_indices": np.zeros(0, np.int32),
        "ease_indptr": np.zeros(len(items) + 1, np.int32),
    }
    return Artefact(NAME, VERSION, facts, arrays)


def main() -> int:
    """Build, write, and print one line."""
    options = argparse.ArgumentParser(prog="models.recommender.factors", description=__doc__)
    options.add_argument("--data", type=Path, default=Path("var/recommender"))
    options.add_argument("--factors", type=Path, required=True)
    options.add_argument("--out", type=Path, default=Path("var/models/recommender"))
    chosen = options.parse_args()
    try:
        made = build(chosen.data, chosen.factors)
        save(chosen.out, made)
    except (OSError, ValueError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    print(f"{len(made.facts['items'])} of {len(made.facts['titles'])} titles have factors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
