"""What a stopped or broken server leaves behind, against a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.engine import Engine

from bot.channels import once
from bot.channels.history import History
from bot.channels.once import Once
from bot.channels.problem import Problem
from bot.channels.turns import TurnFailed
from bot.store import event_rows, failures
from bot.store.conversations import Conversations
from bot.store.database import engine, migrate
from bot.store.messages import MessagesSeen

ID = "client-id-1"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'usher.db'}")
    monkeypatch.setattr(failures, "engine", lambda: made)
    return made


class Maker:
    """Makes an answer, and counts how often it had to."""

    made = 0

    async def __call__(self) -> list[dict[str, Any]]:
        self.made += 1
        return [{"id": f"b{self.made}", "from": "bot", "time": 1.0, "text": "made"}]


def channel(store: Engine, alone: bool = True) -> Once:
    return Once("web", store, History(store), alone)


async def test_an_answer_whose_keeping_was_cut_short_is_found_in_the_conversation(
    store: Engine,
) -> None:
    migrate(store)
    MessagesSeen(store).first_time("web", "v-me", ID)
    said = [UserUttered("hello", message_id=ID), BotUttered("Hi!"), BotUttered("How are you?")]
    rows = [
        event_rows.row("v-me", number, event, event_rows.masked(event), None)
        for number, event in enumerate(said, start=1)
    ]
    Conversations(store).append("v-me", 0, rows, None)
    make = Maker()
    answer = await channel(store).answer("v-me", ID, asyncio.Lock(), make)
    assert [message["text"] for message in answer] == ["Hi!", "How are you?"]
    assert make.made == 0


async def test_a_message_whose_turn_was_never_saved_is_answered_after_all(store: Engine) -> None:
    migrate(store)
    MessagesSeen(store).first_time("web", "v-me", ID)
    make = Maker()
    for _ in range(2):
        (message,) = await channel(store).answer("v-me", ID, asyncio.Lock(), make)
        assert message["text"] == "made"
    assert make.made == 1


async def test_a_message_that_another_process_answers_is_waited_for(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(once, "ELSEWHERE_SECONDS", 0.2)
    migrate(store)
    seen = MessagesSeen(store)
    seen.first_time("web", "v-me", ID)
    make = Maker()
    waiting = asyncio.create_task(
        channel(store, alone=False).answer("v-me", ID, asyncio.Lock(), make)
    )
    await asyncio.sleep(0.06)
    seen.store_reply("web", "v-me", ID, [{"text": "from elsewhere"}])
    assert await waiting == [{"text": "from elsewhere"}]
    seen.first_time("web", "v-me", "client-id-2")
    with pytest.raises(Problem) as refused:
        await channel(store, alone=False).answer("v-me", "client-id-2", asyncio.Lock(), make)
    assert refused.value.status_code == 409 and make.made == 0


async def test_a_database_that_is_away_is_a_failure_with_an_id(store: Engine) -> None:
    with pytest.raises(TurnFailed) as failed:  # nothing is migrated: there are no tables
        await channel(store).answer("v-me", ID, asyncio.Lock(), Maker())
    assert failed.value.failure.startswith("E-")
    migrate(store)
    (message,) = await channel(store).answer("v-me", ID, asyncio.Lock(), Maker())
    assert message["text"] == "made"
