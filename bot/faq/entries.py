"""One question about the service, and the reading of data/faq/<topic>.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "zh")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”“"
_FOLDED = re.compile(rf"(?<=[{_WIDE}]) (?=[{_WIDE}])")


class FaqError(ValueError):
    """A question file cannot be used; the message is one line naming file and entry."""


@dataclass(frozen=True)
class Entry:
    """A question, its answer, and the ways people ask it, by language."""

    id: str
    topic: str
    questions: Mapping[str, str]
    answers: Mapping[str, str]
    asks: Mapping[str, tuple[str, ...]]

    def question(self, language: str) -> str:
        """The short label for a button."""
        return self.questions.get(language, self.questions["en"])

    def answer(self, language: str) -> str:
        """The answer, two to four sentences."""
        return self.answers.get(language, self.answers["en"])


def read(folder: Path) -> list[Entry]:
    """Every entry of `folder`/*.yml.

    Raises:
        FaqError: there is no file, a file is not YAML of the right form, or two entries share an
            id or a way of asking.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise FaqError(f"{folder}: no question files (<topic>.yml)")
    entries = [entry for path in paths for entry in _file(path)]
    check(entries)
    return entries


def layered(
    entries: Sequence[Entry], edits: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[Entry]:
    """`entries` with edited ones in place of those of the same id, and new ones last.

    Args:
        entries: of the files.
        edits: topic and content, as an entry of a file.

    Raises:
        FaqError: an edit has not the right form, or clashes with another entry.
    """
    found = {entry.id: entry for entry in entries}
    for topic, content in edits:
        made = _entry(topic, topic, 1, dict(content))
        found[made.id] = made
    together = list(found.values())
    check(together)
    return together


def check(entries: Sequence[Entry]) -> None:
    """Raises:
    FaqError: two entries share an id or a way of asking.
    """
    ids: dict[str, Entry] = {}
    asked: dict[str, Entry] = {}
    for entry in entries:
        if ids.setdefault(entry.id, entry) is not entry:
            raise FaqError(f"{entry.topic}.yml: entry {entry.id}: this id is used twice")
        for text in (text for texts in entry.asks.values() for text in texts):
            other = asked.setdefault(text.strip().lower(), entry)
            if other is not entry:
                raise FaqError(
                    f"{entry.topic}.yml: entry {entry.id}: {text!r} is also asked in {other.id}"
                )


def _file(path: Path) -> list[Entry]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FaqError(f"{path.name}: line {line}: {error.problem or 'not YAML'}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise FaqError(f"{path.name}: not readable as YAML ({reason})") from None
    except OSError as error:
        raise FaqError(f"{path.name}: cannot be read ({error.strerror})") from None
    if not isinstance(content, dict) or not isinstance(content.get("topic"), str):
        raise FaqError(f"{path.name}: needs a `topic`")
    entries = content.get("entries")
    if not isinstance(entries, list) or not entries:
        raise FaqError(f"{path.name}: needs a list of `entries`")
    return [_entry(path.name, content["topic"], i, each) for i, each in enumerate(entries, 1)]


def _entry(file: str, topic: str, number: int, content: Any) -> Entry:
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        raise FaqError(f"{file}: entry {number}: needs an `id`")
    place = f"{file}: entry {content['id']}"
    if unknown := set(content) - {"id", "question", "answer", "ask"}:
        raise FaqError(f"{place}: unknown key `{min(map(str, unknown))}`")
    asks = {}
    for language in LANGUAGES:
        texts = _by_language(place, content, "ask").get(language)
        if not isinstance(texts, list) or not texts:
            raise FaqError(f"{place}: `ask` needs a list under `{language}`")
        for text in texts:
            if not isinstance(text, str) or not text.strip():
                raise FaqError(
                    f"{place}: `ask.{language}` holds {text!r}, not a sentence; quote it"
                )
        asks[language] = tuple(texts)
    return Entry(
        content["id"],
        topic,
        _texts(place, content, "question"),
        _texts(place, content, "answer"),
        asks,
    )


def _by_language(place: str, content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    if not isinstance(value, dict):
        raise FaqError(f"{place}: needs `{key}` with {' and '.join(LANGUAGES)}")
    if unknown := set(value) - set(LANGUAGES):
        raise FaqError(f"{place}: `{key}` has an unknown language `{min(map(str, unknown))}`")
    return value


def _texts(place: str, content: dict[str, Any], key: str) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        text = _by_language(place, content, key).get(language)
        if not isinstance(text, str) or not text.strip():
            raise FaqError(f"{place}: `{key}` needs a text under `{language}`")
        found[language] = unfolded(text.strip())
    return found


def unfolded(text: str) -> str:
    """`text` without the spaces of a folded block between its lines; Chinese has none."""
    return _FOLDED.sub("", text)
