"""How sentences are to be understood: one proposes, somebody else approves, together they are
exported as a patch of data/nlu."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import Select

from bot.desk.nlu_files import CannotTeachError, NluFiles, Taught, patch
from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.teaching_schema import annotated, sentences

COMMENT_LIMIT = 500
PAGE = 50


@dataclass(frozen=True)
class Annotation:
    """A sentence with what it means, as `author` says."""

    id: int
    sentence: int
    taught: Taught
    author: str
    at: float
    state: str
    reviewer: str | None
    comment: str
    understood_intent: str
    confidence: float


@dataclass(frozen=True)
class Patch:
    """A patch of data/nlu; `added` are the annotations in it, `left` those that cannot be."""

    text: str
    added: tuple[int, ...]
    left: tuple[tuple[int, str], ...]


class Annotating:
    """Annotations; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose(
        self, sentence: int, intent: str, entities: Iterable[Sequence[object]], author: Person
    ) -> int:
        """Say what a sentence means; it waits for somebody else's approval.

        Args:
            sentence: of the inbox, open.
            intent: what it asks for.
            entities: start, end and entity each, in characters of its text.
            author: who says so.

        Raises:
            Refused: "not_open" (a colleague was first), "wrong_entities", or a code of
                `NluFiles.problem`.
        """
        marks = _marks(entities)
        files = NluFiles()
        with writing(self._engine) as connection:
            row = connection.execute(
                select(sentences).where(sentences.c.id == sentence).with_for_update()
            ).first()
            if row is None or row.state != "open":
                raise Refused("not_open")
            problem = files.problem(Taught(intent, row.text, marks))
            if problem:
                raise Refused(problem)
            _set(connection, sentence, "proposed")
            done = connection.execute(
                annotated.insert().values(
                    sentence=sentence,
                    intent=intent,
                    entities=storable.dump(marks),
                    author=author.id,
                    at=time.time(),
                    state="proposed",
                )
            )
            return int(done.inserted_primary_key[0])

    def review(self, annotation: int, approve: bool, reviewer: Person, comment: str = "") -> None:
        """Approve it, or send its sentence back to the inbox.

        Raises:
            Refused: "not_open", "same_person" (nobody approves their own), or "too_long".
        """
        if len(comment) > COMMENT_LIMIT:
            raise Refused("too_long")
        with writing(self._engine) as connection:
            row = connection.execute(
                select(annotated).where(annotated.c.id == annotation).with_for_update()
            ).first()
            if row is None or row.state != "proposed":
                raise Refused("not_open")
            if row.author == reviewer.id:
                raise Refused("same_person")
            connection.execute(
                update(annotated)
                .where(annotated.c.id == annotation)
                .values(
                    state="approved" if approve else "rejected",
                    reviewer=reviewer.id,
                    reviewed_at=time.time(),
                    comment=storable.text(comment.strip()),
                )
            )
            _set(connection, row.sentence, "approved" if approve else "open")

    def of_state(self, state: str, limit: int = PAGE) -> list[Annotation]:
        """Annotations in a state, oldest first."""
        query = _joined().where(annotated.c.state == state).order_by(annotated.c.id)
        with reading(self._engine) as connection:
            return [_annotation(row) for row in connection.execute(query.limit(limit))]

    def last_of(self, sentence: int) -> Annotation | None:
        """The newest annotation of a sentence, such as one that was sent back."""
        query = _joined().where(annotated.c.sentence == sentence)
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(annotated.c.id.desc()).limit(1)).first()
            return None if row is None else _annotation(row)

    def patch(self, files: NluFiles | None = None) -> Patch:
        """What is approved and not yet in the files, as a patch."""
        files = files or NluFiles()
        before = files.texts()
        added, left = [], []
        for each in self.of_state("approved", limit=1000):
            try:
                files.add(each.taught)
                added.append(each.id)
            except CannotTeachError as error:
                left.append((each.id, error.code))
        return Patch(patch("data/nlu", before, files.texts()), tuple(added), tuple(left))

    def merged(self, numbers: Iterable[int]) -> int:
        """The patch with these is in the files now; how many were marked so."""
        marked = 0
        with writing(self._engine) as connection:
            for number in numbers:
                row = connection.execute(
                    select(annotated.c.sentence).where(
                        annotated.c.id == number, annotated.c.state == "approved"
                    )
                ).first()
                if row is None:
                    continue
                connection.execute(
                    update(annotated).where(annotated.c.id == number).values(state="exported")
                )
                _set(connection, row.sentence, "exported")
                marked += 1
        return marked


def _marks(entities: Iterable[Sequence[object]]) -> tuple[tuple[int, int, str], ...]:
    marks = []
    for each in entities:
        if len(each) != 3:
            raise Refused("wrong_entities")
        start, end, entity = each
        whole = isinstance(start, int) and isinstance(end, int)
        if not whole or isinstance(start, bool) or not isinstance(entity, str):
            raise Refused("wrong_entities")
        marks.append((int(str(start)), int(str(end)), entity))
    return tuple(sorted(marks))


def _set(connection: Connection, sentence: int, state: str) -> None:
    connection.execute(update(sentences).where(sentences.c.id == sentence).values(state=state))


def _joined() -> Select:
    return select(
        annotated, sentences.c.text, sentences.c.intent.label("said"), sentences.c.confidence
    ).join(sentences, sentences.c.id == annotated.c.sentence)


def _annotation(row: Row) -> Annotation:
    marks = tuple((start, end, entity) for start, end, entity in json.loads(row.entities))
    return Annotation(
        row.id,
        row.sentence,
        Taught(row.intent, row.text, marks),
        row.author,
        row.at,
        row.state,
        row.reviewer,
        row.comment,
        row.said or "",
        row.confidence,
    )
