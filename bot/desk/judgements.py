"""What the moderators' decisions say: figures about the model, and labels to train it with."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.engine import Engine, Row

from bot.store.database import reading
from bot.store.judging_schema import appeals, decisions
from bot.store.schema import cases

FINAL = ("upheld", "dismissed")
ABUSE = ("insult", "hate", "sexual", "threat")
FORMATS = {
    "tsv": "text/tab-separated-values",
    "jsonl": "application/x-ndjson",
    "txt": "text/plain",
}


@dataclass
class Figures:
    """Counts of decided cases.

    `agreed`: upheld in the end; `recategorised`: upheld as something else than the model said;
    `reversed`: decided otherwise than the first time; `hours`: from a case to its first decision.
    """

    decided: int = 0
    agreed: int = 0
    recategorised: int = 0
    reversed: int = 0
    appealed: int = 0
    granted: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def agreement(self) -> float | None:
        """Share of the decided cases in which the moderators agree with the model."""
        return self.agreed / self.decided if self.decided else None

    @property
    def reversal(self) -> float | None:
        """Share of the decided cases in which a decision was reversed later."""
        return self.reversed / self.decided if self.decided else None

    @property
    def median_hours(self) -> float | None:
        """Median of the hours to the first decision."""
        return statistics.median(self.hours) if self.hours else None


def figures(engine: Engine, since: float = 0.0) -> dict[str, Figures]:
    """Figures by category as the model said it, and over "all", of cases from `since` on.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    found: defaultdict[str, Figures] = defaultdict(Figures)
    _ = found["all"]
    for case, verdicts in _decided(engine, since):
        final = [each for each in verdicts if each.verdict in FINAL]
        if not final:
            continue
        for name in ("all", case.category or case.kind):
            each = found[name]
            each.decided += 1
            each.agreed += final[-1].verdict == "upheld"
            each.recategorised += (
                final[-1].verdict == "upheld" and final[-1].category != case.category
            )
            each.reversed += final[-1].verdict != final[0].verdict
            each.appealed += case.appealed_at is not None
            each.granted += case.granted == 1
            each.hours.append((verdicts[0].at - case.at) / 3600)
    return dict(found)


@dataclass(frozen=True)
class Label:
    """A message as the moderators judged it; `category` is "none" where nothing is wrong."""

    text: str
    category: str
    model: str | None
    score: float
    decided_at: float

    @property
    def label(self) -> str:
        """As `models.moderation.evaluate --file` reads it."""
        return "abuse" if self.category in ABUSE else "none"


def labels(engine: Engine) -> Iterator[Label]:
    """A label for each text that was decided, the newest decision counting, in order of time.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    newest: dict[str, Label] = {}
    for case, verdicts in _decided(engine, 0.0):
        last = verdicts[-1]
        text = " ".join(case.text.split())
        if last.verdict not in FINAL or not text:
            continue
        category = "none"
        if last.verdict == "upheld":
            category = last.category or case.category or case.kind
        before = newest.get(text)
        if before is None or before.decided_at <= last.at:
            newest[text] = Label(text, category, case.category, case.score, last.at)
    yield from sorted(newest.values(), key=lambda each: each.decided_at)


def export(engine: Engine, form: str) -> Iterator[str]:
    """The labels line by line.

    Args:
        engine: the database.
        form: "tsv" (text, label, category: what `models.moderation.evaluate` reads), "jsonl", or
            "txt" (sentences below their [category]: a file for data/moderation/sentences).

    Raises:
        DatabaseUnavailable: the database is away.
        KeyError: no such form.
    """
    if form == "tsv":
        yield "text\tlabel\tcategory\n"
        yield from (f"{each.text}\t{each.label}\t{each.category}\n" for each in labels(engine))
    elif form == "jsonl":
        for each in labels(engine):
            row = {
                "text": each.text, "label": each.label, "category": each.category,
                "model": each.model, "score": each.score, "decided_at": each.decided_at,
            }  # fmt: skip
            yield json.dumps(row, ensure_ascii=False) + "\n"
    elif form == "txt":
        by_category: defaultdict[str, list[str]] = defaultdict(list)
        for each in labels(engine):
            # Lines that begin so are headings and comments there.
            by_category[each.category].append(each.text.lstrip("#[ ").strip("{}"))
        for category, texts in sorted(by_category.items()):
            yield f"[{category}]\n"
            yield from (f"{text}\n" for text in texts if text)
    else:
        raise KeyError(form)


def _decided(engine: Engine, since: float) -> Iterator[tuple[Row, list[Row]]]:
    """Cases with their decisions, oldest first."""
    query = (
        select(
            cases.c.id, cases.c.kind, cases.c.category, cases.c.score, cases.c.text, cases.c.at,
            appeals.c.at.label("appealed_at"), appeals.c.granted,
        )
        .select_from(cases.outerjoin(appeals, appeals.c.case_id == cases.c.id))
        .where(cases.c.at >= since, cases.c.id.in_(select(decisions.c.case_id)))
        .order_by(cases.c.id)
    )  # fmt: skip
    with reading(engine) as connection:
        made: defaultdict[int, list[Row]] = defaultdict(list)
        in_time = select(decisions).join(cases).where(cases.c.at >= since)
        for row in connection.execute(in_time.order_by(decisions.c.id)):
            made[row.case_id].append(row)
        for case in connection.execute(query).all():
            yield case, made[case.id]
