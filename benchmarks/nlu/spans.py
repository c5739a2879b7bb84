"""F1 of spans: exact, without words that do not count at the ends, and overlapping.

A name is known when the catalogue has a title or a person of exactly that name, articles, case
and punctuation aside; known and other names are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.nlu.mapping import Mapping
from benchmarks.nlu.measures import Counts, matched, trimmed
from benchmarks.nlu.report import Report
from benchmarks.nlu.samples import Sample
from benchmarks.nlu.understanding import Parsed
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.spelling import fold, without_article

SPAN_BAR, KNOWN_BAR = 0.85, 0.93
_Place = tuple[int, int]


class KnownNames:
    """The names that the catalogue has, by kind."""

    def __init__(self, catalogue: Catalogue) -> None:
        titles = (
            (t.title, t.title_zh, t.original_title, *t.aliases, *t.aliases_zh)
            for t in catalogue.titles.values()
        )
        people = ((p.name, p.name_zh, *p.aliases, *p.aliases_zh) for p in catalogue.people.values())
        self._names = {
            kind: {_key(name) for names in every for name in names if name}
            for kind, every in (("title", titles), ("person", people))
        }

    def __contains__(self, named: tuple[str, str]) -> bool:
        kind, name = named
        return _key(name) in self._names.get(kind, ())


def _key(name: str) -> str:
    return fold(without_article(name))


def measure_spans(
    report: Report,
    name: str,
    mapped: Mapping,
    parses: Sequence[tuple[Sample, Parsed]],
    known: KnownNames,
) -> None:
    """Print F1 by kind of span and that of known names; the bars take the trimmed ones."""
    report.title(f"{mapped.source}: spans")
    report.row("kind", "precision", "recall", "F1", "exact F1", "overlap F1", "spans")
    figures: dict[str, object] = {}
    for kind, ours in mapped.spans.items():
        ways = {
            way: span_counts(kind, mapped, parses, way) for way in ("trimmed", "exact", "overlap")
        }
        main = ways["trimmed"]
        report.row(
            f"  {kind}",
            *(main.precision, main.recall, main.f1),
            *(ways["exact"].f1, ways["overlap"].f1, main.expected),
        )
        figures[kind] = {way: round(counts.f1, 4) for way, counts in ways.items()}
        figures[kind + "_recall"] = round(main.recall, 4)
        _note(report, name, kind, ours, mapped, parses)
    for kind in mapped.spans:
        value = float(figures[kind]["trimmed"])  # type: ignore[index]
        report.bar(f"{name}_span_f1_{kind.lower()}", f"span F1, {kind}", value, SPAN_BAR)
    report.figure(f"{name}_spans", figures)
    every = Counts()
    for entity in ("title", "person"):
        counts = known_counts(entity, mapped, parses, known)
        every += counts
        report.row(
            f"  {entity}s that the catalogue knows",
            *(counts.precision, counts.recall, counts.f1, "", "", counts.expected),
        )
        report.figure(
            f"{name}_known_{entity}",
            {
                "p": round(counts.precision, 4),
                "r": round(counts.recall, 4),
                "f1": round(counts.f1, 4),
            },
        )
    report.bar(f"{name}_known_names_f1", "F1 of known names", every.f1, KNOWN_BAR)


def expected_places(
    sample: Sample, kinds: Iterable[str], edges: frozenset[str] | None
) -> list[_Place]:
    """Places of the annotated spans of these kinds; trimmed where there are `edges`."""
    kinds = set(kinds)
    return [
        _place(sample.text, span.start, span.end, edges)
        for span in sample.spans
        if span.kind in kinds
    ]


def predicted_places(
    parsed: Parsed, text: str, entities: Iterable[str], edges: frozenset[str] | None
) -> list[_Place]:
    """Places of the entities of these kinds, each place once."""
    wanted = set(entities)
    found = (
        _place(text, entity["start"], entity["end"], edges)
        for entity in parsed.get("entities") or ()
        if entity["entity"] in wanted and entity.get("start") is not None
    )
    return list(dict.fromkeys(found))


def _place(text: str, start: int, end: int, edges: frozenset[str] | None) -> _Place:
    return (start, end) if edges is None else trimmed(text, start, end, edges)


def span_counts(
    kind: str,
    mapped: Mapping,
    parses: Sequence[tuple[Sample, Parsed]],
    way: str,
) -> Counts:
    """Counts of one kind of span, the `way` being "trimmed", "exact" or "overlap".

    What is found as the first of our entities for it counts; as another of them, only where it
    meets a span. Two kinds of span with the same first entity (actor, director) share what is
    found: what meets a span of the other kind is left out.
    """
    ours = mapped.spans[kind]
    edges = None if way == "exact" else mapped.edges
    overlap = way == "overlap"
    others = [k for k, entities in mapped.spans.items() if k != kind and entities[0] == ours[0]]
    total = Counts()
    for sample, parsed in parses:
        expected = expected_places(sample, [kind], edges)
        main = predicted_places(parsed, sample.text, ours[:1], edges)
        theirs = matched(expected_places(sample, others, edges), main, overlap)
        main = [place for index, place in enumerate(main) if index not in theirs]
        also = predicted_places(parsed, sample.text, ours[1:], edges)
        met = matched(expected, [*main, *(place for place in also if place not in main)], overlap)
        right = [index for index in met if index is not None]
        extra = sum(index >= len(main) for index in right)
        total += Counts(len(right), len(main) + extra, len(expected))
    return total


def known_counts(
    entity: str,
    mapped: Mapping,
    parses: Sequence[tuple[Sample, Parsed]],
    known: KnownNames,
) -> Counts:
    """Counts over spans whose name the catalogue has, and entities that were found in it.

    An entity that meets a span of another name (a part of a longer one, say) is wrong; so is one
    where nothing is annotated.
    """
    kinds = [kind for kind, ours in mapped.spans.items() if ours[0] == entity]
    total = Counts()
    for sample, parsed in parses:
        text = sample.text
        spans = expected_places(sample, kinds, mapped.edges)
        expected = [(s, e) for s, e in spans if (entity, text[s:e]) in known]
        found = {
            "entities": [e for e in parsed.get("entities") or () if e.get("match") != "unknown"]
        }
        predicted = predicted_places(found, text, [entity], mapped.edges)
        right = sum(index is not None for index in matched(expected, predicted))
        # A misspelt or shortened name, rightly found, is neither among the known nor a mistake.
        fuzzy = sum(
            i is not None for i in matched([p for p in spans if p not in expected], predicted)
        )
        total += Counts(right, len(predicted) - fuzzy, len(expected))
    return total


def _note(
    report: Report,
    name: str,
    kind: str,
    ours: Sequence[str],
    mapped: Mapping,
    parses: Sequence[tuple[Sample, Parsed]],
) -> None:
    """Remember missed and wrong spans."""
    same = [k for k, entities in mapped.spans.items() if entities[0] == ours[0]]
    for sample, parsed in parses:
        text = sample.text
        expected = expected_places(sample, [kind], mapped.edges)
        predicted = predicted_places(parsed, text, ours, mapped.edges)
        for (start, end), index in zip(expected, matched(expected, predicted), strict=True):
            if index is None:
                report.mistake(f"{name}, spans", f"{kind} missed", f"{text[start:end]} | {text}")
        every = expected_places(sample, same, mapped.edges)
        main = predicted_places(parsed, text, ours[:1], mapped.edges)
        met = matched(every, main)
        for index, (start, end) in enumerate(main):
            if index not in met and kind == same[0]:
                report.mistake(f"{name}, spans", f"{ours[0]} wrong", f"{text[start:end]} | {text}")
