"""What people say to assistants without harm: commands, questions, film talk, gladness."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from models.moderation.dataset import Example, need, split_of


def harmless(folder: Path, each: int = 5000) -> Iterator[Example]:
    """What people say to assistants: commands, questions, film talk (at most `each` a set)."""
    for name, texts in (
        ("hwu64", _hwu64(folder)),
        ("clinc150", _clinc150(folder)),
        ("snips", _snips(folder)),
        ("sgd", _sgd(folder)),
        ("kdconv", _kdconv(folder)),
        ("goemotions", _goemotions(folder)),
    ):
        unique = sorted(set(texts), key=lambda text: (zlib.crc32(text.encode()), text))
        for text in unique[:each]:
            general = None if name == "goemotions" else 0
            yield Example(text, name, split_of(text, 0, 8), general, 0)


def _json(path: Path) -> object:
    return json.loads(need(path).read_text(encoding="utf-8", errors="replace"))


def _hwu64(folder: Path) -> Iterator[str]:
    path = next(iter(sorted((folder / "nlu_en" / "hwu64").glob("*.json"))), folder / "hwu64")
    for row in _json(path)["rasa_nlu_data"]["common_examples"]:  # type: ignore[index]
        yield row["text"]


def _clinc150(folder: Path) -> Iterator[str]:
    for rows in _json(folder / "nlu_en" / "clinc150" / "data_train_val.json").values():  # type: ignore[attr-defined]
        yield from (text for text, _ in rows)


def _snips(folder: Path) -> Iterator[str]:
    for name in ("SearchScreeningEvent", "SearchCreativeWork", "RateBook"):
        rows = _json(folder / "nlu_en" / "snips" / f"train_{name}_full.json")
        for row in rows[name]:  # type: ignore[index]
            yield "".join(part["text"] for part in row["data"])


def _sgd(folder: Path) -> Iterator[str]:
    for dialogue in _json(folder / "nlu_en" / "sgd_movies_media" / "train.json"):  # type: ignore[attr-defined]
        for turn in dialogue["turns"]:
            if turn["speaker"] == "USER":
                yield turn["utterance"]


def _kdconv(folder: Path) -> Iterator[str]:
    for dialogue in _json(folder / "nlu_zh" / "kdconv_film" / "dev.json"):  # type: ignore[attr-defined]
        yield from (message["message"] for message in dialogue["messages"])


_GLAD = frozenset({0, 13, 15, 17, 18})
"""GoEmotions: admiration, excitement, gratitude, joy, love."""


def _goemotions(folder: Path) -> Iterator[str]:
    path = need(folder / "sentiment" / "goemotions" / "train.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.split("\t")
        if {int(label) for label in labels.split(",")} <= _GLAD:
            yield text
