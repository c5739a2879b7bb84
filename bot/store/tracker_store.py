"""Rasa's tracker store on Usher's database; `endpoints.yml` names it by path.

What a turn costs does not depend on how long the conversation has been: only new events are
written, a bounded window is read (see `conversation_window`), and conversations of this process
stay in memory while nobody else may write to them.
"""

from __future__ import annotations

import asyncio
import os
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.settings import settings
from bot.store import conversation_window, event_rows
from bot.store.conversations import Conversations, Loaded, Snapshot
from bot.store.database import DatabaseBusy, engine, migrate

logger = structlog.get_logger(__name__)
Result = TypeVar("Result")

HOT_CONVERSATIONS = 2000
# How long the event loop may wait for SQLite's write lock before the work moves to a thread.
PATIENCE_SECONDS = 0.02
_THREADS = 8
_SMALLEST_BOUND = 10
# Where a tracker carries what the store knows about it.
_KEPT = "_usher_kept"

_stores: weakref.WeakSet[UsherTrackerStore] = weakref.WeakSet()


def forget(sender_id: str) -> None:
    """A conversation was changed in the database behind the stores of this process: read it anew.

    Rasa wraps its store in one that has no such method, hence a function.
    """
    for store in _stores:
        store._hot.pop(sender_id, None)


@dataclass(frozen=True)
class Kept:
    """What the store knows of a tracker: the last event that is saved, and its number."""

    last: Event | None
    seq: int


