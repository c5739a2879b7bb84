"""The moderators' queue over `cases`: uphold, dismiss, escalate; viewers' appeals are answered.

Every decision stays, the newest counts. An escalated or appealed case is decided by somebody else
than whoever decided it before. A dismissed case no longer counts towards a time-out, and one that
it brought about ends with the viewer's next message (`bot.channels.takeover`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import Select

from bot.desk import outgoing
from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.judging_schema import appeals, decisions
from bot.store.privacy import mask
from bot.store.schema import cases

VERDICTS = ("upheld", "dismissed", "escalated")
CATEGORIES = ("insult", "hate", "sexual", "threat", "self_harm", "spam")
# Views of the queue, in the order they matter.
VIEWS = ("appealed", "escalated", "open", "decided")
NOTE_LIMIT = 1000
PAGE = 50


@dataclass(frozen=True)
class Case:
    """A case with its last decision (`decided`, 0: none) and the viewer's appeal."""

    id: int
    viewer: str
    kind: str
    category: str | None
    score: float
    text: str
    span: tuple[int, int] | None
    at: float
    state: str
    decided: int
    decided_by: str | None
    appeal_text: str | None
    appealed_at: float | None
    appeal_open: bool

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text before, within and after the span that speaks for the verdict."""
        start, end = self.span or (0, 0)
        return self.text[:start], self.text[start:end], self.text[end:]


class Moderating:
    """The queue.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, view: str = "open", kind: str | None = None, after: int = 0, limit: int = PAGE
    ) -> list[Case]:
        """Cases of one of `VIEWS` with numbers above `after`, oldest first; those decided with
        numbers below it, newest first."""
        query = _cases()
        if view == "appealed":
            query = query.where(appeals.c.case_id.isnot(None), appeals.c.answered_at.is_(None))
        elif view == "decided":
            query = query.where(cases.c.state.in_(("upheld", "dismissed")))
        else:
            query = query.where(cases.c.state == view)
        if kind is not None:
            query = query.where(cases.c.kind == kind)
        if view == "decided":
            query = query.order_by(cases.c.id.desc())
            query = query.where(cases.c.id < after) if after else query
        else:
            query = query.where(cases.c.id > after).order_by(cases.c.id)
        with reading(self._engine) as connection:
            return [_case(row) for row in connection.execute(query.limit(limit))]

    def get(self, case_id: int) -> Case | None:
        """One case."""
        with reading(self._engine) as connection:
            row = connection.execute(_cases().where(cases.c.id == case_id)).first()
            return None if row is None else _case(row)

    def counts(self) -> dict[str, int]:
        """How many cases wait, by view."""
        by_state = select(cases.c.state, func.count()).where(
            cases.c.state.in_(("open", "escalated"))
        )
        appealed = select(func.count()).where(appeals.c.answered_at.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(by_state.group_by(cases.c.state)).all()
            found = {row[0]: row[1] for row in rows}
            waiting = int(connection.execute(appealed).scalar_one())
        return {
            "open": found.get("open", 0),
            "escalated": found.get("escalated", 0),
            "appealed": waiting,
        }

    def decide(
        self,
        case_id: int,
        verdict: str,
        author: Person,
        seen: int,
        category: str | None = None,
        note: str = "",
    ) -> int:
        """Decide a case; the decision's number.

        Args:
            case_id: which case.
            verdict: one of `VERDICTS`.
            author: who decides.
            seen: the case's last decision that they have seen (`Case.decided`).
            category: what it is, where it is upheld; by default as the model said.
            note: why.

        Raises:
            Refused: "unknown_verdict", "unknown_category", "too_long", "not_there", "changed"
                (a colleague decided meanwhile), "same_person" (it needs somebody else).
        """
        if verdict not in VERDICTS:
            raise Refused("unknown_verdict")
        if category is not None and category not in CATEGORIES:
            raise Refused("unknown_category")
        if len(note) > NOTE_LIMIT:
            raise Refused("too_long")
        with writing(self._engine) as connection:
            locked = select(cases.c.id).where(cases.c.id == case_id).with_for_update()
            if connection.execute(locked).first() is None:
                raise Refused("not_there")
            case = _case(connection.execute(_cases().where(cases.c.id == case_id)).one())
            if case.decided != seen:
                raise Refused("changed")
            again = case.state == "escalated" or case.appeal_open
            if again and case.decided_by == author.id:
                raise Refused("same_person")
            done = connection.execute(
                decisions.insert().values(
                    case_id=case_id,
                    verdict=verdict,
                    category=(category or case.category) if verdict == "upheld" else category,
                    note=storable.text(mask(note.strip())),
                    author=author.id,
                    at=time.time(),
                )
            )
            connection.execute(update(cases).where(cases.c.id == case_id).values(state=verdict))
            if verdict != "escalated" and case.appeal_open:
                _answer(connection, case_id, granted=verdict == "dismissed")
            return int(done.inserted_primary_key[0])


def _answer(connection: Connection, case_id: int, granted: bool) -> None:
    row = connection.execute(select(appeals).where(appeals.c.case_id == case_id)).one()
    connection.execute(
        update(appeals)
        .where(appeals.c.case_id == case_id)
        .values(answered_at=time.time(), granted=int(granted))
    )
    if granted:
        outgoing.from_bot(connection, row.viewer, "utter_appeal_granted", row.language)
    else:
        outgoing.from_bot(connection, row.viewer, "utter_appeal_refused", row.language)


def _cases() -> Select:
    every = decisions.alias()
    last = select(func.max(every.c.id)).where(every.c.case_id == cases.c.id).scalar_subquery()
    return select(
        cases,
        decisions.c.id.label("decided"),
        decisions.c.author.label("decided_by"),
        appeals.c.text.label("appeal_text"),
        appeals.c.at.label("appealed_at"),
        appeals.c.answered_at,
    ).select_from(
        cases.outerjoin(decisions, decisions.c.id == last).outerjoin(
            appeals, appeals.c.case_id == cases.c.id
        )
    )


def _case(row: Row) -> Case:
    span = None if row.span_start is None else (row.span_start, row.span_end)
    return Case(
        row.id,
        row.viewer,
        row.kind,
        row.category,
        row.score,
        row.text,
        span,
        row.at,
        row.state,
        row.decided or 0,
        row.decided_by,
        row.appeal_text,
        row.appealed_at,
        row.appealed_at is not None and row.answered_at is None,
    )
