"""Moderation beside its peers, disguises, groups of people, viewers and time.

`make bench-moderation`. Peers in the same run: word lists (the public lists of the data folder),
TF-IDF with logistic regression, and, where their environment could be made, alt-profanity-check and
better-profanity. `--data` is the folder of the public sets, or a TSV of text and label. The last
line is JSON: {"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.moderation_fairness import identity_set, subgroups
from benchmarks.moderation_viewers import report_measured, report_titles
from models.artefact import ArtefactError
from models.lines import LinesError
from models.moderation import dataset
from models.moderation.carriers import MOVIES
from models.moderation.dataset import DataMissingError, Example
from models.moderation.evaluate import Figures, bar, evaluate_file, evaluate_sets, general
from models.moderation.obfuscate import CHINESE, ENGLISH, obfuscate
from models.moderation.predict import SHIPPED, Moderator
from models.moderation.public import public

SEED = 17
PEERS = dataset.ROOT / ".venv-peers" / "moderation" / "bin" / "python"


def word_list(data: Path) -> Callable[[str], bool]:
    """The public word lists as a filter: any listed word, or a listed Chinese string."""
    english = (data / "moderation_en" / "word_lists" / "better_profanity_en.txt").read_text()
    words = {line.strip().lower() for line in english.splitlines() if line.strip()}
    chinese = json.loads(
        (data / "moderation_zh" / "word_lists" / "ldnoobw_zh.json").read_text(encoding="utf-8")
    )
    pattern = re.compile("|".join(re.escape(word) for word in chinese))
    return lambda text: (
        bool(set(re.findall(r"[a-z0-9@$!*'-]+", text.lower())) & words)
        or bool(pattern.search(text))
    )


def disguises(moderator: Moderator, messages: Sequence[str]) -> dict[str, float]:
    """Points of recall lost for each kind of disguise, over messages of its language."""
    chance = random.Random(SEED)
    lost: dict[str, float] = {}
    for language, kinds in (("en", ENGLISH), ("zh", CHINESE)):
        texts = [text for text in messages if text.isascii() == (language == "en")]
        plain = np.mean([moderator.check(text).flagged for text in texts])
        for kind in kinds:
            hidden = [moderator.check(obfuscate(t, kind, chance)).flagged for t in texts]
            lost[f"{language} {kind}"] = float(plain - np.mean(hidden))
    return lost


def milliseconds(moderator: Moderator, length: int) -> tuple[float, float]:
    """Processor time of a message of `length` characters: p50 and p99."""
    text = "can you find me a film like Inception, but lighter, for the two of us at home tonight? "
    text = (text * (length // len(text) + 1))[:length]
    taken = []
    for _ in range(max(20, 50_000 // length)):
        begun = time.process_time()
        moderator.check(text)
        taken.append(1e3 * (time.process_time() - begun))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 99))


def viewer_abuse(examples: Sequence[Example]) -> list[str]:
    """Abusive messages to a bot that were not trained on (test part of ConvAbuse and our own)."""
    return [
        e.text for e in examples if e.viewer == 1 and e.split == "test" and 8 <= len(e.text) <= 120
    ]


def report_peers(name: str, test: Sequence[Example], listed: Callable[[str], bool]) -> None:
    """Print the figures of the word lists and of the installed peers on one set."""
    texts, truth = [e.text for e in test], np.array([e.general for e in test])
    scores = {"word lists": [float(listed(text)) for text in texts]}
    if PEERS.exists() and name != "cold":
        program = Path(__file__).with_name("moderation_peers.py")
        done = subprocess.run(
            [str(PEERS), str(program)],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
        )
        scores |= json.loads(done.stdout)
    for peer, found in scores.items():
        print(f"{name:12}{peer:22}{Figures.of(truth, np.array(found), 0.5).row()}")


def report_groups(name: str, test: Sequence[Example], moderator: Moderator) -> None:
    """Print the AUCs by subgroup on one set."""
    texts, truth = [e.text for e in test], np.array([e.general for e in test])
    for group, found in subgroups(texts, truth, general(moderator, texts)).items():
        print(
            f"{name:12}{group:22}AUC {found.auc:.3f}  BPSN {found.bpsn:.3f}  "
            f"BNSP {found.bnsp:.3f}  ({found.count} messages)"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables and the bars; non-zero only when it could not measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=dataset.SHARED)
    parser.add_argument("--titles", type=Path, default=MOVIES)
    parser.add_argument("--artefact", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    try:
        moderator = Moderator.load(options.artefact)
        if options.data.is_file():
            print(json.dumps({"bars": evaluate_file(moderator, options.data, dataset.SHARED)}))
            return 0
        bars = evaluate_sets(moderator, options.data, 10_000)
        listed = word_list(options.data)
        examples = public(options.data)
    except (ArtefactError, DataMissingError, LinesError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    tests = {
        name: [e for e in examples if e.source == name and e.split == "test"]
        for name in ("cold", "convabuse", "davidson")
    }
    tests["olid"] = dataset.olid(options.data)
    for name, test in tests.items():
        if name != "olid":  # better-profanity would take it twenty minutes
            report_peers(name, test, listed)
    for name in ("cold", "davidson"):
        report_groups(name, tests[name], moderator)
    bars |= report_measured(moderator)
    if options.titles.exists():
        bars |= report_titles(moderator, options.titles)
    lost = disguises(moderator, [*viewer_abuse(examples), *heldout(examples)])
    for kind, points in lost.items():
        print(f"disguise {kind:16} recall lost {points:+.3f}")
    bars["recall_lost_disguised_mean"] = bar(float(np.mean(list(lost.values()))), 0.05, most=True)
    bars["recall_lost_disguised_worst"] = bar(max(lost.values()), 0.05, most=True)
    identities = identity_set()
    flagged = [text for text in identities if moderator.check(text).flagged]
    print(f"identities: {len(flagged)} of {len(identities)} flagged {flagged[:6]}")
    bars["identity_false_alarms"] = bar(len(flagged) / len(identities), 0.02, most=True)
    short, middle, long = (milliseconds(moderator, length) for length in (100, 2000, 4000))
    print(
        f"time: {short[0]:.2f} ms for 100 characters (p99 {short[1]:.2f}), {middle[0]:.1f} for "
        f"2,000, {long[0]:.1f} for 4,000"
    )
    bars["message_ms"] = bar(short[0], 1.0, most=True)
    bars["time_4000_over_2000"] = bar(long[0] / middle[0], 2.5, most=True)
    size = sum(path.stat().st_size for path in options.artefact.iterdir()) / 1e6
    bars["size_mb"] = bar(size, 8.0, most=True)
    print(json.dumps({"bars": bars}))
    return 0


def heldout(examples: Sequence[Example]) -> list[str]:
    """Chinese counterparts: toxic sentences of the test part of COLD that our network flags plain.

    COLD is not said to a bot, so only those are of use here.
    """
    chinese = [e.text for e in examples if e.source == "cold" and e.split == "test" and e.general]
    return [text for text in chinese if len(text) <= 40][:400]


if __name__ == "__main__":
    sys.exit(main())
