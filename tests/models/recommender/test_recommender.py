"""The recommender on a small world with two kinds of viewers."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artefact import ArtefactError
from models.recommender import metrics
from models.recommender.dataset import DatasetError, features
from models.recommender.ease import Ease
from models.recommender.movielens import read_ratings
from models.recommender.predict import Recommender
from models.recommender.train import train

SPACE = [f"space-{i}" for i in range(12)]
LOVE = [f"love-{i}" for i in range(12)]
UNRATED = ["space-new", "love-new"]


def write_world(folder: Path) -> None:
    order = np.random.default_rng(3)
    with (folder / "ratings.csv").open("w", encoding="utf-8") as file:
        file.write("user,title_id,rating,timestamp\n")
        for user in range(60):
            mine, other = (SPACE, LOVE) if user % 2 else (LOVE, SPACE)
            for title in order.choice(mine, 8, replace=False):
                file.write(f"u{user},{title},{order.choice([4, 4.5, 5])},0\n")
            for title in order.choice(other, 2, replace=False):
                file.write(f"u{user},{title},{order.choice([1, 2])},0\n")
    with (folder / "titles.jsonl").open("w", encoding="utf-8") as file:
        for title in SPACE + LOVE + UNRATED:
            space = title.startswith("space")
            facts = {
                "id": title,
                "genres": ["Sci-Fi"] if space else ["Romance"],
                "people": ["d:kim"] if space else ["d:lee"],
                "year": 1995 if title in UNRATED else 1985,
                "kind": "film",
                "quality": 0.6,
                "popularity": 0.5,
            }
            file.write(json.dumps(facts) + "\n")


@pytest.fixture(scope="module")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    folder = tmp_path_factory.mktemp("world")
    write_world(folder)
    train(folder, folder / "artefact")
    return Recommender.load(folder / "artefact")


def kinds(found: list) -> list[str]:
    return [item.title_id.split("-")[0] for item in found]


def test_likes_are_followed_and_known_titles_left_out(recommender: Recommender) -> None:
    ratings = {"space-0": 5.0, "space-1": 5.0, "space-2": 4.5}
    found = recommender.recommend(ratings, exclude=ratings, k=5)
    assert kinds(found) == ["space"] * 5
    assert not set(ratings) & {item.title_id for item in found}
    assert all(item.reason == "liked" and set(item.because) <= set(ratings) for item in found)


def test_a_new_rating_changes_the_next_answer(recommender: Recommender) -> None:
    before = kinds(recommender.recommend({"space-0": 5.0}, exclude=["space-0"], k=4))
    ratings = {"space-0": 1.0, "love-0": 5.0, "love-1": 5.0}
    after = kinds(recommender.recommend(ratings, exclude=ratings, k=4))
    assert before != after
    assert after == ["love"] * 4


def test_a_dislike_is_evidence_against(recommender: Recommender) -> None:
    disliked = {"space-0": 0.5, "space-1": 0.5, "space-2": 1.0}
    assert kinds(recommender.recommend(disliked, exclude=disliked, k=4)) == ["love"] * 4


def test_titles_without_ratings_are_reached_by_what_they_are_made_of(
    recommender: Recommender,
) -> None:
    found = recommender.recommend({}, similar_to=["space-0"], candidates=UNRATED, k=2)
    assert found[0].title_id == "space-new"
    assert found[0].reason == "similar" and found[0].because == ("space-0",)


def test_tastes_without_any_rating(recommender: Recommender) -> None:
    found = recommender.recommend({}, tastes={"genre:Romance": 1.0}, k=3)
    assert kinds(found) == ["love"] * 3
    assert all(item.reason == "taste" for item in found)
    avoided = recommender.recommend({}, tastes={"genre:Romance": -1.0}, k=3)
    assert kinds(avoided) == ["space"] * 3


def test_the_reason_named_is_the_rating_whose_removal_costs_most(recommender: Recommender) -> None:
    ratings = {"space-0": 5.0, "love-0": 4.0}
    for item in recommender.recommend(ratings, exclude=ratings, k=3):
        drops = {
            title: item.score
            - next(
                other.score
                for other in recommender.recommend(
                    {k: v for k, v in ratings.items() if k != title},
                    candidates=[item.title_id],
                    k=1,
                )
            )
            for title in ratings
        }
        assert item.because[0] == max(drops, key=lambda title: drops[title])


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*SPACE, *LOVE, "unknown"]), st.floats(0.5, 5), max_size=8),
    st.sets(st.sampled_from(SPACE + LOVE), max_size=26),
    st.integers(1, 6),
)
def test_never_more_than_asked_for_never_what_is_excluded(
    recommender: Recommender, ratings: dict[str, float], exclude: set[str], k: int
) -> None:
    found = recommender.recommend(ratings, exclude=exclude, k=k)
    ids = [item.title_id for item in found]
    assert len(ids) == len(set(ids)) <= k
    assert not exclude & set(ids)
    assert all(np.isfinite(item.score) for item in found)


def test_a_fold_in_takes_about_a_millisecond(recommender: Recommender) -> None:
    ratings = dict.fromkeys(SPACE, 4.5)
    times = []
    for _ in range(50):
        began = time.perf_counter()
        recommender.recommend(ratings, exclude=ratings, k=5)
        times.append(time.perf_counter() - began)
    assert sorted(times)[25] < 0.02


def test_a_damaged_artefact_is_refused(recommender: Recommender, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="train it first"):
        Recommender.load(tmp_path)
    write_world(tmp_path)
    train(tmp_path, tmp_path / "artefact")
    with (tmp_path / "artefact" / "weights.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ArtefactError, match="does not match"):
        Recommender.load(tmp_path / "artefact")


def test_malformed_ratings_name_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("user,title_id,rating,timestamp\nu,t,4,0\nu,t2,nine,0\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"ratings\.csv:3"):
        read_ratings(path)
    path.write_text("user,title_id,rating,timestamp\nu,t,7,0\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="not within"):
        read_ratings(path)


def test_a_pair_rated_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("user,title_id,rating,timestamp\nu,t,2,0\nu,t,5,1\n", encoding="utf-8")
    assert read_ratings(path).values.toarray().tolist() == [[5.0]]


def test_ease_ignores_the_item_itself() -> None:
    from scipy import sparse

    likes = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1]], np.float32))
    weights = Ease(likes, 1.0).weights()
    assert np.allclose(np.diag(weights), 0)
    assert weights[0, 1] > weights[0, 2]


def test_ndcg_and_recall_by_hand() -> None:
    scores = np.array([[0.9, 0.8, 0.1, 0.5]])
    relevant = np.array([[0.0, 1.0, 1.0, 0.0]])
    expected = (1 / np.log2(3)) / (1 + 1 / np.log2(3))
    assert metrics.ndcg(scores, relevant, 2)[0] == pytest.approx(expected)
    assert metrics.recall(scores, relevant, 2)[0] == pytest.approx(0.5)
    assert metrics.coverage(scores, 2) == pytest.approx(0.5)


def test_rare_features_are_dropped_and_rows_have_length_one() -> None:
    titles = [
        {"id": "a", "genres": ["Drama"], "people": ["d:x"]},
        {"id": "b", "genres": ["Drama", "War"], "people": ["d:y"]},
        {"id": "c", "genres": ["War"]},
    ]
    made = features(titles)
    assert set(made.names) == {"genre:Drama", "genre:War"}
    lengths = np.sqrt(made.matrix.multiply(made.matrix).sum(axis=1)).A.ravel()
    assert np.allclose(lengths, 1.0)
