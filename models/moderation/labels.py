"""Other people's labels of messages: offensive as the public sets mean it, or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.lines import labelled_lines, unknown_labels

OFFENSIVE = frozenset(
    {"1", "off", "yes", "true", "toxic", "profane", "obscene", "threat", "sexual"}
    | {"abuse", "abusive", "offensive", "hate", "hateful", "insult", "insulting"}
)
OTHERS = frozenset(
    {"0", "no", "not", "none", "false", "ok", "clean", "safe", "normal", "neutral", "neither"}
    | {"harmless", "benign", "inoffensive", "nontoxic", "non-toxic", "not_toxic", "notoffensive"}
    | {"non-offensive", "not_offensive", "non-abusive", "not_abusive", "self_harm", "spam"}
)


def read_file(path: Path) -> tuple[list[str], np.ndarray]:
    """Texts and labels (1 offensive, 0 not) of a TSV (text, label).

    Raises:
        LinesError: the file cannot be used, or has labels that are not known.
    """
    rows = labelled_lines(path)
    unknown = {label for _, label in rows} - OFFENSIVE - OTHERS
    if unknown:
        known = f"{', '.join(sorted(OFFENSIVE))}; or {', '.join(sorted(OTHERS))}"
        raise unknown_labels(path, unknown, known)
    return [text for text, _ in rows], np.array([int(label in OFFENSIVE) for _, label in rows])
