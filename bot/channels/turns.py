"""Runs the assistant on one message at a time for each viewer, and never leaves them waiting."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels import takeover
from bot.conversation.wording import phrase
from bot.store.failures import report

# Longer than any answer should take, shorter than a client or a proxy waits.
TURN_SECONDS = 25.0

Handler = Callable[[UserMessage], Awaitable[Any]]


class TurnFailed(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """The assistant could not answer; `failure` is the id under which it is stored."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class Turns:
    """One turn after the other for each conversation.

    Rasa's own lock asks again only once a second, which two quick messages would feel; with this
    one before it, it is free whenever all messages of a viewer come through this process.

    Args:
        handle: what runs the assistant on a message.
        seconds: how long a turn may take.
    """

    def __init__(self, handle: Handler, seconds: float = TURN_SECONDS) -> None:
        self._handle = handle
        self._seconds = seconds
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def lock(self, conversation: str) -> asyncio.Lock:
        """What is held during a turn of `conversation`."""
        lock = self._locks.get(conversation)
        if lock is None:
            self._locks[conversation] = lock = asyncio.Lock()
        return lock

    async def take(self, message: UserMessage, agent: Any) -> None:
        """Run a turn; the answer is in the message's output channel, which collects.

        The caller holds `lock(message.sender_id)`. Nothing of a failed turn is kept, so that the
        next message finds the conversation as it was.

        Raises:
            TurnFailed: the assistant raised, took too long, or had nothing to say although it
                is its turn (Rasa goes on when an action server is away); it has been logged and
                stored.
        """
        where = f"channel {message.input_channel}"
        # For the staff: what is understood when, is in the events, but not when it came.
        message.metadata = {**(message.metadata or {}), "received": time.time()}
        try:
            turn = takeover.turn(self._handle, message, agent)
            await asyncio.wait_for(turn, self._seconds)
        except asyncio.TimeoutError:
            reason = f"no answer within {self._seconds:g} s"
            raise TurnFailed(await report(where, reason, message.sender_id)) from None
        except Exception as error:
            raise TurnFailed(await report(where, error, message.sender_id)) from error
        if not message.output_channel.messages and await _should_speak(agent, message.sender_id):
            raise TurnFailed(await report(where, "no answer", message.sender_id))


async def _should_speak(agent: Any, conversation: str) -> bool:
    """Whether silence is wrong: it is right only while the assistant is paused."""
    tracker = await agent.tracker_store.retrieve(conversation)
    return tracker is None or not tracker.is_paused()


def apology(failure: str, language: str) -> str:
    """What a viewer is told about a failure."""
    return phrase("utter_failure", language, failure=failure)
