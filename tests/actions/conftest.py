"""Actions on a real database and a small catalogue, without Rasa's server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.choices  # noqa: F401  (every skill knows the others)
from actions import skill
from actions.services import Services
from actions.skill import SkillAction
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.title import Person, Title
from bot.settings import Settings
from bot.store.database import engine, migrate

VIEWER = "v1"
MANN, PACINO, SCOTT, WEAVER = "michael-mann", "al-pacino", "ridley-scott", "sigourney-weaver"


def film(title_id: str, title: str, year: int, *genres: str, **facts: Any) -> Title:
    """A film with some critics' reviews."""
    return Title(title_id, "film", title, year, genres=genres, **{"reviews": 50, **facts})


TITLES = (
    film("heat", "Heat", 1995, "Crime", "Thriller", title_zh="盗火线", directors=(MANN,),
         cast=(PACINO,), runtime=170, score=7.8, reviews=300),
    film("dune-84", "Dune", 1984, "Sci-Fi", title_zh="沙丘", runtime=137),
    film("dune-21", "Dune", 2021, "Sci-Fi", title_zh="沙丘", runtime=155),
    film("alien", "Alien", 1979, "Sci-Fi", "Horror", directors=(SCOTT,), cast=(WEAVER,),
         runtime=117, countries=("United States",), reviews=200),
    film("galaxy", "Galaxy Quest", 1999, "Sci-Fi", "Comedy", cast=(WEAVER,), runtime=102),
    film("laugh", "A Good Laugh", 2015, "Comedy", runtime=90),
    film("farewell", "Farewell My Concubine", 1993, "Drama", title_zh="霸王别姬", runtime=171),
    Title("friends", "series", "Friends", 1994, title_zh="老友记", genres=("Comedy",),
          runtime=22, seasons=10, reviews=20),
)  # fmt: skip
PEOPLE = (
    Person(MANN, "Michael Mann", "迈克尔·曼"),
    Person(PACINO, "Al Pacino", "阿尔·帕西诺"),
    Person(SCOTT, "Ridley Scott", "雷德利·斯科特"),
    Person(WEAVER, "Sigourney Weaver"),
)


@dataclass(frozen=True)
class Done:
    """What an action said and which slots it set."""

    messages: Sequence[Mapping[str, Any]]
    slots: Mapping[str, Any]

    @property
    def responses(self) -> list[str]:
        """The responses uttered, by name."""
        return [m["response"] for m in self.messages if m.get("response")]

    @property
    def cards(self) -> list[str]:
        """Ids of the titles shown."""
        return [
            card["id"] for m in self.messages for card in (m.get("custom") or {}).get("cards", ())
        ]

    def value(self, name: str) -> Any:
        """What a response was filled with."""
        return next(m[name] for m in self.messages if name in m)

    @property
    def buttons(self) -> list[str]:
        """Payloads of the buttons below texts."""
        return [button["payload"] for m in self.messages for button in m.get("buttons") or ()]


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Real stores in a database of their own; no trained model."""
    store = engine(f"sqlite:///{tmp_path / 'usher.db'}")
    migrate(store)
    made = Services(Settings(data_dir=tmp_path), store)
    shelf = Catalogue(TITLES, PEOPLE)
    vars(made).update(catalogue=shelf, names=NameIndex(shelf))
    monkeypatch.setattr(skill, "services", lambda: made)
    yield made
    store.dispose()


Act = Callable[..., Done]


@pytest.fixture
def act(services: Services) -> Act:
    """Runs an action as the action server would: `act(RateTitle(), "9/10 for Heat", entities…)`."""

    def run(
        action: SkillAction,
        text: str = "",
        *entities: Mapping[str, Any],
        intent: str = "",
        slots: Mapping[str, Any] | None = None,
        **message: Any,
    ) -> Done:
        before = {"language": "en", **(slots or {})}
        latest = {"text": text, "intent": {"name": intent}, "entities": list(entities), **message}
        tracker = Tracker(VIEWER, before, latest, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        after = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        return Done(dispatcher.messages, after)

    return run


def title(*ids: str, negated: bool = False, text: str = "", at: int = 0) -> dict[str, Any]:
    """A title entity with these readings."""
    return {
        "entity": "title", "value": ids[0], "id": ids[0], "ids": list(ids), "negated": negated,
        "extractor": "GazetteerExtractor",
        "start": at, "end": at + len(text), "match": "exact",
    }  # fmt: skip


def person(person_id: str) -> dict[str, Any]:
    """A person entity."""
    return {
        "entity": "person", "value": person_id, "id": person_id, "ids": [person_id],
        "start": 0, "end": 0, "match": "exact",
    }  # fmt: skip


def value(entity: str, said: Any, negated: bool = False) -> dict[str, Any]:
    """An entity that is a value: a genre, a rating, an ordinal …"""
    return {"entity": entity, "value": said, "negated": negated, "start": 0, "end": 0}
