"""Talking to the trained assistant in a test: send a message, look at what came."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot import agent as assistant
from bot.agent import Answer
from bot.catalogue import shared
from bot.catalogue.title import Title


@dataclass(frozen=True)
class Said:
    """One answer: what Usher said, showed and did, and the slots after it."""

    answer: Answer
    slots: dict[str, Any]

    @property
    def text(self) -> str:
        """Everything said, line by line."""
        return "\n".join(self.answer.texts)

    @property
    def actions(self) -> list[str]:
        """The actions and responses run."""
        return list(self.answer.actions)

    @property
    def failed(self) -> bool:
        """Whether the answer is an apology for a failure, which names its id."""
        return bool(re.search(r"\bE-[2-9A-Z]{6}\b", self.text))

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards shown, in order."""
        return [card for custom in self.answer.custom for card in custom.get("cards") or ()]

    @property
    def titles(self) -> list[Title]:
        """What the cards show, as the catalogue has it."""
        return [shared.catalogue().titles[card["id"]] for card in self.cards]

    @property
    def ids(self) -> list[str]:
        """The ids of the titles shown."""
        return [card["id"] for card in self.cards]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Label and payload of each button, those of the cards included."""
        everything = [*self.answer.buttons]
        for card in self.cards:
            everything += card["buttons"]
        return [(button["title"], button["payload"]) for button in everything]

    def payload(self, label: str) -> str:
        """The payload of the button called `label`, the first of several."""
        for title, payload in self.buttons:
            if title == label:
                return payload
        raise AssertionError(f"no button {label!r} among {[title for title, _ in self.buttons]}")


class Usher(AbstractContextManager["Usher"]):
    """The assistant, loaded once for all tests, on an event loop of its own."""

    def __init__(self, archive: Path) -> None:
        shared.use(None)
        self._loop = asyncio.new_event_loop()
        with patch.object(assistant, "MODELS", archive):
            self.agent = self._loop.run_until_complete(assistant.load())

    def __exit__(self, *_: object) -> None:
        self._loop.close()

    def run(self, coroutine: Any) -> Any:
        """Wait for something of the assistant's."""
        return self._loop.run_until_complete(coroutine)

    def send(self, text: str, viewer: str) -> Said:
        """Send a message as `viewer`."""
        answer = self.run(assistant.answer(self.agent, text, viewer))
        tracker = self.run(self.agent.tracker_store.retrieve(viewer))
        return Said(answer, dict(tracker.current_slot_values()) if tracker else {})

    def viewer(self) -> Viewer:
        """Somebody who has never been here."""
        return Viewer(self, f"test-{uuid.uuid4().hex}")


@dataclass
class Viewer:
    """Somebody talking to Usher; `heard` is what they were answered so far."""

    usher: Usher
    id: str

    def __post_init__(self) -> None:
        self.heard: list[Said] = []

    def say(self, text: str) -> Said:
        """Send a message and keep the answer."""
        said = self.usher.send(text, self.id)
        self.heard.append(said)
        return said

    def press(self, label: str) -> Said:
        """Press a button of the last answer."""
        return self.say(self.heard[-1].payload(label))

    def shown_before(self) -> Iterator[str]:
        """Ids of all titles shown before the last answer."""
        for said in self.heard[:-1]:
            yield from said.ids


def find(name: str) -> Title:
    """The title that tests call `name`: "Dune (2021)", "霸王别姬" or an id.

    Raises:
        AssertionError: there is none, or more than one.
    """
    catalogue = shared.catalogue()
    found = [
        title
        for title in catalogue.titles.values()
        if name in (title.id, title.title, title.title_zh, f"{title.title} ({title.year})")
    ]
    assert len(found) == 1, f"{name!r} is {[f'{t.title} ({t.year})' for t in found]}"
    return found[0]
