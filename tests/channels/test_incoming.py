from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import incoming
from bot.channels.problem import Problem

DOMAIN = SimpleNamespace(
    intents=["recommend", "rate_title", "greet", "restart", "back", "session_start"],
    entities=["title", "rating"],
)
LIMIT = 4000


def read(text: Any, metadata: Any = None) -> incoming.Incoming:
    return incoming.read(text, metadata, DOMAIN, LIMIT)


def code(text: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as refused:
        read(text)
    return refused.value.status_code, refused.value.code


def test_an_ordinary_message_stays_as_it_is() -> None:
    assert read("  类似《盗梦空间》的，\r\nbut lighter ") == incoming.Incoming(
        "类似《盗梦空间》的，\nbut lighter", None, "zh"
    )


@pytest.mark.parametrize("text", [None, 5, ["hi"], {"text": "hi"}, True])
def test_what_is_not_text_is_refused(text: Any) -> None:
    assert code(text) == (422, "text_missing")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200b", "\x00\x01", "/", " // "])
def test_nothing_is_refused(text: str) -> None:
    assert code(text) == (422, "text_blank")


def test_a_message_that_is_too_long_is_refused() -> None:
    assert code("a" * 4001) == (413, "too_long")
    assert read("片" * 4000).text == "片" * 4000


def test_a_file_is_refused() -> None:
    assert code("\x89PNG\x00\x00\x1a\x00\x00\x01\x02\x03") == (422, "not_text")


def test_control_characters_and_turned_text_are_taken_out() -> None:
    assert read("who \x07directed\x00 \u202eHeat\u202c?").text == "who directed Heat?"


def test_personal_data_is_masked() -> None:
    assert read("mail me at alice@example.com").text == "mail me at [email]"
    assert "alice" not in str(read("/greet", {"label": "alice@example.com"}))


def test_a_payload_of_a_known_intent_is_passed_on() -> None:
    said = read('/rate_title{"title": "tt0113277", "rating": 4}', {"label": "★★★★"})
    assert said.text == '/rate_title{"title": "tt0113277", "rating": 4}'
    assert said.label == "★★★★"


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/session_start",
        "/back",
        "/unknown_intent",
        "/greet@0.1",
        '/greet{"unknown": "x"}',
        '/greet{"title": {"a": 1}}',
        '/greet{"title": "x"} and more',
        "/greet{broken}",
        "//restart",
        '/greet{"title": "' + "x" * 201 + '"}',
    ],
)
def test_any_other_slash_is_only_a_character(text: str) -> None:
    said = read(text)
    assert not said.text.startswith("/")
    assert said.label == text[:200]


def test_an_apology_is_written_in_the_language_of_the_message_or_the_page() -> None:
    assert read("你好").language == "zh"
    assert read("hello").language == "en"
    assert read("/greet", {"language": "zh"}).language == "zh"
    assert read("/greet", {"label": "看过"}).language == "zh"
    # A title on a button does not say which language its viewer speaks.
    assert read("/greet", {"label": "霸王别姬", "language": "en"}).language == "en"
    assert read("霸王别姬", {"language": "en"}).language == "zh"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(
    st.one_of(
        st.text(), st.text(alphabet='/{}":@restartg\u202e\x00 中\ud800', max_size=60), json_values
    ),
    json_values | st.fixed_dictionaries({"label": json_values, "language": json_values}),
)
def test_whatever_comes_is_refused_or_safe(text: Any, metadata: Any) -> None:
    try:
        said = read(text, metadata)
    except Problem as problem:
        assert 400 <= problem.status_code < 500
        return
    assert said.text.strip() and len(said.text) <= LIMIT + 400
    assert not said.text.startswith(("/restart", "/back", "/session_start"))
    said.text.encode("utf-8")
    (said.label or "").encode("utf-8")
    assert "\x00" not in said.text + (said.label or "")
