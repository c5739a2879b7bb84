"""The watchlist and what was rated."""

from __future__ import annotations

from actions.services import Services
from actions.watchlist import HistoryShow, WatchlistAdd, WatchlistRemove, WatchlistShow
from tests.actions.conftest import Act, title, value


def test_add_show_remove(act: Act, services: Services) -> None:
    assert act(WatchlistAdd(), "add Heat", title("heat")).responses == ["utter_watchlist_added"]
    assert act(WatchlistAdd(), "add Heat", title("heat")).responses == ["utter_watchlist_has_it"]
    act(WatchlistAdd(), "the second", value("ordinal", 2), slots={"shown": ["heat", "alien"]})
    assert act(WatchlistShow(), "my list").cards == ["alien", "heat"]
    act(WatchlistRemove(), "remove it", value("reference", "it"), slots={"focus": "heat"})
    assert services.viewers.watchlist("v1") == ["alien"]
    assert act(WatchlistRemove(), "", title("heat")).responses == ["utter_watchlist_not_on_it"]


def test_several_titles_at_once(act: Act, services: Services) -> None:
    act(WatchlistAdd(), "add Heat and Alien", title("heat"), title("alien"))
    assert set(services.viewers.watchlist("v1")) == {"heat", "alien"}


def test_an_unclear_title_is_asked_and_not_added(act: Act, services: Services) -> None:
    done = act(WatchlistAdd(), "add Dune", title("dune-84", "dune-21"), intent="watchlist_add")
    assert done.slots["pending"]["intent"] == "watchlist_add"
    assert services.viewers.watchlist("v1") == []


def test_empty_lists_say_how_to_fill_them(act: Act) -> None:
    assert act(WatchlistShow(), "").responses == ["utter_watchlist_empty"]
    assert act(HistoryShow(), "").responses == ["utter_history_empty"]


def test_the_history_is_newest_first_in_the_viewers_language(act: Act, services: Services) -> None:
    services.viewers.rate("v1", "heat", 4.5, "number")
    services.viewers.rate("v1", "farewell", 5, "number")
    done = act(HistoryShow(), "", slots={"language": "zh"})
    assert done.value("list") == "《霸王别姬》（1993） · 5/5\n《盗火线》（1995） · 4.5/5"
