"""Turns while a person speaks with the viewer: the assistant listens and is silent.

Who has taken over is in the database (`handoffs`), where the desk writes it; whether the assistant
is paused is in the conversation, which only this process writes. Before each turn the two are
brought in step. A paused assistant still understands and keeps what the viewer writes, so that it
goes on with its slots intact when the conversation is given back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ConversationPaused, ConversationResumed, Event, SlotSet

from bot.settings import settings
from bot.store.cases import CaseStore
from bot.store.database import engine
from bot.store.handoffs import HandoffStore

_DAY = 86_400
_JUDGED = ("abuse", "self_harm")


async def turn(
    handle: Callable[[UserMessage], Awaitable[Any]], message: UserMessage, agent: Any
) -> None:
    """Run the assistant on a message, silent where a person has taken over.

    Raises:
        DatabaseUnavailable: the database is away.
        Exception: whatever `handle` raises.
    """
    taken = await _look(HandoffStore(engine()).taken_over, message.sender_id)
    if taken:
        await _pause(agent, message)
    else:
        await _resume(agent, message.sender_id)
    await handle(message)
    if taken:
        await _keep_case(agent, message.sender_id)


async def _pause(agent: Any, message: UserMessage) -> None:
    sender = message.sender_id
    async with agent.lock_store.lock(sender):
        # A session that begins with this message would undo the pause: begin it before.
        tracker = await agent.processor.fetch_tracker_and_update_session(
            sender, message.output_channel, message.metadata
        )
        if not tracker.is_paused():
            tracker.update(ConversationPaused(), agent.domain)
        await agent.tracker_store.save(tracker)


async def _resume(agent: Any, sender: str) -> None:
    """Let the assistant speak again, and end a time-out whose cases have been dismissed."""
    tracker = await agent.tracker_store.retrieve(sender)
    if tracker is None or not (tracker.is_paused() or _timed_out(tracker)):
        return
    events: list[Event] = []
    if tracker.is_paused():
        events.append(ConversationResumed())
    if _timed_out(tracker):
        cases = CaseStore(engine())
        count = await asyncio.to_thread(cases.recent_count, sender, "abuse", time.time() - _DAY)
        if count <= settings().abuse_warnings:
            events.append(SlotSet("timed_out_until", None))
    if events:
        async with agent.lock_store.lock(sender):
            tracker = await agent.tracker_store.retrieve(sender)
            for event in events:
                tracker.update(event, agent.domain)
            await agent.tracker_store.save(tracker)


def _timed_out(tracker: Any) -> bool:
    slot = tracker.slots.get("timed_out_until")
    until = slot.value if slot is not None else None
    return isinstance(until, int | float) and until > time.time()


async def _keep_case(agent: Any, sender: str) -> None:
    """Abuse and distress make a case also while no action runs."""
    tracker = await agent.tracker_store.retrieve(sender)
    said = tracker.latest_message if tracker is not None else None
    if said is None:
        return
    intent = (said.intent or {}).get("name")
    if intent in _JUDGED:
        verdict = said.parse_data.get("moderation") or {}
        await asyncio.to_thread(
            CaseStore(engine()).record,
            sender,
            intent,
            verdict.get("category"),
            float(verdict.get("score") or 0.0),
            said.text or "",
            verdict.get("span"),
        )


async def _look(work: Callable[[str], bool], viewer: str) -> bool:
    """A look-up of a fraction of a millisecond in SQLite, which never waits for writers; handing
    it to a thread would cost more."""
    if engine().dialect.name == "sqlite":
        return work(viewer)
    return await asyncio.to_thread(work, viewer)
