"""Readers of the reference sets: folder in, `Sample`s out.

Each takes the folder that holds the sets (`nlu_en/…`, `nlu_zh/…`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.nlu.samples import Sample, Span

MIT = "nlu_en/mit_movie/engtrain.bio.txt"
SGD_DEV = "nlu_en/sgd_movies_media/dev.json"
SGD_TRAIN = "nlu_en/sgd_movies_media/train.json"
SMP = "nlu_zh/smp2019_ecdt/train.json"
KDCONV = "nlu_zh/kdconv_film/dev.json"
CLINC = "nlu_en/clinc150/data_train_val.json"
HWU = "nlu_en/hwu64"

_SMP_DOMAINS = ("video", "epg", "cinemas", "tvchannel")
_FILM_SERVICES = ("Movies_", "Media_")
_DECADE = re.compile(r"\d{2,4}")


class SetError(Exception):
    """A file of a reference set is not what it should be; the message names it."""


def read_mit(folder: Path) -> list[Sample]:
    """MIT movie (eng, train): questions with tagged words, no intent.

    The set parts "1960s" into "1960 s"; here it is joined again, as viewers write it.
    """
    samples = []
    for block in _text(folder / MIT).split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line.strip()]
        if rows:
            if any(len(row) != 2 for row in rows):
                raise SetError(f"{folder / MIT}: a word without a tag near {rows[0][0]!r}")
            samples.append(_tagged([(word, tag.strip()) for word, tag in rows]))
    return samples


def _tagged(rows: Sequence[tuple[str, str]]) -> Sample:
    text = ""
    spans: list[Span] = []
    for number, (word, tag) in enumerate(rows):
        joined = word == "s" and number > 0 and _DECADE.fullmatch(rows[number - 1][0])
        text += word if joined or not text else f" {word}"
        if tag == "O":
            continue
        kind = tag[2:]
        if tag.startswith("I-") and spans and spans[-1].kind == kind:
            spans[-1] = Span(kind, spans[-1].start, len(text))
        else:
            spans.append(Span(kind, len(text) - len(word), len(text)))
    return Sample(text, slots=frozenset(span.kind for span in spans), spans=tuple(spans))


def read_sgd_dev(folder: Path) -> list[Sample]:
    """SGD (dev): what users say about films; the label is the active intent, slots the acts."""
    return list(_sgd(folder / SGD_DEV))


def read_sgd_play(folder: Path) -> list[Sample]:
    """SGD (train): PlayMovie turns, of which dev has none."""
    return [sample for sample in _sgd(folder / SGD_TRAIN) if sample.label == "PlayMovie"]


def _sgd(path: Path) -> Iterator[Sample]:
    """User turns with one frame of a film service; slots are "ACT" and "ACT slot"."""
    try:
        for dialogue in _json(path):
            for turn in dialogue["turns"]:
                frames = turn["frames"] if turn["speaker"] == "USER" else []
                if len(frames) == 1 and frames[0]["service"].startswith(_FILM_SERVICES):
                    acts = [(a["act"], a.get("slot") or "") for a in frames[0]["actions"]]
                    slots = {act for act, _ in acts} | {f"{a} {s}" for a, s in acts if s}
                    intent = frames[0]["state"]["active_intent"]
                    yield Sample(turn["utterance"], intent, frozenset(slots))
    except (KeyError, TypeError, IndexError) as error:
        raise SetError(f"{path}: not dialogues of SGD ({error!r})") from error


def read_smp(folder: Path) -> list[Sample]:
    """SMP2019 ECDT (train): commands of four domains; the label is "domain intent"."""
    try:
        return [
            Sample(
                row["text"],
                f"{row['domain']} {row['intent']}",
                frozenset(row["slots"]),
                title=row["slots"].get("name") or row["slots"].get("film") or "",
            )
            for row in _json(folder / SMP)
            if row["domain"] in _SMP_DOMAINS
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise SetError(f"{folder / SMP}: not rows of SMP2019 ({error!r})") from error


def read_kdconv(folder: Path) -> list[Sample]:
    """KdConv film (dev): messages with a question; slots are the relations that the reply tells."""
    try:
        return [
            Sample(
                asked["message"], slots=frozenset(a["attrname"] for a in told.get("attrs") or ())
            )
            for dialogue in _json(folder / KDCONV)
            for asked, told in zip(dialogue["messages"], dialogue["messages"][1:], strict=False)
            if re.search("[?？]", asked["message"])
        ]
    except (KeyError, TypeError) as error:
        raise SetError(f"{folder / KDCONV}: not conversations of KdConv ({error!r})") from error


def read_clinc(folder: Path) -> list[Sample]:
    """CLINC150 (validation and out-of-scope validation)."""
    try:
        data = _json(folder / CLINC)
        return [Sample(text, label) for text, label in (*data["val"], *data["oos_val"])]
    except (KeyError, TypeError, ValueError) as error:
        raise SetError(f"{folder / CLINC}: not the form of CLINC150 ({error!r})") from error


def read_hwu(folder: Path) -> list[Sample]:
    """HWU64: every sentence of its one file."""
    (path, *_) = sorted((folder / HWU).glob("*.json"))
    try:
        rows = _json(path)["rasa_nlu_data"]["common_examples"]
        return [Sample(row["text"], row["intent"]) for row in rows]
    except (KeyError, TypeError) as error:
        raise SetError(f"{path}: not the form of HWU64 ({error!r})") from error


READERS: dict[str, tuple[str, Callable[[Path], list[Sample]]]] = {
    "mit_movie": (MIT, read_mit),
    "sgd_find": (SGD_DEV, read_sgd_dev),
    "sgd_play": (SGD_TRAIN, read_sgd_play),
    "smp2019": (SMP, read_smp),
    "kdconv_film": (KDCONV, read_kdconv),
    "clinc150": (CLINC, read_clinc),
    "hwu64": (f"{HWU}/*.json", read_hwu),
}
"""Set → the file that it needs, and its reader. A mapping has the same name."""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{path}: {error}") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except ValueError as error:
        raise SetError(f"{path}: not JSON ({error})") from error
