"""The queue of handoffs: one person at a time, and nobody is forgotten."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk.answering import Answering
from bot.desk.lapses import Lapsed, lapse
from bot.desk.people import Person, Refused
from bot.desk.presence import Presence
from bot.store.handoffs import HandoffStore
from bot.store.messages import Outbox

MEI, TOM = Person("mei@example.org", "Mei"), Person("tom@example.org", "Tom")


def wrote(engine: Engine, viewer: str, channel: str = "web") -> None:
    announce(engine, "web", True)
    announce(engine, "rest", False)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO events (sender_id, seq, type_name, timestamp, channel, data)"
                " VALUES (:viewer, 1, 'user', 1.0, :channel, '{}')"
            ),
            {"viewer": viewer, "channel": channel},
        )


def waiting(engine: Engine, viewer: str = "v1", channel: str = "web") -> int:
    wrote(engine, viewer, channel)
    return HandoffStore(engine).open(viewer, "asked", "en")


def told(engine: Engine, viewer: str = "v1") -> list[str]:
    return [
        (message.get("custom") or {}).get("notice") or message["text"]
        for _, message in Outbox(engine).after(viewer)
    ]


def refusal(work: object, *arguments: object) -> str | None:
    try:
        work(*arguments)  # type: ignore[operator]
    except Refused as refused:
        return refused.code
    return None


def test_a_conversation_is_taken_over_answered_and_given_back(engine: Engine) -> None:
    number = waiting(engine)
    desk = Answering(engine)
    desk.assign(number, MEI)
    assert not HandoffStore(engine).taken_over("v1")
    desk.take_over(number, MEI)
    assert HandoffStore(engine).taken_over("v1")
    desk.say(number, MEI, "Hello, how can I help?")
    desk.give_back(number, MEI)
    assert not HandoffStore(engine).taken_over("v1")
    assert told(engine) == ["person_joined", "Hello, how can I help?", "person_left"]
    messages = [message for _, message in Outbox(engine).after("v1")]
    assert messages[0]["from"] == "system" and messages[0]["custom"]["name"] == "Mei"
    assert messages[1]["from"] == "agent" and messages[1]["agent"] == {"name": "Mei"}
    assert desk.queue() == []
    assert desk.recent()[0].outcome == "returned"
    assert refusal(desk.say, number, MEI, "still there?") == "closed"


@pytest.mark.parametrize("step", ["assign", "take_over"])
def test_of_many_who_try_at_once_one_gets_it(engine: Engine, step: str) -> None:
    people = [Person(f"p{n}", f"P{n}") for n in range(8)]
    for round_ in range(5):
        number = waiting(engine, f"v{round_}")
        gate = threading.Barrier(len(people))

        def attempt(person: Person, gate: threading.Barrier = gate, number: int = number) -> str:
            gate.wait()
            return refusal(getattr(Answering(engine), step), number, person) or "mine"

        with ThreadPoolExecutor(len(people)) as pool:
            outcomes = list(pool.map(attempt, people))
        assert sorted(outcomes) == ["mine"] + ["taken"] * 7
        winner = people[outcomes.index("mine")]
        found = Answering(engine).get(number)
        assert found is not None and found.handoff.assignee == winner.id
        if step == "take_over":
            assert told(engine, f"v{round_}") == ["person_joined"]


def test_a_viewer_waits_once_however_often_they_ask_at_once(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(lambda _: HandoffStore(engine).open("v1", "asked", "en"), range(24)))
    assert len(numbers) == 1 and len(HandoffStore(engine).pending()) == 1


def test_what_is_a_colleagues_stays_theirs(engine: Engine) -> None:
    number = waiting(engine)
    desk = Answering(engine)
    desk.take_over(number, MEI)
    desk.take_over(number, MEI)  # twice is once
    assert told(engine) == ["person_joined"]
    for work, arguments in (
        (desk.assign, ()), (desk.take_over, ()), (desk.say, ("hi",)), (desk.give_back, ()),
        (desk.pass_on, (TOM,)),
    ):  # fmt: skip
        assert refusal(work, number, TOM, *arguments) in ("taken", "not_yours")
    desk.pass_on(number, MEI, TOM)
    assert not HandoffStore(engine).taken_over("v1")
    assert told(engine)[1:] == ["person_left", "person_waiting"]
    desk.take_over(number, TOM)
    assert told(engine)[3:] == ["person_joined"]
    assert refusal(desk.say, number, MEI, "me again") == "not_yours"


def test_a_channel_that_cannot_push_is_not_taken_over(engine: Engine) -> None:
    number = waiting(engine, channel="rest")
    desk = Answering(engine)
    (row,) = desk.queue()
    assert (row.channel, row.pushes) == ("rest", False)
    assert refusal(desk.take_over, number, MEI) == "no_push"
    assert not HandoffStore(engine).taken_over("v1")
    desk.assign(number, MEI)  # it can still be dealt with and closed
    desk.give_back(number, MEI)
    assert told(engine) == [] and desk.recent()[0].outcome == "dismissed"


def test_a_viewer_who_asked_for_nobody_can_be_joined(engine: Engine) -> None:
    wrote(engine, "v9")
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET language = 'zh' WHERE sender_id = 'v9'"))
    number = Answering(engine).join("v9", MEI)
    assert HandoffStore(engine).taken_over("v9")
    (taken,) = Answering(engine).queue()
    assert (taken.handoff.id, taken.handoff.language) == (number, "zh")


@pytest.mark.parametrize(("said", "code"), [(" \n", "blank"), ("x" * 4001, "too_long")])
def test_what_cannot_be_sent_is_refused(engine: Engine, said: str, code: str) -> None:
    number = waiting(engine)
    Answering(engine).take_over(number, MEI)
    assert refusal(Answering(engine).say, number, MEI, said) == code


def test_when_the_person_goes_away_the_bot_returns_and_the_viewer_waits_on(engine: Engine) -> None:
    number = waiting(engine)
    desk, presence = Answering(engine), Presence(engine)
    presence.sign(MEI, "v1")
    desk.take_over(number, MEI)
    now = time.time()
    assert lapse(engine, wait=0, away=300, now=now + 200).freed == 0
    assert lapse(engine, wait=0, away=300, now=now + 310).freed == 1
    assert lapse(engine, wait=0, away=300, now=now + 320).freed == 0
    assert not HandoffStore(engine).taken_over("v1")
    assert told(engine)[1] == "person_left" and "had to leave" in told(engine)[2]
    (row,) = desk.queue()
    assert row.handoff.assignee is None
    desk.take_over(number, TOM)


def test_somebody_who_is_there_keeps_what_is_theirs(engine: Engine) -> None:
    number = waiting(engine)
    Answering(engine).assign(number, MEI)
    with engine.begin() as connection:
        connection.execute(text("UPDATE handoffs SET assigned_at = assigned_at - 4000"))
    Presence(engine).sign(MEI)
    assert lapse(engine, wait=0, away=300).freed == 0


def test_nobody_waits_for_ever(engine: Engine) -> None:
    waiting(engine)
    now = time.time()
    assert lapse(engine, wait=1800, away=300, now=now + 800) == Lapsed(0, 0, 0)
    assert lapse(engine, wait=1800, away=300, now=now + 901) == Lapsed(0, 1, 0)
    assert lapse(engine, wait=1800, away=300, now=now + 902) == Lapsed(0, 0, 0)
    assert lapse(engine, wait=1800, away=300, now=now + 1801) == Lapsed(0, 0, 1)
    assert told(engine)[0] == "person_waiting" and "nobody has become free" in told(engine)[1]
    assert Answering(engine).recent()[0].outcome == "nobody"
    assert HandoffStore(engine).open("v1", "asked", "en") > 1


def test_lapses_happen_once_however_many_look(engine: Engine) -> None:
    for number in range(5):
        waiting(engine, f"v{number}")
    later = time.time() + 4000
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: lapse(engine, 1800, 300, later), range(8)))
    assert sum(each.closed for each in done) == 5
    assert [told(engine, f"v{n}").count("person_waiting") for n in range(5)] == [1] * 5


def test_presence_shows_who_is_here_and_what_they_read(engine: Engine) -> None:
    presence = Presence(engine)
    presence.sign(TOM, "v1")
    presence.sign(MEI, available=False)
    presence.sign(MEI, "v2")  # a sign of life leaves what she chose
    presence.sign(MEI, "v1")  # in another tab
    presence.sign(MEI)  # and the queue in a third
    here = presence.here()
    assert [(p.person.name, p.available, p.reads) for p in here] == [
        ("Mei", False, ("v1", "v2")),
        ("Tom", True, ("v1",)),
    ]
    presence.closed(MEI, "v2")
    assert presence.here()[0].reads == ("v1",)
    assert presence.here(seconds=-1) == []


def test_whoever_cannot_be_joined_is_not_left_waiting(engine: Engine) -> None:
    wrote(engine, "v1", "rest")
    wrote(engine, "v2")
    desk = Answering(engine)
    assert refusal(desk.join, "v1", MEI) == "no_push" and desk.queue() == []
    number = desk.join("v2", MEI)
    assert refusal(desk.join, "v2", TOM) == "taken"
    (waiting_,) = desk.queue()
    assert (waiting_.handoff.id, waiting_.handoff.assignee) == (number, MEI.id)
    assert told(engine, "v2") == ["person_joined"] and told(engine, "v1") == []
