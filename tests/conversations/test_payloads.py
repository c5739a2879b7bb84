"""Buttons of the widget: what they say is answered in the language they are pressed in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from tests.conversations.talk import Usher

pytestmark = pytest.mark.model
CHINESE = re.compile("[\u4e00-\u9fff]")
PICTURE = '/picture{"picture": "p0123456789abcdef0123456789abcdef"}'


def press(usher: Usher, viewer: str, payload: str, language: str) -> str:
    """Everything said to a payload, as the web channel hands it over."""
    message = UserMessage(
        payload,
        CollectingOutputChannel(),
        viewer,
        input_channel="web",
        metadata={"language": language},
    )
    replies: list[dict[str, Any]] = usher.run(usher.agent.handle_message(message))
    return "\n".join(reply.get("text", "") for reply in replies)


@pytest.mark.parametrize("payload", ["/watchlist_show", "/privacy_show", "/recommend"])
def test_a_payload_as_the_first_message_is_answered_in_the_pages_language(
    usher: Usher, payload: str
) -> None:
    assert CHINESE.search(press(usher, usher.viewer().id, payload, "zh"))
    english = press(usher, usher.viewer().id, payload, "en")
    assert english and not CHINESE.search(english)


def test_a_picture_is_answered_that_it_cannot_be_seen_yet(usher: Usher) -> None:
    english = press(usher, usher.viewer().id, PICTURE, "en")
    assert re.search(r"can't (see|look)", english)
    assert re.search("看不(懂|了)", press(usher, usher.viewer().id, PICTURE, "zh"))
