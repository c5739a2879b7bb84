"""What the staff of a seeded desk did: they answered, judged, taught, and left some work over."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine

from bot.desk.annotating import Annotating
from bot.desk.collecting import collect
from bot.desk.inbox import Inbox
from bot.desk.moderating import Moderating
from bot.desk.people import Person, Refused
from bot.desk.skills import FALLBACK_INTENTS
from bot.store import desk_rows, storable
from bot.store.answering_schema import notes
from bot.store.cases import CaseStore
from bot.store.database import reading, writing
from bot.store.judging_schema import decisions
from bot.store.schema import cases, handoffs, outbox

MEI, JONAS = Person("Mei", "Mei"), Person("Jonas", "Jonas")
# A handoff that is younger waits still.
_WAITS_SECONDS = 1800.0
_ANSWERED = 0.75
_UNDECIDED_SECONDS = 36 * 3600.0
_TAUGHT = 6
Talks = Mapping[str, Sequence[Sequence[str]]]


def answer(
    connection: Connection, viewer: str, talks: Talks, remarks: Mapping[str, str], rng: Random
) -> None:
    """Close what the viewer has waited for: most were answered, some in vain.

    Args:
        connection: of the transaction.
        viewer: a simulated viewer.
        talks: by language, what a colleague says, line by line.
        remarks: by language, a note for colleagues.
        rng: decides.
    """
    now = time.time()
    query = select(handoffs).where(handoffs.c.viewer == viewer, handoffs.c.closed_at.is_(None))
    for row in connection.execute(query).all():
        if now - row.at < _WAITS_SECONDS:
            continue
        values: dict[str, Any] = {"closed_at": row.at + 1800, "outcome": "nobody"}
        if rng.random() < _ANSWERED:
            person = rng.choice((MEI, JONAS))
            taken = row.at + rng.uniform(20, 400)
            language = row.language if row.language in talks else "en"
            end = _say(connection, viewer, person, rng.choice(talks[language]), taken, rng)
            values = {
                "assignee": person.id, "assignee_name": person.name, "assigned_at": taken - 5,
                "taken_at": taken, "closed_at": end, "outcome": "returned",
            }  # fmt: skip
            if rng.random() < 0.5:
                note = {"viewer": viewer, "text": remarks[language], "at": end}
                who = {"author": person.id, "author_name": person.name}
                connection.execute(notes.insert().values(**note, **who))
        connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(**values))


def _say(
    connection: Connection,
    viewer: str,
    person: Person,
    lines: Sequence[str],
    at: float,
    rng: Random,
) -> float:
    """Join, say the lines and leave; when it was over."""
    _send(connection, viewer, at, _notice("person_joined", person))
    desk_rows.touch(connection, [viewer], at)
    for line in lines:
        at += rng.uniform(15, 60)
        message = {"from": "agent", "agent": {"name": person.name}, "text": line}
        _send(connection, viewer, at, message)
    _send(connection, viewer, at + 30, _notice("person_left", person))
    return at + 30


def _notice(kind: str, person: Person) -> dict[str, Any]:
    return {"from": "system", "custom": {"type": "notice", "notice": kind, "name": person.name}}


def _send(connection: Connection, viewer: str, at: float, message: Mapping[str, Any]) -> None:
    values = {"viewer": viewer, "message": storable.dump(message), "at": at}
    connection.execute(outbox.insert().values(**values))


def judge(store: Engine, prefix: str, rng: Random) -> None:
    """Decide most cases of some time ago; one viewer objects."""
    before = time.time() - _UNDECIDED_SECONDS
    query = select(cases).where(cases.c.viewer.startswith(prefix), cases.c.state == "open")
    with reading(store) as connection:
        rows = connection.execute(query.order_by(cases.c.id)).all()
    objects = next((row.id for row in reversed(rows) if row.category == "insult"), None)
    for row in rows:
        if row.at < before and row.kind == "abuse" and rng.random() < 0.8:
            verdict = "upheld" if row.score > 0.6 or rng.random() < 0.5 else "dismissed"
            number = Moderating(store).decide(row.id, verdict, JONAS, 0)
            at = row.at + rng.uniform(600, 20_000)
            with writing(store) as connection:
                mine = decisions.c.id == number
                connection.execute(update(decisions).where(mine).values(at=at))
        elif row.id == objects:
            CaseStore(store).appeal(row.viewer, "en", "I was quoting a film!")


def teach(store: Engine, prefix: str) -> None:
    """Confirm what some sentences mean; a second person approves half of them, the rest waits."""
    inbox, annotating = Inbox(store), Annotating(store)
    collect(store, 1_000)
    open_ones = [each for each in inbox.page() if each.viewer.startswith(prefix)]
    done = 0
    for sentence in reversed(open_ones):  # what is nearest to being understood
        if sentence.intent in FALLBACK_INTENTS:
            continue
        try:
            number = annotating.propose(sentence.id, sentence.intent, [], JONAS)
        except Refused:
            continue
        if done % 2:
            annotating.review(number, True, MEI)
        done += 1
        if done == _TAUGHT:
            return
