"""Other people's recommenders on our folds: `python -m benchmarks.recommender_peers DIR OUT`.

Runs in the environment of `recommender_peers.txt`. RecBole's model classes are trained and scored
on the folds of `models.recommender.protocol` (its own loader knows no held-out users); `implicit`
folds new users in itself. Each model has the same number of settings to choose from, by NDCG@100
on the validation users. OUT gets one JSON file: model → figure → value of each user.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import sparse

from models.recommender import metrics, protocol
from models.recommender.movielens import read_folder
from models.recommender.protocol import Fold, Held

TRIED = 4
"""Settings of each model."""
WATCHED = ", all watched"
"""Marks a model that is given everything rated as an input, liked or not."""
EPOCHS, CHECKED, PATIENCE, BATCH = 100, 5, 3, 100

Scores = Callable[[np.ndarray], np.ndarray]


def recbole_config(**options: Any) -> Any:
    """A stand-in for RecBole's configuration object."""
    import torch

    fixed = {"USER_ID_FIELD": "user", "ITEM_ID_FIELD": "item", "NEG_PREFIX": "neg_"}
    values = {**fixed, "device": torch.device("cpu"), **options}

    class Config(dict):
        device = values["device"]

    return Config(values)


def recbole_data(likes: sparse.csr_matrix) -> Any:
    """A stand-in for RecBole's dataset object over users × items."""
    import torch

    counts = np.diff(likes.indptr)
    items = np.zeros((likes.shape[0], int(counts.max())), np.int64)
    values = np.zeros(items.shape, np.float32)
    for row in range(likes.shape[0]):
        found = likes.indices[likes.indptr[row] : likes.indptr[row + 1]]
        items[row, : len(found)], values[row, : len(found)] = found, 1.0
    history = tuple(torch.from_numpy(each) for each in (items, values, counts.astype(np.int64)))
    return SimpleNamespace(
        inter_matrix=lambda form="csr": likes.asformat(form),
        history_item_matrix=lambda: history,
        num=lambda field: likes.shape[0] if field == "user" else likes.shape[1],
        user_num=likes.shape[0],
        item_num=likes.shape[1],
    )


def linear(name: str, likes: sparse.csr_matrix, options: dict[str, Any]) -> Scores:
    """RecBole's EASE or SLIMElastic."""
    from recbole.model.general_recommender import EASE, SLIMElastic

    kind = {"EASE": EASE, "SLIMElastic": SLIMElastic}[name]
    made = kind(recbole_config(**options), recbole_data(likes)).item_similarity
    return lambda known: np.asarray(known @ made)


