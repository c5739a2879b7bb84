import pytest

from bot.nlu.fold import fold
from bot.nlu.ratings import find_ratings


def ratings(text: str) -> list[float]:
    return [find.readings[0][1] for find in find_ratings(fold(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9/10", 4.5),
        ("4/5", 4.0),
        ("4.5/5", 4.5),
        ("8 out of 10", 4.0),
        ("nine out of ten", 4.5),
        ("85/100", 4.25),
        ("4 stars", 4.0),
        ("a five-star film", 5.0),
        ("3.5 stars", 3.5),
        ("4 and a half stars", 4.5),
        ("8 stars", 4.0),
        ("two thumbs up", 5.0),
        ("thumbs down", 1.5),
        ("👍", 4.5),
        ("★★★☆☆", 3.0),
        ("⭐⭐⭐⭐", 4.0),
        ("i'd give it an 8", 4.0),
        ("rate Heat 7", 3.5),
        ("rate it 4", 4.0),
        ("a solid 7", 3.5),
        ("full marks", 5.0),
        ("五星", 5.0),
        ("四星半", 4.5),
        ("三颗半星", 3.5),
        ("满分", 5.0),
        ("七分", 3.5),
        ("八分半", 4.25),
        ("9.5分", 4.75),
        ("打9分", 4.5),
        ("打十分", 5.0),
        ("87分", 4.35),
        ("零分", 0.5),
        ("5分制给4分", 4.0),
        ("满分十分我给八分", 4.0),
        ("牛逼，满分10分", 5.0),
        ("这部打8", 4.0),
    ],
)
def test_rating_on_a_scale_of_five(text: str, value: float) -> None:
    assert ratings(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "十分好看",
        "星期五",
        "90分钟",
        "二分之一",
        "24/7",
        "9/11",
        "give me 5 movies",
        "三部分",
        "星球大战",
        "满分10分你给几分",
        "满分是100分吗",
    ],
)
def test_is_no_rating(text: str) -> None:
    assert ratings(text) == []
