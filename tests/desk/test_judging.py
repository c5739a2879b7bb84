"""Flags, the moderators' queue, appeals, and what the decisions are good for."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.desk import judgements
from bot.desk.flags import REASONS, Flags
from bot.desk.moderating import Moderating
from bot.desk.people import Person, Refused
from bot.store.cases import CaseStore
from bot.store.messages import Outbox
from models.moderation.dataset import own
from models.moderation.labels import read_file

MEI, TOM = Person("mei@example.org", "Mei"), Person("tom@example.org", "Tom")


def case(engine: Engine, words: str = "you idiot", category: str = "insult") -> int:
    return CaseStore(engine).record("v1", "abuse", category, 0.9, words, (4, 9))


def test_flags_have_a_closed_list_of_reasons(engine: Engine) -> None:
    flags = Flags(engine)
    numbers = [flags.put("v1", reason, MEI, note="call 13812345678") for reason in REASONS]
    assert flags.put("v1", REASONS[0], TOM) == numbers[0]
    assert len(flags.open()) == len(REASONS)
    assert flags.open(REASONS[1])[0].note == "call [phone]"
    assert flags.open(after=numbers[-2])[0].id == numbers[-1]
    for arguments in (("v1", "because", MEI), ("v1", REASONS[0], MEI, 7)):
        with pytest.raises(Refused):
            flags.put(*arguments)
    assert flags.close(numbers[0], TOM) and not flags.close(numbers[0], MEI)
    assert flags.of("v1")[0].closed_by == TOM.id


def test_a_case_is_upheld_dismissed_or_escalated(engine: Engine) -> None:
    queue = Moderating(engine)
    first, second = case(engine), case(engine, "you fool")
    assert queue.get(first).parts == ("you ", "idiot", "")
    assert [each.id for each in queue.page()] == [first, second]
    assert [each.id for each in queue.page(after=first)] == [second]
    queue.decide(first, "upheld", MEI, seen=0)
    decision = queue.decide(second, "escalated", MEI, seen=0, note="unsure")
    assert queue.page() == [] and queue.counts() == {"open": 0, "escalated": 1, "appealed": 0}
    with pytest.raises(Refused, match="same_person"):
        queue.decide(second, "upheld", MEI, seen=decision)
    queue.decide(second, "dismissed", TOM, seen=decision)
    assert [each.id for each in queue.page("decided")] == [second, first]
    for verdict, category in (("perhaps", None), ("upheld", "rudeness")):
        with pytest.raises(Refused):
            queue.decide(first, verdict, TOM, seen=1, category=category)


def test_of_two_who_decide_at_once_one_is_told_so(engine: Engine) -> None:
    for _ in range(5):
        number, gate = case(engine), threading.Barrier(4)

        def attempt(n: int, number: int = number, gate: threading.Barrier = gate) -> str:
            gate.wait()
            try:
                Moderating(engine).decide(number, "upheld", Person(f"p{n}", "P"), seen=0)
            except Refused as refused:
                return refused.code
            return "decided"

        with ThreadPoolExecutor(4) as pool:
            outcomes = sorted(pool.map(attempt, range(4)))
        assert outcomes == ["changed"] * 3 + ["decided"]


@pytest.mark.parametrize(
    ("verdict", "words"), [("dismissed", "was a mistake"), ("upheld", "warning stands")]
)
def test_an_appeal_is_answered_by_somebody_else(engine: Engine, verdict: str, words: str) -> None:
    number, queue = case(engine), Moderating(engine)
    decision = queue.decide(number, "upheld", MEI, seen=0)
    assert CaseStore(engine).appeal("v1", "en", "it was a quote") == number
    assert CaseStore(engine).appeal("v1", "en", "again") == number
    (found,) = queue.page("appealed")
    assert (found.appeal_text, found.appeal_open) == ("it was a quote", True)
    with pytest.raises(Refused, match="same_person"):
        queue.decide(number, verdict, MEI, seen=decision)
    queue.decide(number, verdict, TOM, seen=decision)
    assert queue.counts()["appealed"] == 0
    assert words in Outbox(engine).after("v1")[0][1]["text"]


def test_a_dismissed_case_counts_no_more(engine: Engine) -> None:
    cases = CaseStore(engine)
    numbers = [case(engine) for _ in range(3)]
    Moderating(engine).decide(numbers[-1], "dismissed", MEI, seen=0)
    assert cases.recent_count("v1", "abuse", 0.0) == 2
    assert cases.appeal("v1", "en") is None
    assert cases.appeal("somebody else", "en") is None


def test_figures_tell_agreement_and_reversals_by_category(engine: Engine) -> None:
    queue = Moderating(engine)
    fine = [case(engine, f"you idiot {n}") for n in range(3)]
    wrong = case(engine, "Kill Bill is brutal", "threat")
    for number in fine:
        queue.decide(number, "upheld", MEI, seen=0)
    decision = queue.decide(wrong, "upheld", MEI, seen=0)
    CaseStore(engine).appeal("v1", "en")
    queue.decide(wrong, "dismissed", TOM, seen=decision)
    case(engine, "not decided")
    found = judgements.figures(engine)
    assert found["all"].decided == 4
    assert found["all"].agreement == 0.75 and found["all"].reversal == 0.25
    assert found["insult"].agreement == 1.0 and found["insult"].reversal == 0.0
    assert found["threat"].agreement == 0.0 and found["threat"].granted == 1


def test_labels_can_be_read_by_the_moderation_model(engine: Engine, tmp_path: Path) -> None:
    queue = Moderating(engine)
    queue.decide(case(engine, "you\tidiot\nreally"), "upheld", MEI, seen=0)
    queue.decide(case(engine, "# [Kill] Bill {is} brutal", "threat"), "dismissed", MEI, seen=0)
    queue.decide(case(engine, "想死你了", "self_harm"), "dismissed", MEI, seen=0)
    queue.decide(case(engine, "pay me", "insult"), "upheld", MEI, seen=0, category="spam")
    queue.decide(case(engine, "unsure"), "escalated", MEI, seen=0)
    path = tmp_path / "labels.tsv"
    path.write_text("".join(judgements.export(engine, "tsv")), encoding="utf-8")
    texts, truth = read_file(path)
    assert list(zip(texts, truth.tolist(), strict=True)) == [
        ("you idiot really", 1),
        ("# [Kill] Bill {is} brutal", 0),
        ("想死你了", 0),
        ("pay me", 0),
    ]
    rows = [json.loads(line) for line in judgements.export(engine, "jsonl")]
    assert [row["category"] for row in rows] == ["insult", "none", "none", "spam"]
    (tmp_path / "sentences").mkdir()
    written = "".join(judgements.export(engine, "txt"))
    (tmp_path / "sentences" / "desk.txt").write_text(written, encoding="utf-8")
    examples = {each.text: each for each in own(tmp_path / "sentences")}
    assert examples["you idiot really"].viewer == 1 and examples["pay me"].spam == 1
    assert examples["Kill] Bill is brutal"].viewer == 0
