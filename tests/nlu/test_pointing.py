import pytest

from bot.nlu.fold import fold
from bot.nlu.found import settle
from bot.nlu.pointing import find_pointers


def pointers(text: str) -> list[tuple[str, object]]:
    return [reading for find in settle(find_pointers(fold(text))) for reading in find.readings]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("the second one", [2]),
        ("second one please", [2]),
        ("the 3rd film", [3]),
        ("number two", [2]),
        ("#2", [2]),
        ("option 3", [3]),
        ("last one", [-1]),
        ("the last movie", [-1]),
        ("compare the first two", [1, 2]),
        ("the first and third ones", [1, 3]),
        ("2", [2]),
        ("three", [3]),
        ("the first", [1]),
        ("第三个", [3]),
        ("第二部", [2]),
        ("第1个", [1]),
        ("最后一个", [-1]),
        ("最后那部", [-1]),
        ("倒数第二个", [-2]),
        ("前两部", [1, 2]),
        ("选2", [2]),
        ("第二季", []),
        ("wait a second", []),
        ("the first time", []),
        ("the last two years", []),
        ("the second season", []),
    ],
)
def test_places_in_a_row(text: str, places: list[int]) -> None:
    assert [value for entity, value in pointers(text) if entity == "ordinal"] == places


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("who directed it", "it"),
        ("that one", "it"),
        ("add that movie", "it"),
        ("it's great", "it"),
        ("what about that?", "it"),
        ("它多长", "it"),
        ("这部怎么样", "it"),
        ("那部电影谁演的", "it"),
        ("this show", "it"),
        ("what else did he direct", "them"),
        ("他还演过什么", "them"),
        ("老男孩真他妈好看", None),
        ("make it shorter", None),
        ("is it possible to download", None),
        ("this director", None),
        ("I think that Heat is good", None),
    ],
)
def test_references(text: str, value: str | None) -> None:
    found = [v for entity, v in pointers(text) if entity == "reference"]
    assert found == ([value] if value else [])
