import pytest

from bot.nlu.counts import find_counts
from bot.nlu.fold import fold


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("three movies", 3),
        ("give me 5", 5),
        ("show me two good comedies", 2),
        ("top 10 sci-fi films", 10),
        ("a couple of movies", 2),
        ("one more", 1),
        ("来五部", 5),
        ("推荐3部科幻片", 3),
        ("推荐两三部", 3),
        ("给我来三个", 3),
        ("这一部", None),
        ("第三部", None),
        ("最后一部", None),
        ("two hours", None),
        ("三部分", None),
        ("the second one", None),
    ],
)
def test_number_of_titles(text: str, count: int | None) -> None:
    found = [find.readings[0][1] for find in find_counts(fold(text))]
    assert found == ([count] if count else [])
