"""Whatever is thrown at it, Usher answers, says nothing of its insides, and goes on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conversations.talk import Usher

pytestmark = pytest.mark.model

THROWN = {
    "empty": "",
    "spaces": "   \t ",
    "emoji": "😀🎬🍿",
    "punctuation": "?!?!。。。，，",
    "a lone surrogate's replacement": "\ufffd\ufffd",
    "zero": "\x00\x01\x02",
    "long": "recommend a comedy " * 1100,
    "long without spaces": "好看" * 10_000,
    "long word": "a" * 20_000,
    "markup": "<script>alert(1)</script>",
    "format": "{title} {0} %s %(x)s ${HOME}",
    "sql": "'; DROP TABLE ratings; --",
    "payload of no intent": "/zorblax",
    "broken payload": '/rate_title{"title": "tt0113277", "rating": ',
    "payload with odd values": '/rate_title{"title": ["x"], "rating": "many"}',
    "payload of an unknown title": '/rate_title{"title": "tt9999999", "rating": 5}',
    "payload of an unknown option": '/choose{"option": "nothing.here"}',
    "payload with an ordinal far away": '/choose{"ordinal": 99}',
    "payload of a slot": '/set_language{"spoken_language": {"a": 1}}',
    "nested": "[" * 3000,
    "right to left": "\u202eevil\u202c",
    "combining": "e" + "\u0301" * 500,
    "restart": "/restart",
    "session": "/session_start",
    "back": "/back",
}


@pytest.mark.parametrize("text", THROWN.values(), ids=THROWN.keys())
def test_every_message_is_survived(usher: Usher, text: str) -> None:
    viewer = usher.viewer()
    thrown = viewer.say(text)
    assert not thrown.failed and "Traceback" not in thrown.text
    assert thrown.answer.milliseconds < 5000
    after = viewer.say("who directed Heat?")
    assert "Michael Mann" in after.text


NEVER_SILENT = ["empty", "emoji", "punctuation", "long", "long word", "markup", "format", "sql"]


@pytest.mark.parametrize("name", NEVER_SILENT)
def test_a_message_is_never_met_with_silence(usher: Usher, name: str) -> None:
    said = usher.viewer().say(THROWN[name])
    assert said.text or said.cards


@given(st.text(max_size=60))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_text_gets_an_answer(usher: Usher, text: str) -> None:
    said = usher.send(text, "hypothesis")
    assert not said.failed, said.text


@pytest.mark.parametrize("intent", ["recommend", "rate_title", "choose", "watchlist_add", "affirm"])
@pytest.mark.parametrize(
    "value", ["1", "null", "[]", '{"a": 1}', '"' + "x" * 500 + '"', "-5", "1e999"]
)
def test_forged_buttons_do_no_harm(usher: Usher, intent: str, value: str) -> None:
    names = ("title", "rating", "ordinal", "years", "runtime", "genre", "number", "person")
    entities = ", ".join(f'"{name}": {value}' for name in names)
    said = usher.viewer().say(f"/{intent}{{{entities}}}")
    assert not said.failed, said.text
