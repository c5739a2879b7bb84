"""The models behind the recommender: what is served equals what was fitted, and does its job."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from models.recommender import (
    autoencoder,
    evaluate,
    fitting,
    ials,
    large,
    metrics,
    mixture,
    protocol,
    rerank,
)
from models.recommender.autoencoder import Plan
from models.recommender.collaborative import Collaborative
from models.recommender.dataset import DatasetError, Ratings, grade
from models.recommender.ease import Ease
from models.recommender.movielens import read_folder

USERS, ITEMS = 60, 24


def world(seed: int = 1) -> Ratings:
    """Two crowds: each watches and likes its own half of the items, mostly."""
    order = np.random.default_rng(seed)
    values = np.zeros((USERS, ITEMS), np.float32)
    for user in range(USERS):
        mine = np.arange(ITEMS) % 2 == user % 2
        values[user, order.choice(np.flatnonzero(mine), 9, replace=False)] = order.integers(4, 6, 9)
        values[user, order.choice(np.flatnonzero(~mine), 3, replace=False)] = order.integers(
            1, 4, 3
        )
    matrix = sparse.csr_matrix(values)
    names = [str(i) for i in range(ITEMS)]
    return Ratings([str(u) for u in range(USERS)], names, matrix, matrix * 0)


@pytest.fixture(scope="module")
def fitted() -> fitting.Fitted:
    fold = next(protocol.folds(world()))
    return fitting.fit(fold.train, fold.validation)


def test_what_is_given_and_what_is_wanted_never_meet() -> None:
    ratings = world()
    tested = []
    for fold in protocol.folds(ratings):
        for held in (fold.validation, fold.test):
            assert not ((held.given > 0) & (held.wanted > 0)).any()
            whole = ratings.values[held.rows].toarray()
            assert (whole[held.wanted > 0] >= 4).all()
            assert (held.given[held.given > 0] == whole[held.given > 0]).all()
            assert (held.wanted.sum(axis=1) >= 1).all()
        tested += fold.test.rows.tolist()
        assert fold.train.shape[0] == USERS - len(fold.validation.rows) - len(fold.test.rows)
    assert sorted(tested) == list(range(USERS))


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_ease_over_users_equals_ease_over_items(dropout: float) -> None:
    values = protocol.graded(world().values, grade)
    few = values[:10]
    assert few.shape[0] < few.shape[1]
    gram = (few.T @ few).toarray().astype(np.float64)
    squares = np.asarray(few.multiply(few).sum(axis=0)).ravel()
    gram[np.diag_indices_from(gram)] += 3.0 + dropout / (1 - dropout) * squares
    inverse = np.linalg.inv(gram)
    wanted = -inverse / np.diag(inverse)
    np.fill_diagonal(wanted, 0.0)
    made = Ease(few, 3.0, dropout)
    assert np.allclose(made.weights(), wanted, atol=1e-5)
    assert np.allclose(made.score(values.toarray()), values.toarray() @ wanted, atol=1e-4)


@pytest.mark.parametrize("kind", ["plain", "dae", "vae", "recvae"])
def test_every_autoencoder_learns_the_crowds(kind: str) -> None:
    values = protocol.graded(world().values, grade)
    plan = Plan(kind, hidden=16, dropout=0.3, rate=1e-2, batch=10, epochs=40)
    weights, epochs = autoencoder.train(values, values, plan)
    scores = autoencoder.score(weights, values.toarray())
    even = np.arange(ITEMS) % 2 == 0
    assert epochs == 40
    assert scores[0, even].mean() > scores[0, ~even].mean()
    assert scores[1, even].mean() < scores[1, ~even].mean()


def test_numpy_scores_equal_tensorflow() -> None:
    import tensorflow as tf

    from models.recommender.autoencoder_network import Autoencoder

    network = Autoencoder(ITEMS, Plan("vae", hidden=16))
    inputs = protocol.graded(world().values, grade).toarray()
    encoder = [*network.kernels[:-1], *network.biases[:-1]]
    mean, _ = network._code(tf.math.l2_normalize(inputs, axis=1), encoder)
    ours = autoencoder.score(network.export(), inputs)
    assert np.abs(ours - network._decode(mean).numpy()).max() < 1e-5


def test_sparse_weights_equal_ease_where_every_neighbour_takes_part() -> None:
    values = protocol.graded(world().values, grade)
    made = large.Large(values, 20.0).sparse().toarray()
    assert np.allclose(np.diag(made), 0)
    assert np.allclose(made, Ease(values, 20.0).weights(), atol=1e-4)


def test_a_large_table_takes_the_sparse_way_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "SMALL", 10)
    values, validation = protocol.held_back(world())
    made = fitting.fit(values, validation)
    assert isinstance(made.ease, large.Large) and not made.dae
    assert set(made.weights) == {"ease", "ials"}
    assert protocol.ndcg(made.score(grade(validation.given)), validation) > 0.3


def test_only_the_largest_weights_of_each_item_are_kept() -> None:
    weights = np.random.default_rng(0).normal(size=(30, 30)).astype(np.float32)
    made = large.kept(weights, 4).toarray()
    assert ((made != 0).sum(axis=0) == 4).all()
    assert np.abs(made).max() == np.abs(weights).max()


def test_a_known_user_folds_in_to_the_factors_of_training() -> None:
    values = protocol.graded(world().values, grade)
    items = ials.item_factors(values, size=8, rounds=30)
    again = ials.fold_in(items, values)
    assert np.corrcoef((again @ items.T)[0], values.toarray()[0])[0, 1] > 0.5


EVEN = {"ease": 0.4, "dae": 0.3, "ials": 0.3}


def test_served_scores_equal_fitted_ones(fitted: fitting.Fitted) -> None:
    served = Collaborative(fitted.arrays(), EVEN)
    for row in protocol.graded(world(2).values, grade).toarray()[:10]:
        rated = np.flatnonzero(row)
        wanted = mixture.mixed(fitted.parts(row[None]), EVEN)[0]
        assert np.abs(served.scores(served.read(rated, row[rated])) - wanted).max() < 1e-3


def test_a_rating_left_out_costs_what_scoring_without_it_says(fitted: fitting.Fitted) -> None:
    served = Collaborative(fitted.arrays(), EVEN)
    row = protocol.graded(world(2).values, grade).toarray()[0]
    rated = np.flatnonzero(row)
    places = np.array([0, 1, 5])
    drops = served.without(served.read(rated, row[rated]), places)
    whole = served.read(rated, row[rated]).parts
    for i in range(len(rated)):
        rest = np.delete(rated, i)
        left = served.read(rest, row[rest]).parts
        wanted = sum(
            EVEN[name] / whole[name].std() * (whole[name] - left[name])[places] for name in EVEN
        )
        # The ridge of iALS grows with the history; the update leaves it as it was.
        assert np.abs(drops[i] - wanted).max() < 0.02


def test_the_mixture_is_no_worse_than_its_best_part_where_it_was_chosen() -> None:
    fold = next(protocol.folds(world()))
    made = fitting.fit(fold.train, fold.validation)
    parts = made.parts(grade(fold.validation.given))
    best = max(protocol.ndcg(each, fold.validation) for each in parts.values())
    assert made.validation_ndcg >= best - 0.02
    assert sum(made.weights.values()) == pytest.approx(1, abs=1e-3)


def test_widening_changes_the_order_of_the_best_only() -> None:
    order = np.random.default_rng(0)
    scores = order.normal(size=(5, 60)).astype(np.float32)
    made = mixture.widened(scores, mixture.rarity(order.integers(1, 100, 60)), 2.0)
    for before, after in zip(metrics.top(scores, 20), metrics.top(made, 20), strict=True):
        assert set(before) == set(after)
    assert (metrics.top(made, 10) != metrics.top(scores, 10)).any()
    assert np.array_equal(np.sort(made), np.sort(scores))


def test_reranking_trades_relevance_for_variety_and_for_genres() -> None:
    relevance = np.array([1.0, 0.9, 0.8, 0.1])
    alike = np.eye(4)
    alike[0, 1] = alike[1, 0] = 1.0
    assert rerank.marginal(relevance, alike.__getitem__, 0.0, 3) == [0, 1, 2]
    assert rerank.marginal(relevance, alike.__getitem__, 0.5, 2) == [0, 2]
    genres = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    half = np.array([0.5, 0.5])
    assert rerank.calibrated(relevance, genres, half, 0.0, 2) == [0, 1]
    assert rerank.calibrated(relevance, genres, half, 1.0, 2) == [0, 2]


def test_figures_of_lists_by_hand() -> None:
    scores = np.array([[3.0, 2.0, 1.0, 0.0], [3.0, 2.0, 1.0, 0.0]])
    assert metrics.gini(scores, 4) == pytest.approx(0.0)
    assert metrics.gini(scores, 1) == pytest.approx(0.75)
    assert metrics.average_popularity(scores, np.array([4.0, 2.0, 0.0, 0.0]), 2) == 3.0
    content = sparse.csr_matrix(np.array([[1.0, 0], [0, 1.0], [1.0, 0], [1.0, 0]]))
    assert metrics.diversity(scores, content, 2) == pytest.approx(1.0)
    genres = content.toarray()
    assert metrics.miscalibration(scores[:1], np.array([[1.0, 1, 0, 0]]), genres, 2) < 1e-9
    same = np.linspace(0, 1, 50)
    assert metrics.paired(same, same) == 1.0
    assert metrics.paired(same + 0.1, same) < 0.01


FORMS = {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,10,4.0,5\n1,11,2.5,6\n",
    "u.data": "1\t10\t4\t5\n1\t11\t2\t6\n",
    "ratings.dat": "1::10::4::5\n1::11::2::6\n",
    "x.inter": "user_id:token\titem_id:token\trating:float\tt:float\n1\t10\t4\t5\n1\t11\t2\t6\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_all_of_movielens_forms_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMS[name], encoding="utf-8")
    found = read_folder(tmp_path).ratings
    assert list(found.items) == ["10", "11"]
    assert found.values.toarray()[0, 0] == 4 and found.times.toarray().tolist() == [[5, 6]]


def test_a_folder_without_ratings_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no ratings; expected"):
        read_folder(tmp_path)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "ratings.csv").write_text("u,i,r,t\n" + text, encoding="utf-8", errors="replace")
    try:
        assert read_folder(folder).ratings.values.nnz > 0
    except DatasetError as error:
        assert str(folder) in str(error)


def test_a_peer_with_fewer_folds_is_compared_on_their_users() -> None:
    ours = [np.array([0.2, 0.4]), np.array([0.9, 0.9])]
    weak = [np.array([0.1, 0.1]), np.array([0.1, 0.1])]
    rows = {
        name: evaluate.Row({"NDCG@100": u, "Recall@20": u}, {"coverage": c})
        for name, u, c in (
            (evaluate.OURS, ours, [0.3, 0.9]),
            ("Mult-DAE on likes", weak, [0.2, 0.5]),
        )
    }
    some = {"NDCG@100": [0.2, 0.2], "Recall@20": [0.2, 0.2], "coverage": [0.4]}
    found = evaluate.bars(rows, {"MultiDAE": some})
    assert found["NDCG@100"]["best"] == "peer MultiDAE"
    assert found["NDCG@100"]["value"] == pytest.approx(1.5) and found["NDCG@100"]["users"] == 2
    assert found["coverage"]["value"] == pytest.approx(0.6) and not found["coverage"]["ok"]
    assert found["coverage"]["bar"] == pytest.approx(0.7)
