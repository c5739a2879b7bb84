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
    ActionReverted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUtteranceReverted,
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


def shorten(
    tracker: DialogueStateTracker, slots: Iterable[Slot], bound: int
) -> tuple[DialogueStateTracker, Carried, int] | None:
    """A tracker with a shorter window in the same state.

    Args:
        tracker: the tracker, whose window may have grown too long.
        slots: the domain's slots.
        bound: the most events to keep.

    Returns:
        The shorter tracker, the state it begins with, and how many events its window has; None
        when the tracker may stay as it is.
    """
    found = _cut(tracker, bound)
    if found is None:
        return None
    begin, carried = found
    window = list(tracker.events)[begin:]
    shorter = build(tracker.sender_id, slots, carried, window)
    same_session = carried != Carried() or not _begins_session(window[0])
    if same_session and not _same_state(tracker, shorter) and begin <= 8 * bound:
        # Something in the window takes back more than the window holds. Wait until it has passed.
        return None
    return shorter, carried, len(window)


def _cut(tracker: DialogueStateTracker, bound: int) -> tuple[int, Carried] | None:
    """The index into `tracker.events` where a shorter window begins, and the state before it."""
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
        if _begins_session(events[index]):
            return index
    return -1


def _boundary(events: Sequence[Event], first: int, bound: int) -> int | None:
    """The beginning of a turn such that about half of the bound is left."""
    count = len(events)
    best: int | None = None
    user_next = False
    for index in range(count - 1, first, -1):
        event = events[index]
        if user_next and _is_listen(event):
            if best is not None and count - index > bound // 2:
                break
            best = index
        if isinstance(event, UserUttered | ActionExecuted | UserUtteranceReverted | ActionReverted):
            user_next = isinstance(event, UserUttered)
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


def _begins_session(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME


def _same_state(one: DialogueStateTracker, other: DialogueStateTracker) -> bool:
    return (
        one.current_slot_values() == other.current_slot_values()
        and one.is_paused() == other.is_paused()
        and one.active_loop_name == other.active_loop_name
    )


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