def variational(
    name: str, likes: sparse.csr_matrix, options: dict[str, Any], check: Callable[[Scores], float]
) -> Scores:
    """RecBole's MultiVAE, MultiDAE or RecVAE, trained until it stops improving on validation."""
    import torch
    from recbole.model.general_recommender import MultiDAE, MultiVAE, RecVAE

    torch.manual_seed(7)
    kind = {"MultiVAE": MultiVAE, "MultiDAE": MultiDAE, "RecVAE": RecVAE}[name]
    model = kind(recbole_config(**options), recbole_data(likes))
    order = np.random.default_rng(7)

    def scores(known: np.ndarray) -> np.ndarray:
        model.eval()
        with torch.no_grad():
            given = torch.from_numpy(known.astype(np.float32))
            found = model(given, 0.0)[0] if name == "RecVAE" else model(given)
            found = found[0] if isinstance(found, tuple) else found
        return np.asarray(found.numpy())

    groups = [[*model.parameters()]]
    if name == "RecVAE":
        groups = [[*model.encoder.parameters()], [*model.decoder.parameters()]]
    optimisers = [torch.optim.Adam(group, lr=1e-3) for group in groups]
    best, best_state, stale = -1.0, None, 0
    for epoch in range(1, EPOCHS + 1):
        model.train()
        # RecVAE trains its encoder three times for each time of its decoder.
        for turn in (0, 0, 0, 1) if name == "RecVAE" else (0,):
            for rows in np.array_split(order.permutation(likes.shape[0]), likes.shape[0] // BATCH):
                batch = {"user": torch.from_numpy(rows)}
                optimisers[turn].zero_grad()
                loss = (
                    model.calculate_loss(batch, encoder_flag=turn == 0)
                    if name == "RecVAE"
                    else model.calculate_loss(batch)
                )
                loss.backward()
                optimisers[turn].step()
            if name == "RecVAE" and turn == 0:
                model.update_prior()
        if epoch % CHECKED:
            continue
        figure = check(scores)
        stale += 1
        if figure > best:
            best, stale = figure, 0
            best_state = {k: v.clone() for k, v in model.state_dict().items()}
        if stale >= PATIENCE:
            break
    model.load_state_dict(best_state)
    return scores


def from_implicit(name: str, likes: sparse.csr_matrix, options: dict[str, Any]) -> Scores:
    """implicit's ALS with fold-in, or one of its item neighbourhoods."""
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender

    if name == "BM25":
        model = BM25Recommender(**options)
        model.fit(likes, show_progress=False)
        weights = model.similarity
        return lambda known: np.asarray((sparse.csr_matrix(known) @ weights).todense())
    model = AlternatingLeastSquares(random_state=7, num_threads=1, **options)
    model.fit(likes, show_progress=False)

    def scores(known: np.ndarray) -> np.ndarray:
        rows = sparse.csr_matrix(known.astype(np.float32))
        users = model.recalculate_user(np.arange(len(known)), rows)
        return np.asarray(users @ model.item_factors.T)

    return scores


def settings() -> dict[str, list[dict[str, Any]]]:
    """What is tried of each model, `TRIED` settings each."""
    vae = {"mlp_hidden_size": [600], "total_anneal_steps": 2000, "dropout_prob": 0.5}
    dae = {"mlp_hidden_size": [600], "dropout_prob": 0.5}
    rec = {"beta": 0.2, "mixture_weights": [0.15, 0.75, 0.1], "dropout_prob": 0.5}
    slim = {"positive_only": True, "hide_item": True}
    als = {"iterations": 15, "alpha": 10.0}
    linear_ = [{"reg_weight": float(r)} for r in (50, 100, 200, 400)]
    factors = [
        {**als, "factors": f, "regularization": r} for f, r in ((32, 1.0), (64, 1.0), (64, 5.0))
    ] + [{**als, "factors": 64, "regularization": 5.0, "alpha": 20.0}]
    return {
        "EASE": linear_,
        "SLIMElastic": [
            {**slim, "alpha": a, "l1_ratio": r}
            for a, r in ((0.1, 0.02), (0.05, 0.02), (0.02, 0.02), (0.01, 0.1))
        ],
        "MultiDAE": [{**dae, "latent_dimension": d} for d in (64, 128, 200)]
        + [{**dae, "latent_dimension": 128, "mlp_hidden_size": [300]}],
        "MultiVAE": [
            {**vae, "latent_dimension": d, "anneal_cap": c}
            for d, c in ((64, 0.1), (128, 0.1), (128, 0.2), (256, 0.2))
        ],
        "RecVAE": [
            {**rec, "hidden_dimension": h, "latent_dimension": d, "gamma": g}
            for h, d, g in ((200, 64, 0.005), (300, 128, 0.005), (400, 128, 0.01), (200, 128, 0.02))
        ],
        "implicit ALS": factors,
        "implicit BM25": [
            {"K": k, "K1": 1.2, "B": b} for k, b in ((50, 0.2), (100, 0.2), (200, 0.2), (200, 0.75))
        ],
        f"EASE{WATCHED}": linear_,
        f"implicit ALS{WATCHED}": factors,
    }


def fitted(
    name: str, values: sparse.csr_matrix, options: dict[str, Any], check: Callable[[Scores], float]
) -> Scores:
    """One model with one setting, fitted to users × items `values` (0 or 1)."""
    kind = name.removesuffix(WATCHED)
    if kind in {"EASE", "SLIMElastic"}:
        return linear(kind, values, options)
    if kind.startswith("implicit"):
        return from_implicit(kind.split()[1], values, options)
    return variational(kind, values, options, check)


def measured(fold: Fold, most: int, names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each model with its best setting: figures of every test user."""
    for name in names:
        tried = settings()[name]
        watched = name.endswith(WATCHED)
        whole = protocol.graded(fold.train, np.sign) if watched else protocol.likes(fold.train)
        # An item without a single value can be learned by none of them.
        known = np.flatnonzero(whole.getnnz(axis=0))

        def scores(
            model: Scores, held: Held, known: np.ndarray = known, all_: bool = watched
        ) -> Any:
            given = np.sign(held.given) if all_ else held.likes
            found = np.asarray(model(np.ascontiguousarray(given[:, known])))
            made = np.tile(found.min(axis=1, keepdims=True), (1, given.shape[1]))
            made[:, known] = found
            return made

        def check(model: Scores, scores: Any = scores) -> float:
            return protocol.ndcg(scores(model, fold.validation), fold.validation)

        values = whole[:, known]
        models = [fitted(name, values, o, check) for o in tried[:most]]
        possible = protocol.masked(scores(max(models, key=check), fold.test), fold.test)
        yield (
            name,
            {
                "NDCG@100": metrics.ndcg(possible, fold.test.wanted, 100).tolist(),
                "Recall@20": metrics.recall(possible, fold.test.wanted, 20).tolist(),
                "coverage": [metrics.coverage(possible, 10)],
            },
        )


def main() -> int:
    """Measure on every fold and write the file."""
    from models.recommender.evaluate import folds

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--likes-only", action="store_true")
    options.add_argument("--model", action="append", help="one of them; all by default")
    options.add_argument("--tried", type=int, default=TRIED, help="settings of each model")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    folder = read_folder(chosen.folder)
    names = chosen.model or list(settings())
    found: dict[str, dict[str, list[float]]] = {}
    for number, fold in enumerate(folds(folder, chosen.likes_only), start=1):
        for name, figures in measured(fold, chosen.tried, names):
            figure = np.mean(figures["NDCG@100"])
            print(f"fold {number}: {name} {figure:.4f}", file=sys.stderr, flush=True)
            for figure_name, values in figures.items():
                found.setdefault(name, {}).setdefault(figure_name, []).extend(values)
    chosen.out.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
