"""The twelve heaviest pages of the console with a million messages: p50 and p95 in milliseconds.

`make bench-console`, or `python -m benchmarks.console --messages 1000000`. Pages are fetched over
HTTP from a running console, whole, as staff see them; of all that are tried the twelve that took
longest are printed. Ends in one JSON line with all of them:
{"console": {database: {"filled": {…}, "pages": {page: {"p50", "p95"}}}}, "messages": n}.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy.engine import Engine

from benchmarks.console.bulk import fill
from benchmarks.console.made import GENRES, RARE
from bot import quiet
from bot.console.server import InThread
from bot.settings import Settings
from bot.store import database, staff
from bot.store.staff_sessions import OPEN, Sessions

ROUNDS = 24
HEAVIEST = 12
COMMON = ("film", "funny", "something", "推荐", "电影", "space", "科幻片", "heat")
HAN = ("片", "科", "影", "幻", "国", "导")
PAIRS = ("funny film", "科幻片 推荐", "dune space", "取消 会员", '"tom hanks"', "霸王别姬 导演")
PHRASES = ("funny heat tom old", "film dune with refund", "space one please war")
ORDERS = ("unsure", "longest", "active")
SPLITS = ("language", "channel", "version")
INTENTS = ("refine", "watchlist_add", "ask_director", "service_question", "thank", "greet")


def pages(client: Any) -> dict[str, Callable[[int], str]]:
    """The address of each page, in the round of that number."""
    deep: list[str] = ["/conversations"]
    for _ in range(30):  # a page far down, reached by its key
        found = client.get(deep[-1]).text.split('rel="next"')
        if len(found) < 2:
            break
        deep.append(found[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&"))
    newest = _ids(client)
    now = datetime.datetime.now(datetime.timezone.utc)
    days = [(now - datetime.timedelta(days=40 + n)).date().isoformat() for n in range(ROUNDS)]
    genre, rare, intent = _each(GENRES), _each(RARE), _each(INTENTS)
    return {
        "newest first": lambda n: "/conversations",
        "page thirty": lambda n: deep[-1 - n % 5],
        "common word": lambda n: f"/conversations?q={COMMON[n % len(COMMON)]}",
        "one character": lambda n: f"/conversations?q={HAN[n % len(HAN)]}",
        "words and filters": lambda n: (
            f"/conversations?q={PAIRS[n % len(PAIRS)]}&language=mixed&fallback=yes"
        ),
        "rare word": lambda n: f"/conversations?q={rare(n)}",
        "intent, entity, slot": lambda n: (
            f"/conversations?intent={intent(n)}&entity=genre={genre(n)}&slot=focus&category=insult"
        ),
        "sequence": lambda n: (
            f"/conversations?sequence=recommend > refuse > {intent(n)} > leave&language=zh"
        ),
        "nothing found": lambda n: (
            "/conversations?sequence=abuse >> handoff >> abuse&longest=2&fallback=yes"
        ),
        "least sure of a skill": lambda n: (
            f"/conversations?skill=recommend&sort=unsure&entity=genre={genre(n)}&below={60 + n}"
        ),
        "phrase, nothing found": lambda n: f'/conversations?q="{PHRASES[n % len(PHRASES)]}"',
        "words, another order": lambda n: (
            f"/conversations?q={COMMON[n % len(COMMON)]}&sort={ORDERS[n % len(ORDERS)]}"
        ),
        "thumbs and a word": lambda n: f"/conversations?q={COMMON[n % len(COMMON)]}&feedback=down",
        "thumbs, rating, language": lambda n: (
            f"/conversations?feedback=any&rating={1 + n % 5}&language=zh&sort=longest"
        ),
        "flags": lambda n: "/conversations?flag=wrong_answer&fallback=no",
        "a day long ago": lambda n: f"/conversations?since={days[n]}&until={days[n]}&below=80",
        "dashboard of 90 days": lambda n: "/dashboard?days=90",
        "dashboard of 90 days, split": lambda n: f"/dashboard?days=90&by={SPLITS[n % 3]}",
        "dashboard of a part, split": lambda n: "/dashboard?days=30&by=language&channel=web",
        "a conversation": lambda n: f"/conversations/{newest[n % len(newest)]}",
    }


def _ids(client: Any) -> list[str]:
    found = client.get("/conversations").text.split('href="/conversations/')[1:]
    return [each.split('"')[0].split("?")[0] for each in found]


def _each(values: Sequence[str]) -> Callable[[int], str]:
    return lambda n: values[n % len(values)]


def measure(url: str, messages: int, folder: Path) -> dict[str, Any]:
    """Fill a database and fetch the pages."""
    engine = database.engine(url)
    database.migrate(engine)
    filled = fill(engine, messages)
    print(f"  filled: {filled}", file=sys.stderr, flush=True)
    found: dict[str, Any] = {}
    configuration = Settings(data_dir=folder, database_url=url, secret="of the benchmark")
    with InThread(configuration, engine=engine) as console:
        client = _Client(console.url, _token(engine))
        for name, address in pages(client).items():
            client.get(address(0))
            took = []
            for number in range(ROUNDS):
                began = time.perf_counter()
                answer = client.get(address(number))
                took.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 200:
                    raise RuntimeError(f"{answer.status_code} for {address(number)}")
            took.sort()
            found[name] = {
                "p50": round(took[len(took) // 2], 1),
                "p95": round(took[min(int(len(took) * 0.95), len(took) - 1)], 1),
            }
            print(f"  {name}: {found[name]}", file=sys.stderr, flush=True)
    return {"filled": filled, "pages": found}


class _Client:
    """Fetches pages as somebody who is signed in."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.cookies.set("usher-session", token)
        self._session.headers["Accept"] = "text/html"

    def get(self, path: str) -> requests.Response:
        return self._session.get(self._url + path, timeout=60)


def _token(engine: Engine) -> str:
    with database.writing(engine) as connection:
        known = staff.add(connection, email="lead@example.org", name="Lead", role="admin")
        return Sessions(engine).open(connection, known, OPEN, "benchmark", "127.0.0.1")


@contextmanager
def _databases(kinds: Sequence[str], folder: Path) -> Iterator[list[tuple[str, str]]]:
    from tests.store.postgresql_server import NoServer, running

    made = [("sqlite", f"sqlite:///{folder / 'usher.db'}")] if "sqlite" in kinds else []
    if "postgresql" not in kinds:
        yield made
        return
    try:
        with running() as server:
            yield [*made, ("postgresql", server)]
    except NoServer as reason:
        print(f"  no PostgreSQL: {reason}", file=sys.stderr)
        yield made


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, fetch and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.console", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = parser.parse_args(arguments)
    quiet.python_and_tensorflow()
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="usher-console-") as name:
        folder = Path(name)
        kinds = options.database or ("sqlite", "postgresql")
        with _databases(kinds, folder) as found:
            for kind, url in found:
                results[kind] = measure(url, options.messages, folder)
    tried: list[dict[str, Any]] = [each["pages"] for each in results.values()]
    slowest = {page: max(each[page]["p95"] for each in tried) for page in tried[0]} if tried else {}
    heaviest = sorted(slowest, key=lambda page: -slowest[page])
    print(f"{'':28}" + "".join(f"{kind + ' p50':>16}{'p95':>9}" for kind in results) + "  (ms)")
    for page in heaviest[:HEAVIEST]:
        cells = (results[kind]["pages"][page] for kind in results)
        print(f"{page:28}" + "".join(f"{each['p50']:>16}{each['p95']:>9}" for each in cells))
    print(json.dumps({"console": results, "messages": options.messages}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
