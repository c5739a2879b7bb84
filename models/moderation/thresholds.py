"""Where to draw the line: thresholds chosen on validation messages only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from models.moderation.dataset import ABUSE, Example
from models.moderation.scorer import Scorer

FALSE_ALARMS = 0.003
"""Share of harmless viewer messages that may be flagged."""

FLOORS = {"abuse": 0.5, "self_harm": 0.4, "spam": 0.35}
"""The least thresholds: to miss talk of dying costs more than to ask once too often."""

HARD_ALARMS = 0.02
"""The same among our own harmless sentences, each written to look like abuse."""

_AS_THEY_COME = frozenset({"nlu", "titles", "sgd", "hwu64", "kdconv"})
_TO_THE_BOT = _AS_THEY_COME | {"own"}
_LEAST_SAY = 0.1
"""The least weight of what codes and errors say, where validation would give them none."""


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Logits to probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-values)))


def tweet_class(example: Example) -> int:
    """Davidson's class of a tweet: 0 hate speech, 1 offensive language, 2 neither."""
    return 2 if not example.general else 0 if example.category == "hate" else 1


def hateful(kinds: np.ndarray) -> np.ndarray:
    """P(hate) among the kinds of abuse (n,), from their logits (n, kinds)."""
    shares = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    return np.asarray(shares[:, ABUSE.index("hate")] / shares.sum(axis=1))


def in_three(offence: np.ndarray, hate: np.ndarray, cuts: Mapping[str, float]) -> np.ndarray:
    """Class (n,) as `tweet_class` numbers them, from P(offensive) and P(hate) of each text."""
    offensive = np.where(hate >= cuts["hate"], 0, 1)
    return np.asarray(np.where(offence >= cuts["tweet"], offensive, 2))


def three_cuts(offence: np.ndarray, hate: np.ndarray, classes: np.ndarray) -> dict[str, float]:
    """Where three classes are parted with the best macro-F1."""
    tried = [
        {"tweet": float(a), "hate": float(b)}
        for a in np.arange(0.3, 0.81, 0.05)
        for b in np.arange(0.1, 0.91, 0.02)
    ]
    return max(
        tried,
        key=lambda cuts: f1_score(classes, in_three(offence, hate, cuts), average="macro"),
    )


def mixture(scorer: Scorer, examples: Sequence[Example], mix: np.ndarray) -> np.ndarray:
    """How far to trust the words and the codes (3, 4): `mix` with the first two outputs fitted.

    There are too few messages of self-harm and advertising to fit theirs.
    """
    logits = scorer.batch([scorer.hasher.tokens(e.text, e.harmless) for e in examples])
    result = mix.copy()
    for column, labels in enumerate(([e.general for e in examples], [e.viewer for e in examples])):
        rows = [i for i, label in enumerate(labels) if label is not None]
        views = np.stack([logits.linear[rows, column], logits.deep[rows, column]], axis=1)
        model = LogisticRegression(C=1.0).fit(views, [labels[i] for i in rows])
        words, codes = model.coef_[0]
        result[:, column] = words, max(codes, _LEAST_SAY), model.intercept_[0]
    print("  mix of words and codes:", np.round(result[:2], 2).tolist())
    return result


def above(scores: np.ndarray, share: float) -> float:
    """The lowest threshold that at most `share` of `scores` (n,) reach; 0 where there are none."""
    if not scores.size:
        return 0.0
    falling = np.sort(scores)[::-1]
    return float(np.nextafter(falling[int(share * scores.size)], 1.0))


def choose(scorer: Scorer, examples: Sequence[Example]) -> dict[str, Any]:
    """Thresholds for abuse, self-harm and spam from messages that speak to the bot.

    Each is the lowest that keeps false alarms within `FALSE_ALARMS` among messages as they come
    and within `HARD_ALARMS` among hard ones, but at least its floor; for the general question
    (offensive as the public sets mean it) the one with most right.
    """
    logits = scorer.batch([scorer.hasher.tokens(e.text, e.harmless) for e in examples])
    scores = sigmoid(logits.outputs)
    ours = np.array([e.source in _TO_THE_BOT for e in examples])
    natural = np.array([e.source in _AS_THEY_COME for e in examples])
    none = np.array([e.viewer == 0 and not e.self_harm and not e.spam for e in examples])
    thresholds: dict[str, float] = {}
    figures: dict[str, Any] = {}
    for column, name in ((1, "abuse"), (2, "self_harm"), (3, "spam")):
        label = np.array(
            [(None, e.viewer, e.self_harm, e.spam)[column] == 1 for e in examples], dtype=bool
        )
        thresholds[name] = max(
            FLOORS[name],
            above(scores[none & natural, column], FALSE_ALARMS),
            above(scores[none & ours & ~natural, column], HARD_ALARMS),
        )
        caught = scores[label & ours, column] >= thresholds[name]
        figures[name] = {"recall": round(float(caught.mean()), 4), "messages": int(caught.size)}
    public = np.array([e.general is not None and e.source not in {"own", "nlu"} for e in examples])
    truth = np.array([e.general == 1 for e in examples])
    grid = np.linspace(0.2, 0.8, 61)
    right = [((scores[public, 0] >= cut) == truth[public]).mean() for cut in grid]
    thresholds["general"] = float(grid[int(np.argmax(right))])
    tweets = [i for i, e in enumerate(examples) if e.source == "davidson"]
    if tweets:
        classes = [tweet_class(examples[i]) for i in tweets]
        offence, hate = scores[tweets, 0], hateful(logits.kinds[tweets])
        thresholds |= three_cuts(offence, hate, np.array(classes))
    print(f"  thresholds {thresholds}; validation {figures}")
    return {"thresholds": thresholds, "validation": figures}
