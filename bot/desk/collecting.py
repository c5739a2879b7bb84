"""Which sentences the assistant may have got wrong: collected for `bot.desk.inbox`.

The conversations' events are read once and each wording is kept once, with why: `fallback` (not
understood), `low` (a low confidence), `close` (two intents nearly as likely), `disagreement`
(moderation and the intent say different things) and `thumbs_down`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine, Row

from bot.desk.keeping import keep_doing
from bot.desk.skills import FALLBACK_INTENTS
from bot.nlu.payload import is_payload
from bot.store import storable
from bot.store.database import insert, writing
from bot.store.feedback import answered_at
from bot.store.feedback_schema import feedback
from bot.store.schema import events
from bot.store.teaching_schema import collected, sentences

COLLECT_SECONDS = 5.0
LOW = 0.6
CLOSE = 0.15
# Events read in one transaction: a live turn waits no longer than for these.
_BATCH = 500
_JUDGED = ("abuse", "self_harm")
_TEXT_LIMIT = 400
_MICROSECONDS = 1_000_000
_READ = (events.c.id, events.c.sender_id, events.c.type_name, events.c.timestamp, events.c.data)


def collect(engine: Engine, batches: int = 50) -> int:
    """Look at the events since the last time, so many batches at most; how many were kept."""
    kept = 0
    for _ in range(batches):
        with writing(engine) as connection:
            rows = _unread(connection)
            for row in rows:
                kept += _keep(connection, row)
            if len(rows) < _BATCH:
                break
    with writing(engine) as connection:
        kept += _thumbs_down(connection)
    return kept


async def keep_collecting(engine: Engine, seconds: float = COLLECT_SECONDS) -> None:
    """Collect until cancelled, looking at the events every `seconds`."""
    await keep_doing(partial(collect, engine), "the inbox", seconds)


def key_of(text: str) -> str:
    """What two ways of writing the same sentence have in common."""
    return re.sub(r"\W+", " ", text.casefold()).strip()[:_TEXT_LIMIT]


def reasons_of(parsed: Mapping[str, Any]) -> list[str]:
    """Why a parsed message is worth a look; empty when it is not."""
    intent = parsed.get("intent") or {}
    name, confidence = str(intent.get("name") or ""), float(intent.get("confidence") or 0.0)
    found = []
    if name in FALLBACK_INTENTS:
        found.append("fallback")
    if confidence < LOW:
        found.append("low")
    flagged = bool((parsed.get("moderation") or {}).get("flagged"))
    if not flagged and _margin(parsed) < CLOSE:
        found.append("close")
    if flagged:
        # Moderation put its intent before the classifier's, which was sure of another.
        others = [float(each.get("confidence") or 0.0) for each in _ranking(parsed)[1:2]]
        if others and others[0] >= LOW:
            found.append("disagreement")
    elif parsed.get("moderation") and name in _JUDGED:
        found.append("disagreement")
    return found


def _ranking(parsed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(parsed.get("intent_ranking") or ())


def _margin(parsed: Mapping[str, Any]) -> float:
    ranked = [float(each.get("confidence") or 0.0) for each in _ranking(parsed)]
    return max(ranked[0] - ranked[1], 0.0) if len(ranked) > 1 else 1.0


def _unread(connection: Connection) -> list[Row]:
    """The next events; remembers that they have been read."""
    last = connection.execute(
        select(collected.c.last_id).where(collected.c.source == "sentences").with_for_update()
    ).scalar()
    rows = connection.execute(
        select(*_READ).where(events.c.id > (last or 0)).order_by(events.c.id).limit(_BATCH)
    ).all()
    if rows:
        _remember(connection, "sentences", rows[-1].id)
    return rows


def _remember(connection: Connection, source: str, last: int) -> None:
    connection.execute(
        insert(connection, collected)
        .values(source=source, last_id=last)
        .on_conflict_do_update(index_elements=["source"], set_={"last_id": last})
    )


def _keep(connection: Connection, row: Row, reason: str = "") -> int:
    """Keep the sentence of an event if it is worth it; how many were."""
    if row.type_name != "user":
        return 0
    data = json.loads(row.data)
    parsed = data.get("parse_data") or {}
    text = str(data.get("text") or "").strip()
    if not text or is_payload(text) or len(text) > _TEXT_LIMIT or "\n" in text or not key_of(text):
        return 0
    found = reasons_of(parsed) if parsed.get("intent") else []
    if reason:
        found = [reason, *found]
    if not found:
        return 0
    key = key_of(text)
    same = select(sentences).where(sentences.c.key == key)
    known = connection.execute(same).first()
    if known is not None:
        together = sorted({*known.reasons.split("|"), *found})
        values: dict[str, Any] = {"times": known.times + (not reason), "at": row.timestamp}
        if known.state == "open":
            values["reasons"] = "|".join(together)
        connection.execute(update(sentences).where(sentences.c.id == known.id).values(**values))
        return 0
    intent = parsed.get("intent") or {}
    connection.execute(
        insert(connection, sentences)
        .values(
            key=key,
            text=storable.text(text),
            language=parsed.get("language"),
            intent=intent.get("name"),
            confidence=float(intent.get("confidence") or 0.0),
            margin=_margin(parsed),
            reasons="|".join(sorted(found)),
            understood=storable.dump(
                {
                    "ranking": (parsed.get("intent_ranking") or [])[:5],
                    "entities": parsed.get("entities") or [],
                    "moderation": parsed.get("moderation"),
                }
            ),
            times=1,
            viewer=row.sender_id,
            event=row.id,
            at=row.timestamp,
            state="open",
        )
        .on_conflict_do_nothing()
    )
    return 1


def _thumbs_down(connection: Connection) -> int:
    """Keep what viewers wrote before an answer that they marked as bad."""
    last = connection.execute(
        select(collected.c.last_id).where(collected.c.source == "feedback")
    ).scalar()
    rows = connection.execute(
        select(feedback.c.viewer, feedback.c.message_id, feedback.c.at)
        .where(feedback.c.at > (last or 0) / _MICROSECONDS, feedback.c.verdict == "down")
        .order_by(feedback.c.at)
        .limit(_BATCH)
    ).all()
    kept = 0
    for row in rows:
        before = (
            select(*_READ)
            .where(
                events.c.sender_id == row.viewer,
                events.c.type_name == "user",
                events.c.timestamp <= answered_at(str(row.message_id), row.at),
            )
            .order_by(events.c.seq.desc())
            .limit(1)
        )
        said = connection.execute(before).first()
        if said is not None:
            kept += _keep(connection, said, "thumbs_down")
    if rows:
        # By time, not by id: whoever changes their mind changes the row.
        _remember(connection, "feedback", round(rows[-1].at * _MICROSECONDS))
    return kept
