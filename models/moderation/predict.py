"""Judge messages: `python -m models.moderation.predict` (lines in, JSON lines out)."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from models import artefact
from models.lines import answer_lines
from models.moderation.dataset import ABUSE
from models.moderation.features import Tokens
from models.moderation.lexicon import Lexicon
from models.moderation.scorer import NAME, VERSION, Scorer
from models.moderation.thresholds import sigmoid

SHIPPED = Path(__file__).resolve().parent / "artefact"
WINDOW = 48
"""Tokens judged together; a longer message is judged in overlapping windows, the worst counts."""
_QUOTE = 40
_VIEWER, _SELF_HARM, _SPAM = 1, 2, 3
_MARGIN = 0.1
"""How much surer of self-harm than of abuse: "they should all die" is near both."""
_PRECEDENCE = (_SELF_HARM, _VIEWER, _SPAM)
_CLAUSE = 3
_FEW = 3
"""Pieces up to which one by one is the faster way."""
_QUOTES = frozenset('"《')
_STOP = re.compile(r"[,.;:!?，。；：！？、…\n]")


@dataclass(frozen=True)
class Verdict:
    """What a message is. `span` (start, end) in the message is what carries the score."""

    flagged: bool
    category: str | None
    score: float
    span: tuple[int, int] | None
    reason: str


class Moderator:
    """The trained network with its thresholds."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        thresholds = scorer.facts["thresholds"]
        self._cuts = (thresholds["abuse"], thresholds["self_harm"], thresholds["spam"])

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Moderator:
        """The moderator whose artefact is in `folder`.

        Raises:
            ArtefactError: it is missing, damaged or of another version.
        """
        return cls(Scorer(artefact.load(folder, NAME, VERSION)))

    def check(self, text: str, harmless: Sequence[tuple[int, int]] = ()) -> Verdict:
        """Judge `text`; `harmless` spans, known titles and names, count as such.

        Talk of self-harm goes before abuse, and abuse before advertising.
        """
        tokens = self.scorer.hasher.tokens(text, harmless)
        if not tokens.words:
            return Verdict(False, None, 0.0, None, "")
        worst: tuple[tuple[int, float], Tokens, np.ndarray] | None = None
        highest = 0.0
        pieces = parts(tokens, self.scorer.hasher.lexicon)
        outputs, every_kind = self._judged(pieces)
        for part, chances, kinds in zip(pieces, sigmoid(outputs), every_kind, strict=True):
            highest = max(highest, float(chances[_VIEWER:].max()))
            rank = self._rank(chances)
            if rank and (worst is None or _order(rank, chances) < worst[0]):
                worst = (_order(rank, chances), part, kinds)
        if worst is None:
            return Verdict(False, None, round(highest, 4), None, "")
        (precedence, negative), part, kinds = worst
        rank, score = _PRECEDENCE[precedence], -negative
        category = {_SELF_HARM: "self_harm", _SPAM: "spam"}.get(rank) or ABUSE[kinds.argmax()]
        span = self._span(part, rank)
        quote = text[span[0] : span[1]][:_QUOTE]
        return Verdict(True, category, round(score, 4), span, f"{category}: '{quote}'")

    def _judged(self, pieces: Sequence[Tokens]) -> tuple[np.ndarray, np.ndarray]:
        """Logits of the outputs and of the kinds (pieces, 4): a few one by one, many at once."""
        if len(pieces) > _FEW:
            logits = self.scorer.batch(pieces)
            return logits.outputs, logits.kinds
        found = [
            self.scorer.logits_of(self.scorer.hasher.occurrences([piece]))[0] for piece in pieces
        ]
        return np.vstack([f.outputs for f in found]), np.vstack([f.kinds for f in found])

    def _rank(self, chances: np.ndarray) -> int:
        """Which output flags a message, the one that goes first; 0 for none."""
        abuse, self_harm, spam = (
            float(chances[output]) >= cut for output, cut in enumerate(self._cuts, 1)
        )
        if self_harm and (not abuse or chances[_SELF_HARM] >= chances[_VIEWER] + _MARGIN):
            return _SELF_HARM
        return _VIEWER if abuse else _SPAM if spam else 0

    def _span(self, tokens: Tokens, output: int) -> tuple[int, int]:
        """The stretch of the original text whose features add most to `output`."""
        found = self.scorer.hasher.occurrences([tokens])
        _, buckets, values = self.scorer.logits_of(found)
        evidence = self.scorer.evidence(output, buckets, values)
        place = np.searchsorted(buckets, found.bucket)
        times = np.bincount(place, minlength=len(buckets))
        weight = evidence[place] / times[place] / (found.end - found.start)
        count = len(tokens.words)
        change = np.bincount(found.start, weights=weight, minlength=count + 1)
        change -= np.bincount(found.end, weights=weight, minlength=count + 1)
        token = np.cumsum(change)[:count]
        first, last = best_stretch(token - 0.25 * max(float(token.max()), 0.0))
        return tokens.source.original(tokens.spans[first][0], tokens.spans[last][1])


def _order(rank: int, chances: np.ndarray) -> tuple[int, float]:
    """Sorts the flagged parts of a message: the one that goes first is the least."""
    return _PRECEDENCE.index(rank), -float(chances[rank])


def parts(tokens: Tokens, lexicon: Lexicon) -> list[Tokens]:
    """What is judged: the whole text (or windows of a long one), and its clauses with strong words.

    A polite request must not hide the insult after it. A text with quotation marks is not cut
    into clauses, since a quoted clause alone reads as if the viewer said it.
    """
    count = len(tokens.words)
    cuts = [(at, at + WINDOW) for at in range(0, max(1, count - WINDOW // 2), WINDOW // 2)]
    if count <= WINDOW + WINDOW // 2:
        cuts = [(0, count)]
    if not _QUOTES & set(tokens.words):
        clauses = list(pairwise([0, *_breaks(tokens), count]))
        if len(clauses) > 1:
            cuts += [
                (start, end)
                for start, end in clauses
                if _CLAUSE <= end - start <= WINDOW and lexicon.strong(tokens.words[start:end])
            ]
    return [
        Tokens(tokens.words[start:end], tokens.spans[start:end], tokens.source)
        for start, end in cuts
        if tokens.words[start:end]
    ]


def _breaks(tokens: Tokens) -> list[int]:
    """Where clauses begin, the first one aside."""
    text, spans = tokens.source.text, tokens.spans
    return [
        index
        for index in range(1, len(spans))
        if _STOP.search(text, spans[index - 1][0], spans[index][0])
    ]


def best_stretch(values: np.ndarray) -> tuple[int, int]:
    """First and last index of the run with the greatest sum (Kadane)."""
    best, begin, total, result = float("-inf"), 0, 0.0, (0, 0)
    for index, value in enumerate(values.tolist()):
        if total <= 0.0:
            begin, total = index, 0.0
        total += value
        if total > best:
            best, result = total, (begin, index)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Read lines, print one JSON object a line."""
    parser = argparse.ArgumentParser(prog="python -m models.moderation.predict")
    parser.add_argument("--artefact", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    try:
        moderator = Moderator.load(options.artefact)
    except artefact.ArtefactError as error:
        print(error, file=sys.stderr)
        return 2
    answer_lines(lambda text: asdict(moderator.check(text)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
