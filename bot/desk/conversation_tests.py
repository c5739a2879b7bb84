"""A conversation saved as a test, in the form of tests/conversations/behaviours/*.yml."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.desk.nlu_files import patch
from bot.desk.people import Person, Refused
from bot.nlu.payload import is_payload
from bot.settings import ROOT
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.desk_schema import conversations
from bot.store.schema import events
from bot.store.teaching_schema import conversation_tests

FOLDER = ROOT / "tests" / "conversations" / "behaviours"
# What a turn may hold; tests/conversations/conversation.py describes it.
KEYS = frozenset(
    {
        "say", "press", "of", "action", "text", "not_text", "anew", "buttons", "slots", "file",
        "about", "cards",
    }
)  # fmt: skip
LANGUAGES = ("en", "zh", "any")
MOST_TURNS = 30
_BEHAVIOUR = re.compile(r"[a-z][a-z_]{0,39}")
_SILENT = re.compile(r"|action_(?:listen|session_start|reply_language|extract_slots)")
_PLAIN = re.compile(r"[A-Za-z0-9_]+(?: [A-Za-z0-9_]+)*")


@dataclass(frozen=True)
class Saved:
    """A saved test."""

    id: int
    name: str
    behaviour: str
    content: str
    author: str
    at: float


class ConversationTests:
    """Saved tests; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def draft(self, conversation: int, name: str = "") -> str:
        """A conversation's last turns as a test, for somebody to correct; "" if there are none."""
        query = (
            select(events.c.type_name, events.c.data, events.c.action, events.c.language)
            .join(conversations, conversations.c.viewer == events.c.sender_id)
            .where(
                conversations.c.id == conversation,
                events.c.seq.between(conversations.c.first_seq, conversations.c.last_seq),
                events.c.type_name.in_(("user", "action")),
            )
            .order_by(events.c.seq.desc())
            .limit(400)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()[::-1]
        turns: list[dict[str, Any]] = []
        languages = set()
        for row in rows:
            if row.type_name == "user":
                data = json.loads(row.data)
                said, label = str(data.get("text") or ""), (data.get("metadata") or {}).get("label")
                turns.append({"press": label} if is_payload(said) and label else {"say": said})
                languages.add(row.language)
            elif turns and "action" not in turns[-1] and not _SILENT.fullmatch(row.action or ""):
                turns[-1]["action"] = row.action
        turns = [turn for turn in turns if turn.get("say") or turn.get("press")][-MOST_TURNS:]
        if not turns:
            return ""
        language = languages.pop() if len(languages) == 1 else "any"
        return written(
            {
                "name": name or "as it should be",
                "language": language if language in LANGUAGES else "any",
                "turns": turns,
            }
        )

    def save(self, viewer: str, behaviour: str, content: str, author: Person) -> int:
        """Keep a test.

        Raises:
            Refused: "wrong_name", or "wrong_test": it is not YAML of the right form.
        """
        if not _BEHAVIOUR.fullmatch(behaviour):
            raise Refused("wrong_name")
        test = read(content)
        with writing(self._engine) as connection:
            done = connection.execute(
                conversation_tests.insert().values(
                    viewer=storable.text(viewer),
                    name=storable.text(str(test["name"]), 200),
                    behaviour=behaviour,
                    content=storable.text(written(test)),
                    author=author.id,
                    at=time.time(),
                )
            )
            return int(done.inserted_primary_key[0])

    def all(self) -> list[Saved]:
        """Every saved test, oldest first."""
        query = select(conversation_tests).order_by(conversation_tests.c.id)
        with reading(self._engine) as connection:
            return [
                Saved(row.id, row.name, row.behaviour, row.content, row.author, row.at)
                for row in connection.execute(query)
            ]

    def patch(self, folder: Path = FOLDER) -> str:
        """The saved tests that are not in the files yet, as a patch."""
        before = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yml")}
        added: defaultdict[str, list[str]] = defaultdict(list)
        for each in self.all():
            name = f"{each.behaviour}.yml"
            if each.content not in before.get(name, ""):
                added[name].append(each.content)
        after = dict(before)
        for name, contents in added.items():
            old = before.get(name, "")
            after[name] = (old.rstrip("\n") + "\n\n" if old else "") + "\n".join(contents)
        return patch("tests/conversations/behaviours", before, after)


def read(content: str) -> dict[str, Any]:
    """The one conversation in `content`.

    Raises:
        Refused: "wrong_test".
    """
    try:
        found = yaml.safe_load(content)
    except yaml.YAMLError:
        raise Refused("wrong_test") from None
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, dict) or set(found) != {"name", "language", "turns"}:
        raise Refused("wrong_test")
    turns = found["turns"]
    fine = (
        isinstance(found["name"], str)
        and bool(found["name"].strip())
        and found["language"] in LANGUAGES
        and isinstance(turns, list)
        and 0 < len(turns) <= MOST_TURNS
        and all(
            isinstance(turn, dict)
            and len({"say", "press"} & set(turn)) == 1
            and set(turn) <= KEYS
            and all(
                isinstance(turn.get(key, ""), str) for key in ("say", "press", "action", "text")
            )
            for turn in turns
        )
    )
    if not fine:
        raise Refused("wrong_test")
    return found


def written(test: Mapping[str, Any]) -> str:
    """A conversation as the files have it: one line a turn."""
    lines = [f"- name: {_scalar(test['name'])}", f"  language: {test['language']}", "  turns:"]
    for turn in test["turns"]:
        said = ", ".join(f"{key}: {_value(key, value)}" for key, value in turn.items())
        lines.append(f"    - {{{said}}}")
    return "\n".join(lines) + "\n"


def _value(key: str, value: Any) -> str:
    if key in ("say", "text", "not_text") or not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return _scalar(value)


def _scalar(value: str) -> str:
    """`value` as it stands where YAML reads it back as itself."""
    plain = _PLAIN.fullmatch(value) or re.fullmatch(r"[\u4e00-\u9fff，]+", value)
    if plain and yaml.safe_load(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
