"""Reads TMDB's JSON: one film or series a line, as its API describes them.

Used where present: credits, created_by, translations, alternative_titles, external_ids.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.catalogue import vocabulary
from bot.catalogue.bad_rows import RowError
from bot.catalogue.facts import TitleFacts
from bot.catalogue.progress import Silent
from bot.catalogue.spelling import has_ideograph
from bot.catalogue.staging import Staging
from bot.catalogue.tabular import IMDB_ID

_MOST_CAST = 15
# See imdb.VOTES_PER_REVIEW; the best known films have some 35,000 votes here.
VOTES_PER_REVIEW = 80
_CHINESE = ("CN", "SG", "HK", "TW")
Object = dict[str, Any]


def files(path: Path) -> list[Path]:
    """The file, or the `.jsonl`, `.json` and `.jsonl.gz` files of a folder.

    Raises:
        RowError: there is none.
    """
    if path.is_file():
        return [path]
    found = sorted(p for end in ("*.jsonl", "*.json", "*.jsonl.gz") for p in path.glob(end))
    if not found:
        raise RowError(f"{path} holds no .jsonl, .json or .jsonl.gz file")
    return found


def stage(path: Path, staging: Staging, progress: Silent) -> None:
    """Read the files into `staging`."""
    for file in files(path):
        rows = progress.track(_lines(file), file.name)
        staging.read(file.name, file, rows, _title, staging.put_titles)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        try:
            for line, text in enumerate(plain, 1):
                if text.strip():
                    yield line, text.decode("utf-8", errors="replace")
        except (EOFError, gzip.BadGzipFile) as error:
            raise RowError(f"{path} is damaged or cut off: {error}") from None


def _title(text: str) -> TitleFacts | None:
    try:
        return title_facts(json.loads(text))
    except json.JSONDecodeError as error:
        raise RowError(f"not JSON: {error.msg}") from None
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        if isinstance(error, RowError):
            raise
        raise RowError(f"not of the form of TMDB: {error}") from None


def title_facts(thing: Object) -> TitleFacts | None:
    """The facts of one object of TMDB's; none for an adult title.

    Raises:
        RowError: it has no title.
        TypeError, AttributeError, KeyError, ValueError: it is of another form.
    """
    if thing.get("adult"):
        return None
    series = "title" not in thing and "name" in thing
    title = (thing.get("name") if series else thing.get("title")) or ""
    if not isinstance(title, str) or not title.strip():
        raise RowError("no title")
    original = thing.get("original_name" if series else "original_title")
    date = thing.get("first_air_date" if series else "release_date") or ""
    external = thing.get("external_ids") or {}
    imdb_id = thing.get("imdb_id") or external.get("imdb_id") or ""
    crew = (thing.get("credits") or {}).get("crew") or ()
    cast = sorted((thing.get("credits") or {}).get("cast") or (), key=lambda p: p.get("order", 99))
    directors = [p["name"] for p in crew if p.get("job") == "Director"]
    if series:
        directors = [p["name"] for p in thing.get("created_by") or ()] or directors
    countries = vocabulary.countries(
        c.get("name") or "" for c in thing.get("production_countries") or ()
    )
    spoken = [
        s.get("iso_639_1") if s.get("iso_639_1") in ("cn", "zh") else s.get("english_name") or ""
        for s in thing.get("spoken_languages") or ()
    ] or [thing.get("original_language") or ""]
    others, title_zh, synopsis_zh = _other_names(thing)
    runtimes = thing.get("episode_run_time") or () if series else (thing.get("runtime"),)
    overview = thing.get("overview") or None
    chinese_overview = bool(overview) and has_ideograph(str(overview))
    votes = int(thing.get("vote_count") or 0)
    return TitleFacts(
        title=title.strip(),
        year=int(date[:4]) if date[:4].isdigit() else None,
        kind="series" if series else "film",
        imdb_id=imdb_id if IMDB_ID.match(imdb_id) else None,
        key=f"{'s' if series else 'f'}{thing['id']}",
        title_zh=title_zh,
        original_title=original if original and original not in (title, title_zh) else None,
        aliases=tuple(o for o in others if not has_ideograph(o) and o != title),
        aliases_zh=tuple(o for o in others if has_ideograph(o) and o != title_zh),
        genres=vocabulary.genres(g["name"] for g in thing.get("genres") or ()),
        directors=tuple(dict.fromkeys(directors)),
        cast=tuple(dict.fromkeys(p["name"] for p in cast[:_MOST_CAST])),
        countries=countries,
        languages=vocabulary.languages([word for word in spoken if word], countries),
        runtime=next((int(minutes) for minutes in runtimes if minutes), None),
        seasons=int(thing.get("number_of_seasons") or 0) or None,
        synopsis_en=None if chinese_overview else overview,
        synopsis_zh=overview if chinese_overview else synopsis_zh,
        score=float(thing["vote_average"]) if votes else None,
        reviews=max(1, votes // VOTES_PER_REVIEW) if votes else 0,
    )


def _other_names(thing: Object) -> tuple[list[str], str | None, str | None]:
    """Other names, the mainland Chinese title, and the Chinese synopsis."""
    others: dict[str, None] = {}
    title_zh = synopsis_zh = None
    for one in (thing.get("translations") or {}).get("translations") or ():
        data = one.get("data") or {}
        name = (data.get("title") or data.get("name") or "").strip()
        if one.get("iso_639_1") == "zh" and name and has_ideograph(name):
            others[name] = None
            if one.get("iso_3166_1") == "CN":
                title_zh, synopsis_zh = name, data.get("overview") or None
    alternatives = thing.get("alternative_titles") or {}
    for one in alternatives.get("titles") or alternatives.get("results") or ():
        name = (one.get("title") or "").strip()
        chinese = one.get("iso_3166_1") in _CHINESE and has_ideograph(name)
        if name and (chinese or (one.get("iso_3166_1") in ("US", "GB") and name.isascii())):
            others[name] = None
    return list(others), title_zh, synopsis_zh
