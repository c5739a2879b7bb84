"""Importing an operator's catalogue: whole or not at all, again and again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.catalogue import staging
from bot.catalogue.bad_rows import BadRows, RowError, TooManyBadRows
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.importing import Report, import_source, main
from bot.catalogue.staging import Staging
from bot.store.catalogue_schema import catalogue_ratings, catalogue_sources

ML_SMALL = Path(__file__).parents[3] / "shared" / "data" / "ratings" / "ml-latest-small"
MOVIES = """movieId,title,genres
1,Toy Story (1995),Adventure|Animation|Children
2,"American President, The (1995)",Comedy|Drama
3,"Seven (a.k.a. Se7en) (1995)",(no genres listed)
"""
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,10\n1,2,0.5,20\n2,1,5.0,30\n2,9,5.0,30\n"


@pytest.fixture
def movielens(folder: Path) -> Path:
    """A small MovieLens folder."""
    (folder / "movies.csv").write_text(MOVIES, encoding="utf-8")
    (folder / "ratings.csv").write_text(RATINGS, encoding="utf-8")
    (folder / "links.csv").write_text("movieId,imdbId,tmdbId\n1,0114709,862\n2,0112346,\n")
    return folder


def bring(kind: str, path: Path, database: Engine, max_bad: int = 0) -> Report:
    """Import with the scratch file beside `path`."""
    return import_source(kind, path, database, max_bad, scratch_dir=path.parent / "scratch")


def ratings(database: Engine) -> list[tuple[int, str, float]]:
    """The ratings that the recommender will learn from."""
    table = catalogue_ratings.c
    with database.connect() as connection:
        query = select(table.user, table.title_id, table.value).order_by(table.user, table.title_id)
        return [tuple(row) for row in connection.execute(query)]


def test_movielens_brings_titles_and_ratings(database: Engine, movielens: Path) -> None:
    report = bring("movielens", movielens, database)
    catalogue = Catalogue.load(database)
    assert (report.titles, report.ratings, report.unrated) == (3, 3, 1)
    assert catalogue.titles["tt0114709"].genres == ("Adventure", "Animation", "Family")
    assert catalogue.titles["tt0112346"].title == "The American President"
    assert catalogue.titles["seven-1995"].aliases == ("Se7en",)
    assert catalogue.titles["tt0114709"].ratings == 2
    assert ratings(database) == [
        (1, "tt0112346", 0.5),
        (1, "tt0114709", 4.0),
        (2, "tt0114709", 5.0),
    ]
    assert list((movielens.parent / "scratch").iterdir()) == []


def test_the_same_again_changes_nothing(database: Engine, movielens: Path) -> None:
    bring("movielens", movielens, database)
    before = Catalogue.load(database)
    assert bring("movielens", movielens, database).unchanged
    assert Catalogue.load(database).version == before.version


def test_a_newer_file_replaces_the_ratings_of_the_older(database: Engine, movielens: Path) -> None:
    bring("movielens", movielens, database)
    (movielens / "ratings.csv").write_text("userId,movieId,rating,timestamp\n7,1,3.0,10\n")
    report = bring("movielens", movielens, database)
    assert report.joined == 3
    assert ratings(database) == [(7, "tt0114709", 3.0)]
    assert len(Catalogue.load(database)) == 3


@pytest.mark.parametrize(
    ("files", "title_id"),
    [
        (
            {
                "movies.dat": "1::Toy Story (1995)::Animation|Children's\n",
                "ratings.dat": "1::1::5::978300760\n",
            },
            "toy-story-1995",
        ),
        (
            {
                "u.item": "1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0"
                "|0|0|0\n",
                "u.data": "1\t1\t5\t978300760\n",
            },
            "toy-story-1995",
        ),
    ],
)
def test_older_movielens_layouts(
    database: Engine, folder: Path, files: dict[str, str], title_id: str
) -> None:
    for name, content in files.items():
        (folder / name).write_text(content, encoding="latin-1")
    bring("movielens", folder, database)
    title = Catalogue.load(database).titles[title_id]
    assert set(title.genres) >= {"Animation", "Family"}
    assert ratings(database) == [(1, title_id, 5.0)]


def test_bad_rows_are_reported_and_skipped(database: Engine, movielens: Path) -> None:
    path = movielens / "ratings.csv"
    path.write_text(RATINGS + "1,3,eleven,10\n1,3,11,10\nx\n1,3,3.5,40\n")
    report = bring("movielens", movielens, database, max_bad=3)
    assert [line.split(f"{path}:")[1].split(":")[0] for line in report.bad_rows] == ["6", "7", "8"]
    assert (1, "seven-1995", 3.5) in ratings(database)


def test_too_many_bad_rows_import_nothing(
    database: Engine, movielens: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (movielens / "ratings.csv").write_text(RATINGS + "1,3,eleven,10\n" * 4)
    with pytest.raises(TooManyBadRows, match="4 bad rows, 3 allowed"):
        bring("movielens", movielens, database, max_bad=3)
    assert len(Catalogue.load(database)) == 0
    assert ratings(database) == []
    with database.connect() as connection:
        assert connection.execute(select(catalogue_sources)).first() is None


def test_an_import_that_was_cut_off_goes_on(
    database: Engine, movielens: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "BATCH", 2)
    put_ratings = Staging.put_ratings
    calls: list[int] = []

    def cut_off(self: Staging, batch: list[object]) -> None:
        calls.append(len(batch))
        if len(calls) == 2:
            raise OSError("no space left on device")
        put_ratings(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Staging, "put_ratings", cut_off)
    with pytest.raises(OSError, match="no space"):
        bring("movielens", movielens, database)
    assert len(Catalogue.load(database)) == 0
    calls[:] = [0, 0]
    bring("movielens", movielens, database)
    assert calls == [0, 0, 2]  # only the batch that was missing was read again
    assert len(ratings(database)) == 3


def test_imdb_files_are_joined(database: Engine, folder: Path) -> None:
    def write(name: str, *rows: str) -> None:
        text = "\n".join(["header", *rows]) + "\n"
        (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode()))

    write(
        "title.basics",
        "tt0113277\tmovie\tHeat\tHeat\t0\t1995\t\\N\t170\tAction,Crime",
        "tt0108778\ttvSeries\tFriends\tFriends\t0\t1994\t2004\t22\tComedy",
        "tt0000001\tshort\tCarmencita\tCarmencita\t0\t1894\t\\N\t1\tDocumentary",
        "tt0000002\tmovie\tRude\tRude\t1\t1994\t\\N\t1\tDrama",
        "tt0000003\tmovie\tBroken row",
    )
    write("title.ratings", "tt0113277\t8.3\t700000")
    write(
        "title.akas",
        "tt0113277\t1\t盗火线\tCN\t\\N\t\\N\t\\N\t0",
        "tt0113277\t2\tFuego contra fuego\tES\t\\N\t\\N\t\\N\t0",
        "tt0000001\t1\t卡门\tCN\t\\N\t\\N\t\\N\t0",
    )
    write(
        "title.principals",
        "tt0113277\t1\tnm1\tactor\t\\N\t\\N",
        "tt0113277\t2\tnm2\tactor\t\\N\t\\N",
        "tt0113277\t3\tnm3\tdirector\t\\N\t\\N",
        "tt0113277\t4\tnm4\twriter\t\\N\t\\N",
    )
    write(
        "name.basics",
        *(f"nm{n}\t{name}\t\\N\t\\N\t\\N\t\\N" for n, name in
          enumerate(("Al Pacino", "Robert De Niro", "Michael Mann", "Nobody"), 1)),
    )  # fmt: skip
    report = bring("imdb", folder, database, max_bad=1)
    catalogue = Catalogue.load(database)
    assert set(catalogue.titles) == {"tt0113277", "tt0108778"}
    heat = catalogue.titles["tt0113277"]
    assert (heat.score, heat.reviews, heat.runtime) == (8.3, 350, 170)
    assert heat.aliases_zh == ("盗火线",)
    assert (heat.directors, heat.cast) == (("michael-mann",), ("al-pacino", "robert-de-niro"))
    assert catalogue.titles["tt0108778"].kind == "series"
    assert len(report.bad_rows) == 1
    assert "9 cells expected, not 3" in report.bad_rows[0]


def test_a_cut_off_download_is_not_imported(database: Engine, folder: Path) -> None:
    rows = "".join(f"tt{n:07}\tmovie\tF{n}\tF{n}\t0\t1995\t\\N\t9\tDrama\n" for n in range(500))
    whole = gzip.compress(f"header\n{rows}".encode())
    (folder / "title.basics.tsv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RowError, match="damaged or cut off"):
        bring("imdb", folder, database)
    assert len(Catalogue.load(database)) == 0


def test_tmdb_objects_are_read(database: Engine, folder: Path) -> None:
    path = folder / "films.jsonl"
    film = {
        "id": 949,
        "imdb_id": "tt0113277",
        "title": "Heat",
        "original_title": "Heat",
        "release_date": "1995-12-15",
        "runtime": 170,
        "overview": "Obsessive thieves.",
        "genres": [{"name": "Crime"}, {"name": "Science Fiction"}],
        "production_countries": [{"name": "United States of America"}],
        "spoken_languages": [{"iso_639_1": "en", "english_name": "English"}],
        "vote_average": 7.9,
        "vote_count": 8000,
        "credits": {
            "cast": [{"name": "Robert De Niro", "order": 1}, {"name": "Al Pacino", "order": 0}],
            "crew": [{"name": "Michael Mann", "job": "Director"}],
        },
        "translations": {
            "translations": [
                {
                    "iso_639_1": "zh",
                    "iso_3166_1": "CN",
                    "data": {"title": "盗火线", "overview": ""},
                },
                {"iso_639_1": "zh", "iso_3166_1": "TW", "data": {"title": "烈火悍將"}},
            ]
        },
    }
    series = {
        "id": 1668,
        "name": "Friends",
        "first_air_date": "1994-09-22",
        "number_of_seasons": 10,
        "created_by": [{"name": "Marta Kauffman"}],
        "genres": [{"name": "Comedy"}],
        "episode_run_time": [25],
    }
    lines = [json.dumps(film), "not json", json.dumps(series), '{"id": 3}', "[1]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = bring("tmdb", path, database, max_bad=3)
    catalogue = Catalogue.load(database)
    heat = catalogue.titles["tt0113277"]
    assert (heat.title_zh, heat.aliases_zh) == ("盗火线", ("烈火悍將",))
    assert heat.cast == ("al-pacino", "robert-de-niro")
    assert (heat.countries, heat.languages) == (("United States",), ("English",))
    assert heat.genres == ("Crime", "Sci-Fi")
    friends = catalogue.titles["friends-1994-s"]
    assert (friends.seasons, friends.runtime) == (10, 25)
    assert [line.split(":")[1] for line in report.bad_rows] == ["2", "4", "5"]


def test_csv_fills_what_is_blank_and_overwrites_nothing(database: Engine, folder: Path) -> None:
    first, second = folder / "first.csv", folder / "second.csv"
    first.write_text("imdb_id,title,year,genres,cast\ntt0113277,Heat,1995,Crime,Al Pacino\n")
    second.write_text(
        "title,year,title_zh,genres,cast,runtime\nHeat,1996,盗火线,Comedy,Somebody,170\n"
        "Heat,2013,,Comedy,,\n",
        encoding="utf-8",
    )
    bring("csv", first, database)
    report = bring("csv", second, database)
    catalogue = Catalogue.load(database)
    heat = catalogue.titles["tt0113277"]
    assert (heat.title_zh, heat.genres, heat.runtime) == ("盗火线", ("Crime",), 170)
    assert heat.cast == ("al-pacino",)
    assert (report.titles, report.joined) == (2, 1)
    assert catalogue.titles["heat-2013"].genres == ("Comedy",)


@pytest.mark.parametrize("kind", ["movielens", "imdb", "tmdb", "csv"])
def test_the_wrong_folder_is_said(database: Engine, folder: Path, kind: str) -> None:
    with pytest.raises(RowError, match="holds no"):
        bring(kind, folder, database)


def test_the_command_line_reports_and_fails_clearly(
    movielens: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bot.settings import settings

    monkeypatch.setenv("USHER_DATA_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    try:
        assert main("movielens", str(movielens), 100) == 0
        assert "3 titles" in capsys.readouterr().out
        (movielens / "ratings.csv").write_text(RATINGS + "x\n")
        assert main("movielens", str(movielens), 0) == 1
        assert "nothing was imported: 1 bad rows" in capsys.readouterr().err
        assert main("imdb", str(movielens), 0) == 1
    finally:
        settings.cache_clear()


def test_a_scratch_file_of_other_content_is_not_continued(tmp_path: Path) -> None:
    path = tmp_path / "scratch.db"
    first = Staging(path, "one", BadRows())
    first.read(
        "p", path, [(1, "a")], lambda row: (row, row), lambda rows: first.put("people", rows)
    )
    first.close()
    again = Staging(path, "one", BadRows())
    assert again.count("people") == 1
    again.close()
    other = Staging(path, "two", BadRows())
    assert other.count("people") == 0
    other.discard()


@pytest.mark.skipif(not ML_SMALL.is_dir(), reason=f"{ML_SMALL} is not here")
def test_ml_latest_small(database: Engine, tmp_path: Path) -> None:
    report = import_source("movielens", ML_SMALL, database, 0, scratch_dir=tmp_path / "scratch")
    assert (report.titles, report.ratings, report.bad_rows) == (9_742, 100_836, [])
    assert report.seconds < 20
    title = Catalogue.load(database).titles["tt0111161"]
    assert (title.title, title.year, title.ratings) == ("The Shawshank Redemption", 1994, 317)
