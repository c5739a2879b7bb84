import pytest

from bot.nlu.fold import fold
from bot.nlu.runtimes import LONG, SHORT, find_runtimes


def runtimes(text: str) -> list[tuple[int | None, int | None]]:
    finds = find_runtimes(fold(text))
    return [(f.readings[0][1]["min"], f.readings[0][1]["max"]) for f in finds]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("under two hours", None, 120),
        ("90 minutes or less", None, 90),
        ("no longer than 2 hours", None, 120),
        ("nothing over two hours", None, 120),
        ("i have 90 minutes", None, 90),
        ("less than 100 min", None, 100),
        ("under an hour and a half", None, 90),
        ("max 1h30", None, 90),
        ("more than three hours", 180, None),
        ("three hours or more", 180, None),
        ("at least 2 hours 15 minutes", 135, None),
        ("nothing under 80 minutes", 80, None),
        ("between 90 and 120 minutes", 90, 120),
        ("a two-hour movie", 105, 135),
        ("a short film", None, SHORT),
        ("something short", None, SHORT),
        ("not too long", None, SHORT),
        ("a long movie", LONG, None),
        ("两小时以内", None, 120),
        ("不超过100分钟", None, 100),
        ("一个半小时以内", None, 90),
        ("一百分钟以下", None, 100),
        ("别超过两个小时", None, 120),
        ("至少三小时", 180, None),
        ("三小时以上", 180, None),
        ("90到120分钟", 90, 120),
        ("两小时十五分钟以内", None, 135),
        ("别太长", None, SHORT),
        ("短片", None, SHORT),
    ],
)
def test_wish_about_length(text: str, low: int | None, high: int | None) -> None:
    assert runtimes(text) == [(low, high)]


@pytest.mark.parametrize(
    "text", ["how long is it", "多长时间", "片长多少", "a long time ago", "3 films"]
)
def test_is_no_length(text: str) -> None:
    assert runtimes(text) == []
