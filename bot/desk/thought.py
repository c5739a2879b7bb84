"""What Usher thought of one message, ready to be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk.turns import Recommended, Turn

_RANKED = 5
# Slots that hold the state of the talk; the rest of Rasa's own is left out.
_HIDDEN = frozenset({"session_started_metadata", "requested_slot"})


@dataclass(frozen=True)
class Piece:
    """A stretch of the message: what was found in it (`kind`, `detail`), or plain."""

    text: str
    kind: str = ""
    detail: str = ""


@dataclass(frozen=True)
class SlotChange:
    """A slot before and after the turn, as short JSON; the same twice where it stayed."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether this turn set it."""
        return self.before != self.after


@dataclass(frozen=True)
class Thought:
    """What was understood of a message and what followed from it.

    Times are in milliseconds: `understanding` from its arrival to its being understood, `acting`
    from then to the end of the answer; None where it is not known.
    """

    turn: Turn
    ranking: Sequence[tuple[str, float]]
    pieces: Sequence[Piece]
    entities: Sequence[Mapping[str, str]]
    slots: Sequence[SlotChange]
    suspicious: Sequence[Piece]
    score: float | None
    category: str
    reason: str
    flagged: bool
    actions: Sequence[Mapping[str, Any]]
    recommended: Sequence[Recommended]
    understanding: float | None
    acting: float | None


def thought(turn: Turn) -> Thought:
    """What Usher thought of a turn's message."""
    text = str(turn.parsed.get("text") or "")
    verdict = turn.moderation
    flagged = bool(verdict.get("flagged"))
    score = verdict.get("score")
    return Thought(
        turn=turn,
        ranking=[
            (str(each["name"]), float(each.get("confidence") or 0.0))
            for each in (turn.parsed.get("intent_ranking") or ())[:_RANKED]
            if each.get("name")
        ],
        pieces=_pieces(text, [(e, str(e.get("entity"))) for e in turn.entities]),
        entities=[_entity(each) for each in turn.entities],
        slots=_slots(turn.before, turn.after),
        suspicious=_suspicious(text, verdict.get("span") if flagged else None),
        score=float(score) if isinstance(score, int | float) else None,
        category=str(verdict.get("category") or ""),
        reason=str(verdict.get("reason") or ""),
        flagged=flagged,
        actions=turn.actions,
        recommended=turn.recommended,
        understanding=_between(turn.received, turn.at),
        acting=_between(turn.at, turn.answered_at),
    )


def _between(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else round(max(end - begin, 0.0) * 1000, 1)


def _pieces(text: str, found: Sequence[tuple[Mapping[str, Any], str]]) -> list[Piece]:
    """The text with what was found in it; of two that overlap the first."""
    pieces: list[Piece] = []
    end = 0
    for entity, kind in sorted(found, key=lambda each: _place(each[0], "start", 0)):
        start, stop = _place(entity, "start", -1), _place(entity, "end", -1)
        if not end <= start < stop <= len(text):
            continue
        pieces += (Piece(text[end:start]), Piece(text[start:stop], kind, _short(entity["value"])))
        end = stop
    pieces.append(Piece(text[end:]))
    return [piece for piece in pieces if piece.text]


def _place(entity: Mapping[str, Any], name: str, default: int) -> int:
    value = entity.get(name)
    return value if isinstance(value, int) else default


def _entity(entity: Mapping[str, Any]) -> dict[str, str]:
    shown = {
        "entity": str(entity.get("entity")),
        "value": _short(entity.get("value")),
        "id": _short(entity["id"]) if entity.get("id") else "",
        "negated": "yes" if entity.get("negated") else "",
        "extractor": str(entity.get("extractor") or ""),
    }
    sure = entity.get("score", entity.get("confidence_entity"))
    shown["confidence"] = f"{sure:.2f}" if isinstance(sure, int | float) else ""
    return shown


def _slots(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[SlotChange]:
    names = sorted({*before, *after} - _HIDDEN)
    made = [SlotChange(n, _short(before.get(n), 600), _short(after.get(n), 600)) for n in names]
    set_ones = [each for each in made if each.before != "–" or each.after != "–"]
    return sorted(set_ones, key=lambda each: not each.changed)


def _suspicious(text: str, span: Any) -> list[Piece]:
    if not isinstance(span, list | tuple) or len(span) != 2:
        return []
    start, end = span
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        return []
    pieces = [Piece(text[:start]), Piece(text[start:end], "span"), Piece(text[end:])]
    return [piece for piece in pieces if piece.text]


def _short(value: Any, limit: int = 120) -> str:
    if value is None or value == [] or value == "":
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[: limit - 1] + "…"
