"""Our own sentences as examples: questions from data/faq, opinions from data/opinions."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from models.nlu_examples import nlu_examples

ROOT = Path(__file__).resolve().parents[2]
FAQ = ROOT / "data" / "faq"
OPINIONS = ROOT / "data" / "opinions"
TOPICS = ROOT / "data" / "topics"

OTHER = "other"
SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("joy", "sadness", "anger", "fear", "surprise", "disgust", "neutral")
COLUMNS = ["text", "sentiment", "rating", "emotion", "language"]
WORDS = ["word", "polarity"]
ASKED = ["text", "topic", "language"]
SERVICE = "service"
"""The file of data/nlu whose sentences are about the service; those of the others are not."""
LOWEST, HIGHEST = 0.5, 5.0


class DataError(ValueError):
    """A file of examples cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Example:
    """A sentence with the labels it has; None where a head learns nothing from it."""

    text: str
    topic: str | None = None
    sentiment: str | None = None
    rating: float | None = None
    emotion: str | None = None
    intent: str | None = None
    weight: float = 1.0


def questions(folder: Path = FAQ) -> list[Example]:
    """Every way of asking in `folder`/*.yml, labelled with its file's topic.

    Raises:
        DataError: there is no file, or one is not a question file.
    """
    examples = []
    for path in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            topic = str(content["topic"])
            for entry in content["entries"]:
                for language in ("en", "zh"):
                    texts = [entry["question"][language], *entry["ask"][language]]
                    examples += [Example(str(text), topic=topic) for text in texts]
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise DataError(f"{path}: not a question file ({error})") from None
    if not examples:
        raise DataError(f"no questions in {folder}; expected <topic>.yml files")
    return examples


def service_and_other() -> list[Example]:
    """All our sentences with a topic: questions, further ways of asking, and everything else.

    Raises:
        DataError: a file cannot be used.
    """
    return [*questions(), *asked("training"), *asked("indirect"), *opinions(), *conversation()]


def asked(name: str, folder: Path = TOPICS) -> list[Example]:
    """The sentences of `folder`/`name`.tsv with their topics; none when there is no such file.

    Raises:
        DataError: a line has not the three columns.
    """
    path = folder / f"{name}.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, start=1):
        if len(row) != len(ASKED) or (number == 1 and row != ASKED):
            raise DataError(f"{path}:{number}: not {' '.join(ASKED)}")
    return [Example(text, topic=topic) for text, topic, _ in rows[1:]]


def conversation() -> list[Example]:
    """What viewers say to the assistant that is not about the service, every eighth sentence."""
    return [
        Example(said.text, topic=OTHER)
        for said in nlu_examples()
        if said.skill != SERVICE and zlib.crc32(said.line.encode()) % 8 == 0
    ]


def opinions(folder: Path = OPINIONS) -> list[Example]:
    """Every sentence in `folder`/*.tsv; none of them is about the service.

    Raises:
        DataError: there is no file, or a line has a label that does not exist.
    """
    examples = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if next(reader, None) != COLUMNS:
                raise DataError(f"{path}: the first line must be {' '.join(COLUMNS)}")
            examples += [_opinion(row, f"{path}:{reader.line_num}") for row in reader]
    if not examples:
        raise DataError(f"no opinions in {folder}; expected *.tsv files")
    return examples


def words(folder: Path = OPINIONS / "words") -> list[Example]:
    """Every word of `folder`/*.tsv with the opinion that it speaks.

    Raises:
        DataError: a line is not a word and a polarity of -1 or 1.
    """
    examples = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            for row in reader:
                if reader.line_num == 1 and row == WORDS:
                    continue
                if len(row) != len(WORDS) or row[1] not in {"-1", "1"}:
                    raise DataError(f"{path}:{reader.line_num}: not a word and -1 or 1: {row}")
                examples.append(Example(row[0], sentiment=SENTIMENTS[int(row[1]) + 1]))
    return examples


def part(text: str) -> str:
    """ "train", "validation" or "test": eight, one and one in ten, by a checksum of the text."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(text.encode()) % 10, "train")


def _opinion(row: list[str], place: str) -> Example:
    if len(row) != len(COLUMNS):
        raise DataError(f"{place}: {len(row)} columns instead of {len(COLUMNS)}")
    text, sentiment, rating, emotion, _ = row
    if sentiment not in {"-1", "0", "1"} or emotion not in ("", *EMOTIONS):
        raise DataError(f"{place}: unknown sentiment {sentiment!r} or emotion {emotion!r}")
    try:
        value = float(rating) if rating else None
    except ValueError:
        raise DataError(f"{place}: the rating {rating!r} is not a number") from None
    if value is not None and not LOWEST <= value <= HIGHEST:
        raise DataError(f"{place}: the rating {value} is outside {LOWEST} to {HIGHEST}")
    return Example(text, OTHER, SENTIMENTS[int(sentiment) + 1], value, emotion or None)


def topics(examples: Sequence[Example]) -> tuple[str, ...]:
    """Topics of `examples` in alphabetical order, `other` last."""
    found = {example.topic for example in examples if example.topic} - {OTHER}
    return (*sorted(found), OTHER)
