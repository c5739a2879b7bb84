"""Playing: the title is shown, nothing is promised that Usher cannot do."""

from __future__ import annotations

import pytest

from actions.play import ControlPlayer, PlayTitle
from actions.services import Services
from tests.actions.conftest import Act, title


@pytest.mark.parametrize("said", ["play Heat", "播放《盗火线》"])
def test_a_title_to_be_played_is_shown(act: Act, said: str) -> None:
    done = act(PlayTitle(), said, title("heat"))
    assert done.responses == ["utter_play_title"]
    assert done.cards == ["heat"]


def test_what_is_to_be_played_is_asked_where_nothing_was_shown(act: Act) -> None:
    done = act(PlayTitle(), "play it")
    assert done.responses == ["utter_ask_title"]
    assert not done.cards


def test_a_title_not_in_the_catalogue_is_said_to_be_missing(act: Act) -> None:
    unknown = {"entity": "title", "value": "Zorblax 3", "start": 5, "end": 14, "match": "unknown"}
    done = act(PlayTitle(), "play Zorblax 3", unknown)
    assert "utter_play_title" not in done.responses
    assert not done.cards or "heat" not in done.cards


def test_the_player_is_not_steered_but_its_help_is_offered(act: Act, services: Services) -> None:
    done = act(ControlPlayer(), "skip the intro", intent="control_player")
    assert done.responses == ["utter_control_player"]
    assert services.answers is not None
    (entry,) = services.answers.find("skip the intro", "en", {})
    assert done.buttons == [f'/choose{{"option": "{entry.id}"}}']
    assert act(ControlPlayer(), "zzz qqq").buttons == []
