"""One viewer about whom everything is kept that can be, by the stores that keep it in life."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk.annotating import Annotating
from bot.desk.answering import Answering
from bot.desk.collecting import collect
from bot.desk.flags import Flags
from bot.desk.inbox import Inbox
from bot.desk.moderating import Moderating
from bot.desk.notes import Notes
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.store.cases import CaseStore
from bot.store.database import reading
from bot.store.feedback import FeedbackStore
from bot.store.schema import events
from tests.desk.told import Say, tell

ANA, MEI = Person("ana@example.org", "Ana"), Person("mei@example.org", "Mei")
ABUSE = {"flagged": True, "category": "insult", "score": 0.97, "span": [4, 9], "reason": "insult"}


def live(engine: Engine, viewer: str = "mei", at: float | None = None) -> None:
    """A conversation with an unsure message, abuse, feedback, flags, a decision and an appeal, a
    corrected sentence, a note, and a colleague who answers."""
    at = time.time() - 300 if at is None else at
    wish = f"recommend something blue to {viewer}"
    tell(engine, viewer, [
        Say(wish, confidence=0.3, cards=[("heat", "Heat", "like Dune")]),
        Say("you idiot", "abuse", moderation=ABUSE),
    ], at)  # fmt: skip
    with reading(engine) as connection:
        mine = events.c.sender_id == viewer
        first = select(events).where(mine, events.c.type_name == "user").order_by(events.c.id)
        said = connection.execute(first).first()
        spoken = select(events).where(mine, events.c.type_name == "bot").order_by(events.c.id)
        answer = connection.execute(spoken).first()
    store = FeedbackStore(engine)
    store.judge(viewer, f"b{round(answer.timestamp * 1_000_000)}", "down", "wrong", "too blue")
    store.rate_conversation(viewer, 2, "meh")
    Flags(engine).put(viewer, "wrong_answer", ANA, event=said.id, note="see the card")
    case = CaseStore(engine).record(viewer, "abuse", "insult", 0.97, "you idiot", (4, 9))
    CaseStore(engine).appeal(viewer, "en", "it was a joke")
    Moderating(engine).decide(case, "upheld", MEI, 0, note="not funny")
    Projector(engine).follow()
    inbox = Inbox(engine)
    collect(engine)
    unsure = next(e for e in inbox.page() if e.text == wish)
    proposed = Annotating(engine).propose(unsure.id, "recommend", [], ANA)
    Annotating(engine).review(proposed, True, MEI, "yes")
    Notes(engine).add(viewer, "likes blue films", ANA)
    announce(engine, "web", True)
    desk = Answering(engine)
    number = desk.join(viewer, ANA)
    desk.say(number, ANA, "Let me look for a bluer one.")
    desk.give_back(number, ANA)
    follower = Projector(engine)
    follower.follow()
    follower.count_days()
