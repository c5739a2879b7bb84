"""The catalogue at 100,000 titles: import, start-up, memory, look-up. `make bench-catalogue`

Titles, people and messages are generated from a seed, in both languages. The last line is JSON:
{"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil

SEED = 20
TITLES = 100_000
PEOPLE = 60_000
MESSAGES = 1_000
GENRES = ("Action", "Comedy", "Drama", "Horror", "Romance", "Sci-Fi", "Thriller", "Documentary")
COUNTRIES = (("United States", "English"), ("China", "Mandarin"), ("France", "French"))
# What is measured → the most it may be.
BARS = {
    "import_s": 120.0,
    "start_s": 15.0,
    "memory_mb": 300.0,
    "find_p50_ms": 2.0,
    "find_p95_ms": 15.0,
    "nearest_p50_ms": 15.0,
    "select_ms": 5.0,
}
_ONSETS = "b c d f g h j k l m n p r s t v w br ch cr dr fl gr kl pl sh st th tr".split()  # noqa: SIM905
_VOWELS = "a e i o u ai ea io ou".split()  # noqa: SIM905
_ENDS = ("", "n", "r", "s", "l", "t", "m", "nd", "ck")


def main() -> int:
    """Measure, print a table, and the bars as the last line; 0 unless it could not measure."""
    parser = argparse.ArgumentParser(description="the catalogue at 100,000 titles")
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--look-up", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look_up:
        print(json.dumps(look_up(Path(options.look_up))))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        messages = generate(folder / "titles.csv", options.titles)
        (folder / "messages.json").write_text(json.dumps(messages), encoding="utf-8")
        figures = {"import_s": import_titles(folder)}
        # In a process of its own, so that memory is what a server would need.
        child = [sys.executable, "-m", "benchmarks.catalogue", "--look-up", name]
        done = subprocess.run(child, check=True, capture_output=True, text=True)
        figures.update(json.loads(done.stdout.splitlines()[-1]))
    print(f"{options.titles:,} titles, {PEOPLE:,} people, {MESSAGES:,} messages")
    for key, value in figures.items():
        bar = f"(at most {BARS[key]:g})" if key in BARS else ""
        print(f"  {key:<16}{value:>10.2f}  {bar}")
    bars = {
        key: {"value": round(figures[key], 3), "bar": bar, "ok": figures[key] <= bar}
        for key, bar in BARS.items()
    }
    print(json.dumps({"bars": bars}))
    return 0


def generate(path: Path, count: int) -> list[str]:
    """Write a catalogue of `count` titles in our CSV format; messages that ask about it."""
    rng = random.Random(SEED)
    words = [_word(rng) for _ in range(12_000)]
    ideographs = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
    people = [f"{_word(rng).title()} {_word(rng).title()}" for _ in range(PEOPLE)]
    known: list[tuple[str, str]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = "kind,title,title_zh,year,aliases,genres,directors,cast,countries,languages"
        writer.writerow([*columns.split(","), "runtime", "score", "reviews"])
        for number in range(count):
            title = " ".join(_zipf(rng, words).title() for _ in range(rng.choice((1, 2, 2, 3, 4))))
            title_zh = "".join(rng.choices(ideographs, k=rng.randint(3, 7)))
            title_zh = title_zh if number % 2 else ""
            country, language = rng.choice(COUNTRIES)
            # Few are well known, most are not.
            reviews = int(400 / (1 + number * 1000 / count)) + 1
            cast = "|".join(_zipf(rng, people) for _ in range(8))
            genres = "|".join(rng.sample(GENRES, 2))
            alias = f"{title} {number}" if number % 10 == 0 else ""
            writer.writerow(
                [
                    *("series" if number % 12 == 0 else "film", title, title_zh),
                    *(1930 + rng.randrange(95), alias, genres, _zipf(rng, people), cast),
                    *(country, language, rng.randint(70, 190), round(rng.uniform(2, 9), 1)),
                    reviews,
                ]
            )
            known.append((title, title_zh or title))
    return [_message(rng, known, people) for _ in range(MESSAGES)]


def import_titles(folder: Path) -> float:
    """Seconds that importing titles.csv of `folder` into a new database takes."""
    from bot.catalogue.importing import import_source
    from bot.store.database import engine, migrate

    store = engine(f"sqlite:///{folder / 'usher.db'}")
    migrate(store)
    started = time.perf_counter()
    import_source("csv", folder / "titles.csv", store, 0, scratch_dir=folder / "scratch")
    return time.perf_counter() - started


def look_up(folder: Path) -> dict[str, float]:
    """Figures of a process that loads the catalogue in `folder` and looks things up."""
    from bot.catalogue.catalogue import Catalogue
    from bot.catalogue.filters import Filters
    from bot.catalogue.names import NameIndex
    from bot.store.database import engine

    messages = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
    process = psutil.Process()
    before = process.memory_info().rss
    started = time.perf_counter()
    catalogue = Catalogue.load(engine(f"sqlite:///{folder / 'usher.db'}"))
    loaded = time.perf_counter()
    names = NameIndex(catalogue)
    ready = time.perf_counter()
    memory = (process.memory_info().rss - before) / 1e6
    find = list(_milliseconds(names.find, messages))
    nearest = list(_milliseconds(names.nearest, [m[:40] for m in messages[:200]]))
    wish = Filters(
        genres=("Comedy",), not_genres=("Horror",), year_from=1990, runtime_max=120,
        countries=("France",), score_min=6.0,
    )  # fmt: skip
    select = list(_milliseconds(catalogue.select, [wish] * 50))
    return {
        "load_s": loaded - started,
        "index_s": ready - loaded,
        "start_s": ready - started,
        "memory_mb": memory,
        "names": float(len(names)),
        "found_share": sum(bool(names.find(message)) for message in messages) / len(messages),
        "find_p50_ms": float(np.percentile(find, 50)),
        "find_p95_ms": float(np.percentile(find, 95)),
        "nearest_p50_ms": float(np.percentile(nearest, 50)),
        "select_ms": float(np.percentile(select, 50)),
    }


def _milliseconds(call: Callable[..., object], arguments: Sequence[object]) -> Iterator[float]:
    for argument in arguments:
        started = time.perf_counter()
        call(argument)
        yield 1000 * (time.perf_counter() - started)


def _word(rng: random.Random) -> str:
    return "".join(
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_ENDS)
        for _ in range(rng.choice((1, 2, 2, 3)))
    )


def _zipf(rng: random.Random, things: Sequence[str]) -> str:
    """One of `things`, the first ones much more often."""
    return things[int(len(things) * rng.random() ** 3)]


def _message(rng: random.Random, known: list[tuple[str, str]], people: list[str]) -> str:
    title, title_zh = known[int(len(known) * rng.random() ** 2)]
    typo = title[:3] + title[4:]
    return rng.choice(
        (
            f"who directed {title.lower()}?",
            f"something like {title} but funnier",
            f"films with {_zipf(rng, people)} from the 90s",
            f"is {typo.lower()} any good",
            f"《{title_zh}》谁演的",
            f"类似{title_zh}的电影",
            "a funny sci-fi from the 90s under two hours, not animated",
            "有什么好看的悬疑片，不要恐怖的",
            "how do I change the subtitles on my television",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