class UsherTrackerStore(TrackerStore):
    """Keeps conversations in the database of the settings.

    `retrieve` raises `DatabaseUnavailable` when the database is away, `save` too; a tracker whose
    save failed is forgotten, so that the next turn begins with what is stored.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: Any = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        hot_conversations: int | None = None,
        history_events: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the store.

        Args:
            domain: the assistant's domain.
            host: the address of `endpoints.yml`, which Rasa calls so.
            event_broker: gets every event, masked, once it is stored.
            url: the database's address; by default the setting's.
            hot_conversations: how many conversations stay in memory; 0 where several processes
                share the database. By default 2,000, or 0 with several Sanic workers.
            history_events: how many events of a conversation are kept at hand.
            **kwargs: further keys of `endpoints.yml`, not used.
        """
        super().__init__(domain, event_broker, **kwargs)
        address = url or host or settings().database
        patient = engine(address)
        migrate(patient)
        self._conversations = Conversations(patient)
        # A turn's work on SQLite takes a fraction of a millisecond; handing it to a thread makes
        # it wait for the interpreter's lock instead, which costs more as soon as the loop is busy.
        self._inline = (
            Conversations(engine(address, PATIENCE_SECONDS))
            if patient.dialect.name == "sqlite"
            else None
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="tracker-store")
        self._bound = max(history_events or settings().history_events, _SMALLEST_BOUND)
        if hot_conversations is None:
            alone = int(os.environ.get("SANIC_WORKERS") or 1) <= 1
            hot_conversations = HOT_CONVERSATIONS if alone else 0
        self._room = hot_conversations
        self._hot: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        _stores.add(self)

    @property
    def domain(self) -> Domain:
        """The assistant's domain; a new one empties the memory, for its slots differ."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._hot.clear()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The part of a conversation that is kept at hand; None when there is none."""
        before = self._hot.get(sender_id)
        if before is not None:
            if _is_saved(before):
                self._hot.move_to_end(sender_id)
                return before
            # A turn went wrong half-way: what it left behind never happened.
            del self._hot[sender_id]
        loaded = await self._do(lambda store: store.load(sender_id))
        if loaded is None:
            return None
        tracker = self._tracker(sender_id, loaded)
        current = self._hot.get(sender_id)
        if current is not None and current is not before:
            return current  # somebody saved while we read
        self._remember(tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All events of a conversation; None when there is none."""
        loaded = await self._do(lambda store: store.load_all(conversation_id))
        return None if loaded is None else self._tracker(conversation_id, loaded)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that are new.

        Raises:
            DatabaseUnavailable: nothing was saved.
            ConversationChanged: nothing was saved, for another process wrote meanwhile.
        """
        sender_id = tracker.sender_id
        self._hot.pop(sender_id, None)  # until this has worked
        kept = _kept(tracker) or await self._adopt(tracker)
        new = _events_after(tracker, kept.last)
        if not new:
            _keep(tracker, kept)
            self._remember(tracker)
            return
        masked = [event_rows.masked(event) for event in new]
        language = tracker.slots["language"].value if "language" in tracker.slots else None
        rows = [
            event_rows.row(sender_id, kept.seq + number, event, data, language)
            for number, (event, data) in enumerate(zip(new, masked, strict=True), start=1)
        ]
        after, now = kept.seq, Kept(new[-1], kept.seq + len(new))
        shorter, snapshot = self._shorter(tracker, now)
        whole = await self._do(lambda store: store.append(sender_id, after, rows, snapshot))
        _keep(tracker, now)
        if whole:
            self._remember(shorter)
        if self.event_broker is not None:
            for data in masked:
                self.event_broker.publish({"sender_id": sender_id, **data})

    async def delete(self, sender_id: str) -> int:
        """Delete a conversation; how many events it had."""
        self._hot.pop(sender_id, None)
        return await self._do(lambda store: store.delete(sender_id))

    async def exists(self, conversation_id: str) -> bool:
        """Whether there is such a conversation."""
        if conversation_id in self._hot:
            return True
        return bool(await self._do(lambda store: store.last_seq(conversation_id)))

    async def keys(self) -> Iterable[str]:
        """Whose conversations there are."""
        return await self._do(lambda store: store.senders())

    async def _do(self, work: Callable[[Conversations], Result]) -> Result:
        if self._inline is not None:
            try:
                return work(self._inline)
            except DatabaseBusy:
                logger.debug("tracker_store.busy")  # a long write elsewhere: wait in a thread
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work, self._conversations)

    def _tracker(self, sender_id: str, loaded: Loaded) -> DialogueStateTracker:
        tracker = conversation_window.build(
            sender_id, self.domain.slots, loaded.carried, loaded.events
        )
        _keep(tracker, Kept(tracker.events[-1] if tracker.events else None, loaded.seq))
        return tracker

    def _shorter(
        self, tracker: DialogueStateTracker, kept: Kept
    ) -> tuple[DialogueStateTracker, Snapshot | None]:
        """The tracker to go on with, and the snapshot to store when it is a shorter one."""
        found = conversation_window.shorten(tracker, self.domain.slots, self._bound)
        if found is None:
            return tracker, None
        shorter, carried, length = found
        _keep(shorter, kept)
        masked_slots = event_rows.mask_all(carried.slots)
        return shorter, Snapshot(kept.seq - length, replace(carried, slots=masked_slots))

    def _remember(self, tracker: DialogueStateTracker) -> None:
        if not self._room or not tracker.events:
            return
        self._hot[tracker.sender_id] = tracker
        self._hot.move_to_end(tracker.sender_id)
        while len(self._hot) > self._room:
            self._hot.popitem(last=False)

    async def _adopt(self, tracker: DialogueStateTracker) -> Kept:
        """What is stored of a tracker that this store has not made.

        One that begins with the end of what is stored goes on from there; of any other all
        events are new. Nothing stored is ever taken away by saving.
        """
        sender_id = tracker.sender_id
        seq = await self._do(lambda store: store.last_seq(sender_id))
        if not seq or not tracker.events:
            return Kept(None, seq)
        loaded = await self._do(lambda store: store.load_all(sender_id))
        stored = [_key(event) for event in loaded.events] if loaded else []
        own = [event for event in tracker.events if not conversation_window.is_carried(event)]
        keys = [_key(event) for event in own]
        for start, key in enumerate(stored):
            if key == keys[0] and stored[start:] == keys[: len(stored) - start]:
                return Kept(own[len(stored) - start - 1], seq)
        return Kept(None, seq)


def _key(event: Event) -> tuple[str, float | None]:
    return event.type_name, event.timestamp


def _kept(tracker: DialogueStateTracker) -> Kept | None:
    kept: Kept | None = getattr(tracker, _KEPT, None)
    if kept is None or kept.last is None:
        return kept
    # Events can be replaced as a whole from outside; then nothing is known any more.
    return kept if any(event is kept.last for event in reversed(tracker.events)) else None


def _keep(tracker: DialogueStateTracker, kept: Kept) -> None:
    setattr(tracker, _KEPT, kept)


def _is_saved(tracker: DialogueStateTracker) -> bool:
    kept: Kept | None = getattr(tracker, _KEPT, None)
    return kept is not None and bool(tracker.events) and tracker.events[-1] is kept.last


def _events_after(tracker: DialogueStateTracker, last: Event | None) -> list[Event]:
    new: list[Event] = []
    for event in reversed(tracker.events):
        if event is last:
            break
        if not conversation_window.is_carried(event):
            new.append(event)
    return new[::-1]
