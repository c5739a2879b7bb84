from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.words import (
    marked,
    parse,
    postgresql_queries,
    postgresql_words,
    sqlite_query,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Something Funny!", ["something", "funny"]),
        ("科幻片", ["科幻", "幻片", "片"]),
        ("看Dune沙丘2", ["看", "dune", "沙丘", "丘", "2"]),
        ("Amélie ＡＢＣ", ["amelie", "abc"]),
        ("片", ["片"]),
        ("", []),
    ],
)
def test_words_of_both_languages(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("科幻", '("科幻")'),
        ("片", '("片"*)'),
        ("科幻片 funny", '("科幻 幻片" AND "funny")'),
        ('"something funny"', '("something funny")'),
        ('"看 Dune"', '("看 dune")'),
        ('"科幻 Dune"', '("科幻 幻 dune")'),
        ("fun*", '("fun"*)'),
        ("funny -horror", '("funny") NOT "horror"'),
        ('" OR 1=1; DROP', '("or 1 1 drop")'),
        ("NEAR(a, b) AND", '("near" AND "a" AND "b" AND "and")'),
        ("-horror", None),
        ("!!!", None),
    ],
)
def test_queries(query: str, expected: str | None) -> None:
    assert sqlite_query(parse(query)) == expected


def test_what_was_found_is_marked() -> None:
    text = "I want a 科幻片, something  Funny and funnier"
    pieces = marked(text, parse('科幻 "something funny" funn*'))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, hit in pieces if hit] == ["科幻", "something  Funny", "funnier"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_and_no_query_breaks_anything(text: str, query: str) -> None:
    terms = parse(query)
    assert "".join(piece for piece, _ in marked(text, terms)) == text
    for written, _ in postgresql_queries(terms):
        assert written.count("'") % 2 == 0 and "\\" not in written
    assert postgresql_words([text]).count("'") % 2 == 0
