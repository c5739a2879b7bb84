"""Look-up, filmographies and selection."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import shared
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.filters import Filters
from bot.catalogue.title import Person, Title

GENRE = st.sampled_from(("Comedy", "Drama", "Family", "Animation", "Horror", "War", "None such"))
COUNTRY = st.sampled_from(("France", "China", "Japan"))
LANGUAGE = st.sampled_from(("French", "Mandarin"))
PERSON = st.sampled_from(("ann", "bob", "cid"))
KIND = st.sampled_from(("film", "series"))
YEAR = st.none() | st.integers(1990, 1995)
RUNTIME = st.none() | st.integers(80, 84)
SCORE = st.none() | st.sampled_from((7.0, 7.1, 7.2))


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """A few different values."""
    return st.lists(values, max_size=2, unique=True).map(tuple)


TITLES = st.lists(
    st.builds(
        Title,
        id=st.integers(0, 20).map(lambda n: f"t{n}"),
        kind=KIND,
        title=st.just("x"),
        year=YEAR,
        genres=some(GENRE),
        directors=some(PERSON),
        cast=some(PERSON),
        countries=some(COUNTRY),
        languages=some(LANGUAGE),
        runtime=RUNTIME,
        score=SCORE,
    ),
    max_size=12,
    unique_by=lambda title: title.id,
)
FILTERS = st.builds(
    Filters,
    kinds=some(KIND),
    genres=some(GENRE),
    genres_any=some(GENRE),
    not_genres=some(GENRE),
    year_from=YEAR,
    year_to=YEAR,
    runtime_min=RUNTIME,
    runtime_max=RUNTIME,
    countries=some(COUNTRY),
    not_countries=some(COUNTRY),
    languages=some(LANGUAGE),
    not_languages=some(LANGUAGE),
    people=some(PERSON),
    not_people=some(PERSON),
    exclude=some(st.sampled_from(("t1", "t2", "no such"))),
    audience=st.sampled_from((None, "children", "family")),
    score_min=SCORE,
)


@settings(max_examples=120, deadline=None)
@given(TITLES, FILTERS)
def test_selection_means_what_filters_admit(titles: list[Title], filters: Filters) -> None:
    catalogue = Catalogue(titles)
    expected = [title for title in catalogue.titles.values() if filters.admits(title)]
    assert catalogue.select(filters) == expected


def test_the_best_known_titles_come_first(catalogue: Catalogue) -> None:
    assert next(iter(catalogue.titles)) == "tt0076759"
    assert catalogue.renown("tt0113277") > catalogue.renown("tt0093164")
    assert catalogue.renown("no such") == 0.0


def test_filmographies_are_newest_first_and_by_role() -> None:
    ann = Person("ann", "Ann")
    titles = [
        Title("a", "film", "A", 1990, directors=("ann",)),
        Title("b", "film", "B", 2000, directors=("bob",), cast=("ann",)),
        Title("c", "film", "C", None, directors=("ann",), cast=("ann", "bob")),
    ]
    catalogue = Catalogue(titles, [ann, Person("bob", "Bob")])
    assert [t.id for t in catalogue.filmography("ann")] == ["b", "a", "c"]
    assert [t.id for t in catalogue.filmography("ann", "director")] == ["a", "c"]
    assert [t.id for t in catalogue.filmography("ann", "cast")] == ["b", "c"]
    assert [t.id for t in catalogue.together(["ann", "bob"])] == ["b", "c"]
    assert catalogue.together([]) == []
    assert catalogue.filmography("nobody") == []
    assert catalogue.person("ann") == ann


def test_the_version_follows_the_content(catalogue: Catalogue) -> None:
    fewer = Catalogue(list(catalogue.titles.values())[1:], catalogue.people.values())
    assert fewer.version != catalogue.version
    again = Catalogue(catalogue.titles.values(), catalogue.people.values())
    assert again.version == catalogue.version


def test_a_catalogue_can_be_put_in_place(catalogue: Catalogue) -> None:
    shared.use(catalogue)
    try:
        assert shared.catalogue() is catalogue
        assert shared.names().find("Inception")[0].ids == ("tt1375666",)
    finally:
        shared.use(None)


@pytest.mark.parametrize("size", [20_000])
def test_selecting_takes_milliseconds(size: int) -> None:
    genres = (("Comedy",), ("Drama", "Crime"), ("Comedy", "Romance"), ("Horror",))
    catalogue = Catalogue(
        Title(f"t{n}", "film", f"T {n}", 1950 + n % 70, genres=genres[n % 4], runtime=80 + n % 60)
        for n in range(size)
    )
    wish = Filters(genres=("Comedy",), year_from=1990, year_to=1999, runtime_max=120)
    started = time.perf_counter()
    for _ in range(10):
        found = catalogue.select(wish)
    assert found
    assert (time.perf_counter() - started) / 10 < 0.025  # 5 ms on an idle machine
