"""Item factors of another engine, served by the same recommender."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.recommender import factors, ials
from models.recommender.dataset import DatasetError, grade
from models.recommender.movielens import read_ratings
from models.recommender.predict import Recommender
from tests.models.recommender.test_recommender import SPACE, write_world

ROOT = Path(__file__).resolve().parents[3]
SPARK = shutil.which("spark-submit")


def write_factors(world: Path, out: Path) -> None:
    ratings = read_ratings(world / "ratings.csv")
    values = ratings.values.copy()
    values.data = grade(values.data)
    found = ials.item_factors(values, size=8, rounds=5)
    rows = [
        {"id": item, "factors": each.tolist()}
        for item, each in zip(ratings.items, found, strict=True)
    ]
    out.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


def served(world: Path, found: Path) -> Recommender:
    assert factors.build(world, found).facts["weights"] == {"ials": 1.0}
    program = [str(ROOT / ".venv/bin/python"), "-m", "models.recommender.factors"]
    options = ["--data", str(world), "--factors", str(found), "--out", str(world / "made")]
    done = subprocess.run([*program, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Recommender.load(world / "made")


def knows_space(recommender: Recommender) -> bool:
    found = recommender.recommend(dict.fromkeys(SPACE[:4], 5.0), exclude=SPACE[:4], k=5)
    return sum(each.title_id.startswith("space") for each in found) >= 4


def test_factors_from_a_file_are_served(tmp_path: Path) -> None:
    write_world(tmp_path)
    write_factors(tmp_path, tmp_path / "factors.json")
    recommender = served(tmp_path, tmp_path / "factors.json")
    assert knows_space(recommender)
    found = recommender.recommend({SPACE[0]: 5.0, SPACE[1]: 5.0}, k=3)
    assert {each.reason for each in found} == {"liked"}


@pytest.mark.skipif(SPARK is None, reason="spark-submit is not installed")
def test_factors_from_spark_are_served(tmp_path: Path) -> None:
    write_world(tmp_path)
    command = [str(SPARK), "--master", "local[1]", str(ROOT / "deploy/spark/als.py")]
    ratings, out = str(tmp_path / "ratings.csv"), str(tmp_path / "factors")
    subprocess.run([*command, ratings, out, "--rank", "8"], check=True, capture_output=True)
    assert knows_space(served(tmp_path, tmp_path / "factors"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no factors"),
        ("[1]", "not an id"),
        ('{"id": "space-0"}', "not an id"),
        ('{"id": "space-0", "factors": ["x"]}', "not an id"),
        ('{"id": "space-0", "factors": [[1]]}', "finite factors"),
        ('{"id": "space-0", "factors": [NaN]}', "finite factors"),
        ('{"id": "a", "factors": [1]}\n{"id": "b", "factors": [1, 2]}', "not 1 finite"),
        ('{"id": "nobody", "factors": [1]}', "none of the titles"),
    ],
)
def test_bad_factors_are_named(tmp_path: Path, text: str, said: str) -> None:
    write_world(tmp_path)
    (tmp_path / "factors.json").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=said):
        factors.build(tmp_path, tmp_path / "factors.json")


def test_a_title_without_factors_is_still_reached(tmp_path: Path) -> None:
    write_world(tmp_path)
    row = {"id": SPACE[0], "factors": np.ones(4).tolist()}
    (tmp_path / "factors.json").write_text(json.dumps(row), encoding="utf-8")
    recommender = served(tmp_path, tmp_path / "factors.json")
    found = recommender.recommend({SPACE[0]: 5.0}, exclude=[SPACE[0]], k=3)
    assert all(each.title_id.startswith("space") for each in found)
