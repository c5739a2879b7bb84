"""What holds for every action: failures become apologies, questions do not outlive the answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import text

from actions.recommend import Recommend
from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import TitleFact
from actions.watchlist import WatchlistShow
from bot.settings import ROOT
from tests.actions.conftest import Act, title

ASKING = {"kind": "need_title", "intent": "ask_year", "options": [], "entities": [], "text": "x"}


def skills() -> list[SkillAction]:
    executor = ActionExecutor()
    executor.register_package("actions")
    found = [getattr(action, "__self__", None) for action in executor.actions.values()]
    return [action for action in found if isinstance(action, SkillAction)]


def test_every_action_of_the_domain_is_there() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(domain["actions"]) == set(executor.actions)


@pytest.mark.parametrize("action", skills(), ids=lambda action: action.action)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_action_answers_a_message_without_anything(
    action: SkillAction, language: str, act: Act
) -> None:
    done = act(action, "hm", slots={"language": language})
    assert done.messages and "utter_failure" not in done.responses


@pytest.mark.parametrize("action", skills(), ids=lambda action: action.action)
def test_a_question_of_ours_is_dropped_unless_asked_again(action: SkillAction, act: Act) -> None:
    done = act(action, "hm", slots={"pending": ASKING, "misunderstood": True})
    if action.keeps_pending or action.action == "action_not_understood":
        assert "pending" not in done.slots
    else:
        assert done.slots["pending"] != ASKING


def test_a_question_asked_twice_stays_open(act: Act) -> None:
    dune = title("dune-84", "dune-21")
    first = act(TitleFact(), "who directed Dune", dune, intent="ask_director")
    again = act(TitleFact(), "who directed Dune", dune, intent="ask_director", slots=first.slots)
    assert again.responses == ["utter_ask_which_title"] and "pending" not in again.slots


def test_a_broken_store_is_an_apology_with_an_id_that_staff_can_find(
    act: Act, services: Services
) -> None:
    with services.engine.begin() as connection:
        connection.execute(text("ALTER TABLE watchlist RENAME TO elsewhere"))
    done = act(WatchlistShow(), "my list")
    assert done.responses == ["utter_failure"]
    failure = done.value("failure")
    assert re.fullmatch(r"E-[2-9A-Z]{6}", failure)
    with services.engine.connect() as connection:
        row = connection.execute(text("SELECT id, place, viewer FROM failures")).one()
    assert tuple(row) == (failure, "action_watchlist_show", "v1")


def test_nothing_half_said_goes_before_the_apology(
    act: Act, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the shelf fell down")

    monkeypatch.setattr(services.catalogue, "select", fail)
    asked = {"entity": "genre", "value": "Comedy", "start": 0, "end": 0}
    done = act(Recommend(), "a comedy", asked, slots={"pending": ASKING})
    assert done.responses == ["utter_failure"] and not done.cards
    assert done.slots == {"pending": None}


def test_a_database_that_is_gone_is_an_apology_all_the_same(
    act: Act, services: Services, tmp_path: Path
) -> None:
    services.engine.dispose()
    for file in tmp_path.glob("usher.db*"):
        file.unlink()
    assert act(WatchlistShow(), "my list").responses == ["utter_failure"]


def two(first: str, second: str) -> list[dict[str, object]]:
    """A message that asks about Heat and then wants something done with it."""
    return [
        {"text": "who directed Heat", "intent": first, "entities": [title("heat")]},
        {"text": "add it to my list", "intent": second, "entities": []},
    ]


def test_two_requests_are_answered_in_their_order(act: Act, services: Services) -> None:
    done = act(
        TitleFact(), "who directed Heat and add it to my list", title("heat"),
        intent="ask_director", requests=two("ask_director", "watchlist_add"),
    )  # fmt: skip
    assert done.responses == ["utter_director", "utter_watchlist_added"]
    assert services.viewers.watchlist("v1") == ["heat"]


def test_a_question_of_ours_comes_before_the_second_request(act: Act, services: Services) -> None:
    requests = two("ask_director", "watchlist_add")
    requests[0]["entities"] = [title("dune-84", "dune-21")]
    done = act(TitleFact(), "…", intent="ask_director", requests=requests)
    assert done.responses == ["utter_ask_which_title"]
    assert services.viewers.watchlist("v1") == []


def test_what_moderation_made_of_a_message_is_not_parted(act: Act, services: Services) -> None:
    act(TitleFact(), "…", intent="abuse", requests=two("ask_director", "watchlist_add"))
    assert services.viewers.watchlist("v1") == []
