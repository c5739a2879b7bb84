"""The trained assistant inside this process: for the server, the terminal and batch commands."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import quiet
from bot.settings import ROOT, Settings, settings

MODELS = ROOT / "models"
MODEL_PATTERN = "usher-*.tar.gz"


class NoModelError(RuntimeError):
    """There is no trained assistant yet; the message says how to make one."""


@dataclass(frozen=True)
class Answer:
    """What came of one message: what was said, what was understood, what was done."""

    texts: Sequence[str]
    buttons: Sequence[Mapping[str, str]]
    custom: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]
    intent: str
    actions: Sequence[str]
    milliseconds: float


def trained_model() -> Path:
    """The newest trained assistant.

    Raises:
        NoModelError: nothing is trained.
    """
    archives = sorted(MODELS.glob(MODEL_PATTERN), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise NoModelError(
            "no trained assistant in models/; run `make run` or `python -m bot train`"
        )
    return archives[-1]


def endpoints(configuration: Settings) -> Any:
    """Rasa's endpoints: those of endpoints.yml, with the actions in this process unless an
    action server is set."""
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    found = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    if configuration.action_url:
        found.action = EndpointConfig(url=configuration.action_url, enable_selective_domain=True)
    else:
        from bot.action_endpoint import InProcessActionEndpoint

        found.action = InProcessActionEndpoint()
    return found


async def load() -> Any:
    """The assistant as a `rasa.core.agent.Agent`, warmed up.

    Raises:
        NoModelError: nothing is trained.
    """
    quiet.python_and_tensorflow()
    archive = trained_model()
    from rasa.core.agent import load_agent

    quiet.loggers()
    agent = await load_agent(model_path=str(archive), endpoints=endpoints(settings()))
    # Rasa's own chatter stays out of commands whose output is data.
    logging.getLogger("rasa").setLevel(logging.ERROR)
    if not settings().action_url:
        from actions.services import services

        services().warm_up()
    return agent


async def answer(agent: Any, text: str, sender: str, channel: str = "terminal") -> Answer:
    """Send `text` to the assistant as `sender` by `channel` and collect what it answers."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    from bot.store.privacy import mask

    output = CollectingOutputChannel()
    began = time.perf_counter()
    message = UserMessage(mask(text), output, sender, input_channel=channel)
    replies = await agent.handle_message(message) or []
    elapsed = (time.perf_counter() - began) * 1000
    tracker = await agent.tracker_store.retrieve(sender)
    intent, actions = _last_turn(tracker)
    return Answer(
        texts=[reply["text"] for reply in replies if reply.get("text")],
        buttons=[button for reply in replies for button in reply.get("buttons") or ()],
        custom=[reply["custom"] for reply in replies if reply.get("custom")],
        messages=replies,
        intent=intent,
        actions=actions,
        milliseconds=round(elapsed, 2),
    )


def _last_turn(tracker: Any) -> tuple[str, list[str]]:
    """The intent of the last message and the actions run since."""
    actions: list[str] = []
    for event in reversed(tracker.events if tracker else ()):
        if event.type_name == "action" and event.action_name not in ("action_listen", None):
            actions.append(event.action_name)
        if event.type_name == "user":
            return (event.intent or {}).get("name") or "", actions[::-1]
    return "", actions[::-1]
