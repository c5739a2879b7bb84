"""Other people's recommenders, each fitted to likes (users × items) and scoring given likes.

RecBole's model classes are trained here by loops of our own (its own loader knows no held-out
users); `implicit` folds new users in itself. Runs in the environment of `recommender_peers.txt`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

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


def from_lightfm(likes: sparse.csr_matrix, options: dict[str, Any]) -> Scores:
    """LightFM with WARP, users described by what they like, so that new ones can be scored."""
    from lightfm import LightFM

    def described(known: sparse.csr_matrix) -> sparse.csr_matrix:
        return sparse.csr_matrix(normalize(known.astype(np.float32), "l1"))

    model = LightFM(loss="warp", random_state=7, **options)
    model.fit(likes.tocoo(), user_features=described(likes), epochs=30, num_threads=1)
    biases, items = model.get_item_representations()

    def scores(known: np.ndarray) -> np.ndarray:
        _, users = model.get_user_representations(described(sparse.csr_matrix(known)))
        return np.asarray(users @ items.T + biases)

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
        "LightFM": [
            {"no_components": n, "learning_rate": r, "user_alpha": a, "item_alpha": a}
            for n, r, a in ((32, 0.05, 0.0), (64, 0.05, 0.0), (64, 0.05, 1e-5), (64, 0.1, 1e-5))
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
    if kind == "LightFM":
        return from_lightfm(values, options)
    if kind.startswith("implicit"):
        return from_implicit(kind.split()[1], values, options)
    return variational(kind, values, options, check)
