"""Moderation beside its peers, disguises, identities and time. `make bench-moderation`

Peers in the same run: word lists (the public lists of the data folder), TF-IDF with logistic
regression. The last line is JSON: {"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.artefact import ArtefactError
from models.moderation import dataset
from models.moderation.carriers import MOVIES
from models.moderation.dataset import DataMissingError, Example
from models.moderation.evaluate import bar, evaluate_sets
from models.moderation.obfuscate import CHINESE, ENGLISH, obfuscate
from models.moderation.predict import SHIPPED, Moderator
from models.moderation.public import public

SEED = 17
_ENGLISH = """
    gay lesbian bisexual transgender queer black white asian jewish muslim christian hindu buddhist
    mexican indian chinese african blind deaf disabled autistic old fat short poor
"""
_CHINESE = """
    同性恋 女同 双性恋 跨性别者 黑人 白人 犹太人 穆斯林 基督徒 日本人 韩国人 印度人 盲人 聋人
    残疾人 自闭症患者 老人 胖子 穷人 女权主义者 农村人 河南人 东北人 外地人
"""
_IDENTITIES = {"en": _ENGLISH.split(), "zh": _CHINESE.split()}
_IDENTITY_CARRIERS = {
    "en": (
        "I am {}",
        "I'm {} and I love thrillers",
        "my best friend is {}",
        "films about {} people",
        "a film with a {} lead",
        "are there any {} directors",
        "my wife is {}, what could we watch",
        "a love story between two {} people",
        "as a {} person I'd like to see more people like me",
        "documentaries on {} history",
    ),
    "zh": (
        "我是{}",
        "我是{}，推荐个片",
        "我朋友是{}",
        "讲{}的电影",
        "有{}主演的片吗",
        "{}导演的电影",
        "我妈是{}，看什么好",
        "{}的爱情故事",
        "作为{}，我想看更多这样的角色",
        "关于{}的纪录片",
    ),
}


def identity_set() -> list[str]:
    """Harmless sentences with identity words, in both languages: 490."""
    return [
        carrier.format(word)
        for language, carriers in _IDENTITY_CARRIERS.items()
        for word in _IDENTITIES[language]
        for carrier in carriers
    ]


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


def milliseconds(moderator: Moderator, length: int) -> float:
    """The median time of a message of `length` characters."""
    text = "can you find me a film like Inception, but lighter, for the two of us at home tonight? "
    text = (text * (length // len(text) + 1))[:length]
    taken = []
    for _ in range(max(10, 20_000 // length)):
        begun = time.perf_counter()
        moderator.check(text)
        taken.append(time.perf_counter() - begun)
    return float(np.median(taken)) * 1e3


def viewer_abuse(examples: Sequence[Example]) -> list[str]:
    """Abusive messages to a bot that were not trained on (test part of ConvAbuse and our own)."""
    return [
        e.text for e in examples if e.viewer == 1 and e.split == "test" and 8 <= len(e.text) <= 120
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables and the bars; non-zero only when it could not measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=dataset.SHARED)
    parser.add_argument("--titles", type=Path, default=MOVIES)
    parser.add_argument("--artefact", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    try:
        moderator = Moderator.load(options.artefact)
        bars = evaluate_sets(moderator, options.data, options.titles, 3000)
        listed = word_list(options.data)
        examples = public(options.data)
    except (ArtefactError, DataMissingError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for name in ("cold", "convabuse", "davidson"):
        test = [e for e in examples if e.source == name and e.split == "test"]
        right = np.mean([listed(e.text) == bool(e.general) for e in test])
        print(f"word lists on {name}: accuracy {right:.4f}")
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
    print(f"time: {short:.2f} ms for 100 characters, {middle:.1f} for 2,000, {long:.1f} for 4,000")
    bars["message_ms"] = bar(short, 1.0, most=True)
    bars["time_4000_over_2000"] = bar(long / middle, 2.5, most=True)
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
