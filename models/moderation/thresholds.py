"""Where to draw the line: thresholds chosen on validation messages only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.moderation.dataset import Example
from models.moderation.features import tokenise
from models.moderation.scorer import Scorer

FALSE_ALARMS = 0.003
"""Share of harmless viewer messages that may be flagged."""

_TO_THE_BOT = frozenset({"own", "nlu", "titles", "sgd", "hwu64", "kdconv"})
_LEAST_SAY = 0.1
"""The least weight of what codes and errors say, where validation would give them none."""


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Logits to probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-values)))


def mixture(scorer: Scorer, examples: Sequence[Example], mix: np.ndarray) -> np.ndarray:
    """How far to trust the words and the codes (3, 4): `mix` with the first two outputs fitted.

    There are too few messages of self-harm and advertising to fit theirs.
    """
    logits = scorer.batch([tokenise(e.text, e.harmless) for e in examples])
    result = mix.copy()
    for column, labels in enumerate(([e.general for e in examples], [e.viewer for e in examples])):
        rows = [i for i, label in enumerate(labels) if label is not None]
        views = np.stack([logits.linear[rows, column], logits.deep[rows, column]], axis=1)
        model = LogisticRegression(C=1.0).fit(views, [labels[i] for i in rows])
        words, codes = model.coef_[0]
        result[:, column] = words, max(codes, _LEAST_SAY), model.intercept_[0]
    print("  mix of words and codes:", np.round(result[:2], 2).tolist())
    return result


def choose(scorer: Scorer, examples: Sequence[Example]) -> dict[str, Any]:
    """Thresholds for abuse, self-harm and spam from messages that speak to the bot.

    Each is the lowest that keeps false alarms within `FALSE_ALARMS`, but at least 0.5; for
    the general question (offensive as the public sets mean it) the one with most right.
    """
    logits = scorer.batch([tokenise(e.text, e.harmless) for e in examples])
    scores = sigmoid(logits.outputs)
    ours = np.array([e.source in _TO_THE_BOT for e in examples])
    thresholds: dict[str, float] = {}
    figures: dict[str, Any] = {}
    for column, name in ((1, "abuse"), (2, "self_harm"), (3, "spam")):
        label = np.array(
            [(None, e.viewer, e.self_harm, e.spam)[column] == 1 for e in examples], dtype=bool
        )
        none = np.array([e.viewer == 0 and not e.self_harm and not e.spam for e in examples])
        calm = np.sort(scores[none & ours, column])[::-1]
        allowed = int(FALSE_ALARMS * len(calm))
        thresholds[name] = float(max(0.5, np.nextafter(calm[allowed], 1.0)))
        caught = scores[label & ours, column] >= thresholds[name]
        figures[name] = {"recall": round(float(caught.mean()), 4), "messages": int(caught.size)}
    public = np.array([e.general is not None and e.source not in {"own", "nlu"} for e in examples])
    truth = np.array([e.general == 1 for e in examples])
    grid = np.linspace(0.2, 0.8, 61)
    right = [((scores[public, 0] >= cut) == truth[public]).mean() for cut in grid]
    thresholds["general"] = float(grid[int(np.argmax(right))])
    print(f"  thresholds {thresholds}; validation {figures}")
    return {"thresholds": thresholds, "validation": figures}
