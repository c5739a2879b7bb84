import pytest

from bot.catalogue.lexicon import TOPICS, lexicon
from bot.catalogue.title import GENRES
from bot.nlu.fold import fold
from bot.nlu.found import settle
from bot.nlu.words import ENTITY_OF_TOPIC, find_words


def words(text: str) -> set[tuple[str, str]]:
    finds = settle(find_words(fold(text), text, 2026))
    return {(e, v) for find in finds for e, v in find.readings if e != "years"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rom-com", {("genre", "Romance"), ("genre", "Comedy")}),
        ("美剧", {("kind", "series"), ("country", "United States")}),
        ("日韩剧", {("kind", "series"), ("country", "Japan"), ("country", "South Korea")}),
        ("港片", {("country", "Hong Kong")}),
        ("国产片", {("country", "China")}),
        ("喜劇", {("genre", "Comedy")}),
        ("谍战片", {("genre", "Thriller")}),
        ("Korean movies", {("country", "South Korea"), ("kind", "film")}),
        ("in Korean", {("spoken_language", "Korean")}),
        ("Korean-language films", {("spoken_language", "Korean"), ("kind", "film")}),
        ("粤语片", {("spoken_language", "Cantonese")}),
        ("films from the US", {("kind", "film"), ("country", "United States")}),
        ("something for us to watch", set()),
        ("a good show", {("kind", "series")}),
        ("show me something", set()),
        ("please show my list", set()),
        ("my watch history", set()),
        ("观看历史", set()),
        ("历史片", {("genre", "History")}),
        ("我今天不开心", set()),
        ("开心一点的", {("mood", "feel_good")}),
        ("I'm feeling sad", set()),
        ("a sad one", {("mood", "sad")}),
        ("for my 7 year old", {("audience", "children")}),
        ("a 20 year old film", {("kind", "film")}),
        ("with the whole family", {("audience", "family")}),
        ("family movie", {("genre", "Family")}),
        ("adramatically", set()),
        ("家庭套餐", set()),
        ("剧情简介", {("genre", "Drama")}),
        ("剧透", set()),
        ("anime", {("genre", "Animation"), ("country", "Japan")}),
    ],
)
def test_words_of_the_lexicon(text: str, expected: set[tuple[str, str]]) -> None:
    assert words(text) == expected


def test_every_genre_has_words_in_both_languages() -> None:
    assert set(lexicon("genres")) == set(GENRES)
    for topic in TOPICS:
        for value, forms in lexicon(topic).items():
            assert forms.get("en") and forms.get("zh"), (topic, value)


def test_every_word_is_found_as_what_it_means() -> None:
    """Each word, said alone, has its value among its readings, unless it needs its neighbours."""
    missed = [
        (topic, value, word)
        for topic, entity in ENTITY_OF_TOPIC.items()
        for value, forms in lexicon(topic).items()
        for word in (*forms["en"], *forms["zh"])
        if (entity, value) not in words(word)
    ]
    # What is lost is ambiguous by itself: a language's name is a country's, "show" a verb.
    rest = [m for m in missed if m[0] != "languages"]
    assert len(rest) < 40, rest


def test_moods_lean_on_known_genres() -> None:
    for mood, forms in lexicon("moods").items():
        assert forms["tastes"], mood
        for feature, weight in forms["tastes"].items():
            assert feature.removeprefix("genre:") in GENRES and -1 <= weight <= 1
