"""Sentences of the reference sets: the right skill by the mappings, and the spans of MIT movie."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from benchmarks.nlu import mapping, sets
from benchmarks.nlu.mapping import FALLBACK, KNOWN_TITLE, OUT_OF_SCOPE, Rule
from benchmarks.nlu.measures import share
from benchmarks.nlu.report import Report
from benchmarks.nlu.samples import Sample
from benchmarks.nlu.spans import KnownNames, measure_spans
from benchmarks.nlu.understanding import Assistant, Parsed, intent
from bot.settings import ROOT

DATA = ROOT.parent / "shared" / "data"
SEED, MIT_SAMPLES = 0, 1500
Row = TypeVar("Row")
ALARMS = frozenset({"abuse", "self_harm"})
_CLAUSE = re.compile(r"[^，,。！!；;？?]{4,}[？?]\s*$")
BARS = {
    "mit_movie": 0.90,
    "sgd_find": 0.85,
    "sgd_play": 0.85,
    "smp2019": 0.85,
    "kdconv_film": 0.80,
    "clinc150": 0.90,
    "hwu64": 0.90,
}


@dataclass(frozen=True)
class Answer:
    """A sample, the rule that says what is right for it, and what was understood."""

    sample: Sample
    rule: Rule
    parsed: Parsed

    @property
    def intent(self) -> str:
        """The intent that was understood."""
        return intent(self.parsed)

    @property
    def right(self) -> bool:
        """Whether the intent answers the sentence."""
        return self.intent in self.rule.right


def measure(
    report: Report,
    assistant: Assistant,
    known: KnownNames,
    folder: Path,
    progress: Callable[[str], None],
    limit: int | None = None,
    sample: int = SEED,
) -> None:
    """Measure every set that is in `folder`; `limit` takes that many sentences of each.

    `sample` is the seed of the samples; any other than `SEED` draws from what that one left, whose
    mistakes nobody has looked at.

    Raises:
        SetError: a file is there but not what it should be.
        MappingError: a mapping cannot be used.
    """
    both: Counter[str] = Counter()
    for name, (file, read) in sets.READERS.items():
        if not any(folder.glob(file)):
            report.skip(f"{name}: {folder / file} is not there")
            continue
        mapped = mapping.read(name)
        samples = [_with_known_title(sample, known) for sample in read(folder)]
        chosen = [(sample, mapped.rule(sample)) for sample in samples]
        chosen = [(sample, rule) for sample, rule in chosen if not rule.skip]
        most = min(limit or len(chosen), MIT_SAMPLES if name == "mit_movie" else len(chosen))
        if most < len(chosen):
            chosen = sampled(chosen, most, sample)
        progress(f"{len(chosen):,} sentences of {mapped.source}")
        parsed = assistant.parse([sample.text for sample, _ in chosen])
        answers = [Answer(s, rule, p) for (s, rule), p in zip(chosen, parsed, strict=True)]
        _skills(report, name, mapped, answers)
        if mapped.last_clause:
            _clauses(report, name, assistant, answers)
        if mapped.spans:
            measure_spans(report, name, mapped, [(a.sample, a.parsed) for a in answers], known)
        if name in ("clinc150", "hwu64"):
            both.update(right=sum(a.right for a in answers if not a.rule.aside))
            both.update(all=sum(not a.rule.aside for a in answers))
    if both["all"]:
        report.title("CLINC150 and HWU64 together")
        report.bar(
            "out_of_scope_recognised",
            "recognised as out of scope",
            both["right"] / both["all"],
            BARS["clinc150"],
        )


def sampled(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """`count` rows drawn by `seed`; any other than `SEED` draws from those that it leaves."""
    first = random.Random(SEED).sample(range(len(rows)), count)
    if seed == SEED:
        return [rows[i] for i in first]
    rest = sorted(set(range(len(rows))) - set(first))
    return [rows[i] for i in random.Random(seed).sample(rest, min(count, len(rest)))]


def _with_known_title(sample: Sample, known: KnownNames) -> Sample:
    if sample.title and ("title", sample.title) in known:
        return replace(sample, slots=sample.slots | {KNOWN_TITLE})
    return sample


def _clauses(report: Report, name: str, assistant: Assistant, answers: Sequence[Answer]) -> None:
    """The last clause of each message alone, where it still asks for the same."""
    asked: list[tuple[Sample, Answer]] = []
    for answer in answers:
        clause = _CLAUSE.search(answer.sample.text)
        if clause and not answer.rule.aside:
            alone = replace(answer.sample, text=clause[0].strip())
            if answer.rule.holds(alone):
                asked.append((alone, answer))
    parsed = assistant.parse([sample.text for sample, _ in asked])
    said = [(answer, intent(p)) for (_, answer), p in zip(asked, parsed, strict=True)]
    right = share(which in answer.rule.right for answer, which in said)
    whole = share(answer.right for answer, _ in said)
    report.value(f"{name}_last_clause", f"right, of {len(asked):,} last clauses alone", right)
    report.value(f"{name}_whole", "  the same messages, whole", whole)


def _skills(report: Report, name: str, mapped: mapping.Mapping, answers: Sequence[Answer]) -> None:
    report.title(f"{mapped.source}: {len(answers):,} sentences")
    report.row("what is said", "right", "sentences", "share")
    figures: dict[str, float] = {}
    for rule in mapped.rules:
        those = [answer for answer in answers if answer.rule.name == rule.name]
        if not those:
            continue
        right = sum(answer.right for answer in those)
        what = f"  ({rule.name})" if rule.aside else f"  {rule.name}"
        report.row(what, right, len(those), right / len(those))
        figures[rule.name] = round(right / len(those), 4)
    report.figure(f"{name}_by_rule", figures)
    counted = [answer for answer in answers if not answer.rule.aside]
    right_share = share(answer.right for answer in counted)
    report.bar(f"{name}_right", "right (without what is in brackets)", right_share, BARS[name])
    given_up = Counter(answer.intent for answer in counted)
    report.line(
        f"understood as {OUT_OF_SCOPE}: {given_up[OUT_OF_SCOPE]:,}, "
        f"{FALLBACK}: {given_up[FALLBACK]:,}"
    )
    alarms = sum(answer.intent in ALARMS for answer in answers)
    report.line(f"taken for abuse or distress, of all: {alarms:,}")
    report.figure(f"{name}_alarms", alarms)
    wrong = Counter((a.rule.name, a.intent) for a in counted if not a.right)
    for (rule_name, said), count in wrong.most_common(6):
        report.line(f"{count:5}  {rule_name} → {said}")
    for answer in answers:
        if not answer.right:
            aside = " (aside)" if answer.rule.aside else ""
            report.mistake(name, f"{answer.rule.name} → {answer.intent}{aside}", answer.sample.text)
