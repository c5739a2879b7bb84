"""Coverage of our own facts, and their agreement with public reference sets. `make bench-facts`

It only measures: nothing of the sets comes into the project. The last line is JSON:
{"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks import reference_sets
from benchmarks.fact_matching import (
    Matcher,
    Tally,
    compare,
    compare_chinese_titles,
    compare_people,
)
from bot.catalogue.build import is_built
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.settings import ROOT
from bot.store.database import DatabaseUnavailable, engine

REFERENCE = ROOT.parent / "shared" / "data" / "catalogue"
CHINESE_FILMS = ROOT / "data" / "catalogue" / "chinese_films.csv"
CHINESE = frozenset(("Mandarin", "Cantonese", "Hokkien", "Shanghainese", "Hakka", "Sichuanese"))
AGREEMENT_BAR = 0.95
BARRED = {
    "director": "director",
    "year, same": "year",
    "year, off by one at most": "year_within_one",
}
Bars = dict[str, dict[str, float | bool]]


def most_rated(catalogue: Catalogue) -> list[Title]:
    """Titles by ratings and reviews known for them, the most first."""
    return sorted(catalogue.titles.values(), key=lambda t: (-(t.ratings + t.reviews), t.id))


def most_credited(catalogue: Catalogue) -> list[str]:
    """Ids of people by the number of titles they directed or played in, the most first."""
    credited = Counter(
        person for title in catalogue.titles.values() for person in {*title.directors, *title.cast}
    )
    return sorted(credited, key=lambda person: (-credited[person], person))


def chinese_films(path: Path) -> int:
    """Films in a Chinese language among our own facts."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(
            row["kind"] == "film" and bool(CHINESE & set(row["languages"].split("|")))
            for row in csv.DictReader(file)
        )


def print_coverage(catalogue: Catalogue) -> Bars:
    """Print what is known of the best known titles and people."""
    titles, people = most_rated(catalogue), most_credited(catalogue)
    named = {n: sum(bool(title.title_zh) for title in titles[:n]) for n in (500, 1000, 1500)}
    both = [bool(title.synopsis_en and title.synopsis_zh) for title in titles]
    named_people = [bool(catalogue.people[person].name_zh) for person in people]
    films, series = chinese_films(CHINESE_FILMS), sum(t.kind == "series" for t in titles)
    print(f"{len(titles):,} titles, {len(catalogue.people):,} people")
    for number, count in named.items():
        print(f"Chinese name among the {number:,} most rated titles   {count:6,}")
    print(f"films in a Chinese language (chinese_films.csv)    {films:6,}")
    print(f"series                                             {series:6,}")
    print(f"synopsis in both languages, 400 most rated titles  {sum(both[:400]):6,}")
    print(f"synopsis in both languages, all titles             {sum(both):6,}")
    print(f"Chinese name among the 600 most credited people    {sum(named_people[:600]):6,}")
    print(f"Chinese name among all people                      {sum(named_people):6,}")
    return {
        "chinese_names_1500": _bar(named[1500], 1500),
        "chinese_films": _bar(films, 250),
        "series": _bar(series, 200),
        "synopses_400": _bar(sum(both[:400]), 400),
        "people_zh_600": _bar(sum(named_people[:600]), 600),
    }


def print_agreement(catalogue: Catalogue, folder: Path) -> tuple[Bars, dict[str, Tally]]:
    """Print how far the reference sets agree with us; the bars, and every tally by name."""
    tallies: dict[str, Tally] = {}
    matcher = Matcher(catalogue)
    for name, (_, read) in reference_sets.READERS.items():
        for what, tally in compare(read(folder), matcher).items():
            tallies[f"{name}: {what}"] = tally
    chinese = compare_chinese_titles(reference_sets.read_douban(folder), matcher)
    tallies["douban: Chinese title"] = chinese
    films, people = reference_sets.read_knowledge_graph(folder)
    for what, tally in compare(films, matcher).items():
        tallies[f"knowledge graph: {what}"] = tally
    tallies["knowledge graph: person's Chinese name"] = compare_people(people, catalogue)
    print(f"\n{'agreement':44} compared   equal  share")
    bars: Bars = {}
    for name, tally in tallies.items():
        print(f"{name:44} {tally.compared:8,} {tally.equal:7,}  {tally.share:.3f}")
        source, what = name.split(": ")
        if what in BARRED and tally.compared:
            key = f"{BARRED[what]}_{source.replace(' ', '_')}"
            bars[key] = _bar(round(tally.share, 4), AGREEMENT_BAR)
    listed = reference_sets.read_titles_zh(folder)
    known = sum(bool(matcher.named(title)) for title in listed)
    print(f"\nof {len(listed):,} Chinese titles in {reference_sets.TITLES_ZH} we know {known:,}")
    return bars, tallies


def missing(folder: Path) -> list[Path]:
    """What of the reference sets is not in `folder`."""
    files = [file for file, _ in reference_sets.READERS.values()]
    wanted = [*files, reference_sets.KNOWLEDGE_GRAPH, reference_sets.TITLES_ZH]
    return [folder / file for file in wanted if not (folder / file).exists()]


def _bar(value: float, least: float) -> dict[str, float | bool]:
    return {"value": value, "bar": least, "ok": value >= least}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print coverage, agreement and the bars; 1 when something to measure is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", type=Path, default=REFERENCE, help="folder of reference sets")
    parser.add_argument("--list", type=Path, help="file to write the disagreements to")
    options = parser.parse_args(arguments)
    try:
        database = engine()
        if not is_built(database):
            print("the catalogue is not built: run `python -m bot train`", file=sys.stderr)
            return 1
        catalogue = Catalogue.load(database)
    except DatabaseUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    bars = print_coverage(catalogue)
    gone = missing(options.check)
    if gone:
        for path in gone:
            print(f"missing: {path}: agreement is not measured", file=sys.stderr)
        return 1
    more, tallies = print_agreement(catalogue, options.check)
    if options.list:
        lines = [f"{name}\t{what}" for name, t in tallies.items() for what in t.different]
        options.list.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines):,} disagreements written to {options.list}")
    print(json.dumps({"bars": bars | more}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
