"""Which part of a conversation is kept at hand, and the state it begins with.

A conversation grows without bound, and Rasa goes through all of a tracker's events several times
a turn. So a tracker holds a window: the session's events, or, when they are too many, the last
whole turns. What came before is carried as events at the front (slots, an active loop, a pause),
since Rasa rebuilds every state from events and takes no other.

Cutting leaves half of the bound, so that it happens once in several turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_CARRIED = {"carried": True}


@dataclass(frozen=True)
class Carried:
    """The state at the beginning of a window.

    `slots` holds those that differ from their initial value; `action` is the latest action where
    the window does not begin with one.
    """

    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None
    paused: bool = False
    action: str | None = None

    def events(self, at: float, known: Iterable[str]) -> list[Event]:
        """The events that bring about this state; slots that are not `known` any more are left
        out."""
        known = set(known)
        made: list[Event] = [
            SlotSet(name, value, at, dict(_CARRIED))
            for name, value in self.slots.items()
            if name in known
        ]
        if self.paused:
            made.append(ConversationPaused(at, dict(_CARRIED)))
        if self.loop:
            made.append(ActionExecuted(self.loop, timestamp=at, metadata=dict(_CARRIED)))
            made.append(ActiveLoop(self.loop, at, dict(_CARRIED)))
        if self.action:
            made.append(ActionExecuted(self.action, timestamp=at, metadata=dict(_CARRIED)))
        return made


def is_carried(event: Event) -> bool:
    """Whether the event only carries state and is not part of what happened."""
    return bool(event.metadata and event.metadata.get("carried"))


def build(
    sender_id: str, slots: Iterable[Slot], carried: Carried, window: Sequence[Event]
) -> DialogueStateTracker:
    """A tracker that holds `window` and begins in the state `carried`."""
    slots = list(slots)
    at = window[0].timestamp if window else 0.0
    front = carried.events(at, [slot.name for slot in slots])
    tracker = DialogueStateTracker(sender_id, slots)
    tracker.recreate_from_dialogue(Dialogue(sender_id, [*front, *window]))
    return tracker


def cut(tracker: DialogueStateTracker, bound: int) -> tuple[int, Carried] | None:
    """Where the tracker's window should begin instead, and the state there.

    Args:
        tracker: a tracker whose events are all saved.
        bound: the most events to keep.

    Returns:
        The index into `tracker.events` and the state before it; None when the window stays.
    """
    events = list(tracker.events)
    front = next((i for i, event in enumerate(events) if not is_carried(event)), len(events))
    start = _session_start(events, front)
    begin = max(start, front)
    if len(events) - begin > bound:
        begin = _boundary(events, begin, bound) or begin
    if begin == front:
        return None
    if begin == start:
        return begin, Carried()
    return begin, _state(tracker, events[max(start, 0) : begin], events[begin])


def _session_start(events: Sequence[Event], first: int) -> int:
    for index in range(len(events) - 1, first, -1):
        event = events[index]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME:
            return index
    return -1


def _boundary(events: Sequence[Event], first: int, bound: int) -> int | None:
    """The beginning of a turn such that about half of the bound is left."""
    count = len(events)
    best: int | None = None
    user_after = False
    for index in range(count - 1, first, -1):
        event = events[index]
        if isinstance(event, UserUttered):
            user_after = True
        elif user_after and _is_listen(event):
            if best is not None and count - index > bound // 2:
                break
            best = index
    if best is not None and count - best <= bound:
        return best
    # No turn ends: a person has taken over and the bot is silent, or something else writes.
    if count - first > 2 * bound:
        for index in range(count - bound // 2, count):
            if isinstance(events[index], UserUttered):
                return index
    if count - first > 4 * bound:
        return count - bound // 2
    return best


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _state(tracker: DialogueStateTracker, before: list[Event], begins: Event) -> Carried:
    replayed = tracker.init_copy()
    replayed.recreate_from_dialogue(Dialogue(tracker.sender_id, before))
    return Carried(
        slots={
            name: slot.value
            for name, slot in replayed.slots.items()
            if slot.value != slot.initial_value
        },
        loop=replayed.active_loop_name,
        paused=replayed.is_paused(),
        action=None if _is_listen(begins) else replayed.latest_action_name,
    )
