"""A desk with something of every kind in it, made of given texts, and where its pages are."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.channels.pushing import announce
from bot.desk.annotating import Annotating
from bot.desk.answering import Answering
from bot.desk.canned import CannedReplies
from bot.desk.flags import REASONS, Flags
from bot.desk.inbox import Inbox
from bot.desk.moderating import Moderating
from bot.desk.notes import Notes
from bot.desk.people import Person, Refused
from bot.desk.projector import Projector
from bot.desk.views import SavedViews
from bot.store.cases import CaseStore
from bot.store.database import reading, writing
from bot.store.desk_schema import conversations
from bot.store.failures import FailureStore
from bot.store.faq_edits import FaqEdits
from bot.store.feedback import FeedbackStore
from bot.store.handoffs import HandoffStore
from bot.store.messages import Outbox
from bot.store.schema import cases, handoffs
from bot.store.teaching_schema import annotated, conversation_tests, sentences
from tests.console.pages_seen import paths
from tests.desk.told import Say, tell

ORDINARY = ("something funny, please", "推荐科幻片，要短一点的", "who made Heat?")
MEI, TOM = Person("901", "Mei"), Person("902", "Tom")
# Sentences that can be taught as they are.
_TAUGHT = ("zorble me a spooky flick tonight", "人工智障换个会说话的来")


def viewer_of(number: int) -> str:
    """The id of a viewer, which no page may hold."""
    return f"viewer-id-{number}-of-nobodys-business"


def fill(engine: Engine, texts: Sequence[str] = ORDINARY) -> None:
    """Put every text wherever a viewer or a member of the staff could have brought it."""
    announce(engine, "web", True)
    for number, text in enumerate(texts):
        _converse(engine, viewer_of(number), text)
    Projector(engine).follow()
    Projector(engine).count_days()
    for number, text in enumerate(texts):
        _judge(engine, viewer_of(number), text, number)
        _answer(engine, viewer_of(number), text, number)
        _teach(engine, viewer_of(number), text, number)
    for text in _TAUGHT:
        _row_of_inbox(engine, viewer_of(0), text)
    known = [each for each in Inbox(engine).page(limit=1000) if each.text in _TAUGHT]
    for each in known:
        intent = "recommend" if each.language == "en" else "talk_to_person"
        made = Annotating(engine).propose(each.id, intent, [], MEI)
        if each is known[0]:
            Annotating(engine).review(made, True, TOM)


def _converse(engine: Engine, viewer: str, text: str) -> None:
    span = [0, min(len(text), 5)]
    verdict = {"flagged": True, "category": text[:40], "score": 0.97, "span": span, "reason": text}
    found = [{"entity": text, "value": text, "start": 0, "end": span[1]}]
    tell(engine, viewer, [
        Say(text, text[:160], text, action=text[:160], cards=[(text, text, text)],
            entities=found, slots={text: text}, moderation=verdict, label=text),
        Say("hello", "greet", confidence=0.4),
        Say(text, "nlu_fallback", text, language="zh", confidence=0.2),
    ], time.time() - 7200)  # fmt: skip


def _judge(engine: Engine, viewer: str, text: str, number: int) -> None:
    kind = ("abuse", "self_harm")[number % 2]
    for again in range(3):
        made = CaseStore(engine).record(viewer, kind, text[:40], 0.9, f"{text} {again}", (0, 5))
        if again == number % 3:
            Moderating(engine).decide(made, "escalated", MEI, seen=0, note=text[:1000])
    decided = CaseStore(engine).record(viewer, "abuse", "insult", 0.9, text, (0, 5))
    Moderating(engine).decide(decided, "upheld", MEI, seen=0, note=text[:1000])
    CaseStore(engine).appeal(viewer, "en", text)
    Flags(engine).put(viewer, REASONS[number % len(REASONS)], MEI, note=text[:1000])
    FailureStore(engine).record(text, text, text)
    SavedViews(engine).save(MEI.id, f"{number}{text}", text, True)


def _answer(engine: Engine, viewer: str, text: str, number: int) -> None:
    handoff = HandoffStore(engine).open(viewer, text, "en")
    person = Person(str(800 + number), text[:160])
    if number % 3 == 1:
        Answering(engine).take_over(handoff, person)
        Answering(engine).say(handoff, person, text)
    elif number % 3 == 2:
        Answering(engine).assign(handoff, person)
    Outbox(engine).append(viewer, {"from": "agent", "agent": {"name": text}, "text": text})
    Outbox(engine).append(
        viewer, {"from": "system", "custom": {"type": "notice", "notice": text, "name": text}}
    )
    Notes(engine).add(viewer, text[:2000], person)
    with suppress(Refused):  # braces name variables there
        CannedReplies(engine).save(f"reply-{number}", {"en": text, "zh": text}, person)
    FeedbackStore(engine).judge(viewer, text, "down", "other", text)
    FeedbackStore(engine).rate_conversation(viewer, 1 + number % 5, text)


def _teach(engine: Engine, viewer: str, text: str, number: int) -> None:
    sentence = _row_of_inbox(engine, viewer, f"{text} {number}")
    with writing(engine) as connection:
        connection.execute(
            annotated.insert().values(
                sentence=sentence, intent=text[:160], entities='[[0, 3, "title"]]',
                author=text[:160], at=time.time(), comment=text,
                state=("proposed", "approved", "rejected")[number % 3],
            )
        )  # fmt: skip
        connection.execute(
            conversation_tests.insert().values(
                viewer=viewer, name=text[:200], behaviour="taught", content=text, author=MEI.id,
                at=time.time(),
            )
        )  # fmt: skip
    said = {"en": text[:120], "zh": text[:120]}
    asks = {each: [f"{text[:190]} {number}"] for each in said}
    content = {"id": f"account_{number}", "question": said, "answer": said, "ask": asks}
    FaqEdits(engine).add(content["id"], "account", content, MEI.id)


def _row_of_inbox(engine: Engine, viewer: str, text: str) -> int:
    ranking = [{"name": text, "confidence": 0.4}, {"name": "greet", "confidence": 0.3}]
    understood = {"ranking": ranking, "entities": [], "moderation": None}
    with writing(engine) as connection:
        event = connection.execute(
            select(func.max(conversations.c.id)).where(conversations.c.viewer == viewer)
        ).scalar_one()
        done = connection.execute(
            sentences.insert().values(
                key=text[:400], text=text, language="en" if text.isascii() else "zh",
                intent=text[:160], confidence=0.3, margin=0.1, reasons="low|close",
                understood=json.dumps(understood), times=2, viewer=viewer, event=event,
                at=time.time(), state="open",
            )
        )  # fmt: skip
        return int(done.inserted_primary_key[0])


def conversation(engine: Engine) -> str:
    """Where the first conversation is read."""
    with reading(engine) as connection:
        number = connection.execute(select(func.min(conversations.c.id))).scalar_one()
    return f"/conversations/{number}"


def addresses(engine: Engine, most: int = 2) -> list[str]:
    """Every page that a desk like this has; of those with a number in the address `most` each."""
    numbered = {
        "/conversations/{conversation}": conversations,
        "/handoffs/{number}": handoffs,
        "/moderation/{number}": cases,
        "/teach/{number}": sentences,
    }
    found = paths()
    with reading(engine) as connection:
        for path in paths(numbered=True):
            if path in numbered:
                rows = connection.execute(select(numbered[path].c.id)).scalars().all()
                ids = [str(each) for each in rows[:: max(len(rows) // most, 1)][:most]]
            else:
                ids = {"/people/{person}": ["1"], "/faq/{entry}": ["account_sign_in", "account_0"]}[
                    path
                ]
            found += [path[: path.index("{")] + each for each in ids]
    found.remove("/tests/new")
    number = conversation(engine).rpartition("/")[2]
    found += [
        f"/tests/new?conversation={number}",
        f"/conversations?with={number}",
        "/canned?edit=reply-0",
        "/moderation?view=decided",
        "/moderation?view=escalated",
        "/conversations?q=please&sort=unsure",
        "/nowhere",
    ]
    return found
