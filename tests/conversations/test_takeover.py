"""A person takes over from the trained assistant and gives the conversation back."""

from __future__ import annotations

import time
import uuid

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import SessionConfig

from bot.channels import takeover
from bot.channels.pushing import announce
from bot.desk.answering import Answering
from bot.desk.moderating import Moderating
from bot.desk.people import Person
from bot.store.cases import CaseStore
from bot.store.database import engine
from tests.conversations.talk import Usher

pytestmark = pytest.mark.model
MEI = Person("1", "Mei")


class Talk:
    """A viewer who talks through a channel."""

    def __init__(self, usher: Usher) -> None:
        self.usher = usher
        self.id = f"test-{uuid.uuid4().hex}"
        announce(engine(), "terminal", True)

    def say(self, text: str) -> list[str]:
        output = CollectingOutputChannel()
        message = UserMessage(text, output, self.id, input_channel="terminal")
        agent = self.usher.agent
        self.usher.run(takeover.turn(agent.handle_message, message, agent))
        return [each.get("text") or "(card)" for each in output.messages]

    @property
    def tracker(self) -> object:
        return self.usher.run(self.usher.agent.tracker_store.retrieve(self.id))

    def slots(self) -> dict[str, object]:
        return dict(self.tracker.current_slot_values())  # type: ignore[attr-defined]


def test_the_bot_is_silent_and_goes_on_with_its_slots(usher: Usher) -> None:
    viewer, desk = Talk(usher), Answering(engine())
    assert viewer.say("recommend a comedy under 100 minutes")
    before = viewer.slots()
    assert before["shown"]
    number = desk.join(viewer.id, MEI)
    assert viewer.say("shorter, and nothing from the US") == []
    assert viewer.tracker.latest_message.intent["name"] == "refine"  # type: ignore[attr-defined]
    assert viewer.say("you stupid piece of garbage") == []
    assert CaseStore(engine()).recent_count(viewer.id, "abuse", 0.0) == 1
    assert viewer.slots() == before
    desk.give_back(number, MEI)
    assert viewer.say("who directed the first one?")
    after = viewer.slots()
    assert (after["request"], after["shown"]) == (before["request"], before["shown"])
    assert not viewer.tracker.is_paused()  # type: ignore[attr-defined]


def test_a_session_that_ends_meanwhile_does_not_wake_the_bot(
    usher: Usher, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Talk(usher)
    viewer.say("hello")
    number = Answering(engine()).join(viewer.id, MEI)
    assert viewer.say("are you there?") == []
    domain = usher.agent.processor.domain
    monkeypatch.setattr(domain, "session_config", SessionConfig(0.001, True))
    time.sleep(0.2)
    assert viewer.say("still there?") == []
    monkeypatch.undo()
    Answering(engine()).give_back(number, MEI)
    assert viewer.say("hello again")


def test_an_appeal_that_is_granted_ends_the_time_out(usher: Usher) -> None:
    viewer = Talk(usher)
    for _ in range(3):
        viewer.say("you stupid piece of garbage")
    assert viewer.slots()["timed_out_until"] > time.time()  # type: ignore[operator]
    silenced = viewer.say("recommend a comedy")
    (kept,) = viewer.say('/talk_to_person{"option": "appeal"}')
    assert "look" in kept
    (case,) = [c for c in Moderating(engine()).page("appealed") if c.viewer == viewer.id]
    Moderating(engine()).decide(case.id, "dismissed", MEI, seen=0)
    assert viewer.say("recommend a comedy") != silenced
    assert viewer.slots()["timed_out_until"] is None
