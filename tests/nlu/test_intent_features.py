from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.intent_features import PLACEHOLDERS, anonymous, features, masked

TITLE = {"entity": "title", "start": 13, "end": 17, "value": "Heat"}


def test_names_are_replaced_by_placeholders() -> None:
    text = masked("Who directed Heat?", [TITLE])
    assert text == f"who directed {PLACEHOLDERS['title']}?"


def test_sentences_about_different_films_look_alike() -> None:
    other = {"entity": "title", "start": 13, "end": 22, "value": "Inception"}
    first = list(features("who directed Heat", [TITLE], "en"))
    assert first == list(features("who directed Inception", [other], "en"))


def test_facts_say_what_was_found_and_refused() -> None:
    genre = {"entity": "genre", "start": 3, "end": 9, "negated": True}
    unknown = {**TITLE, "match": "unknown"}
    facts = {
        f for block, f in features("no horror in Zorb", [genre, unknown], "en") if block == "fact"
    }
    assert {"has genre", "refused", "has title", "unknown title", "language en"} <= facts


def facts_of(text: str, name: str) -> set[str]:
    start = text.index(name)
    title = {"entity": "title", "start": start, "end": start + len(name)}
    return {f for block, f in features(text, [title], None) if block == "fact"}


def test_a_title_to_be_seen_is_told_from_one_to_be_like() -> None:
    assert "to be seen" in facts_of("I'd like to watch the movie Heat now", "Heat")
    assert "to be seen" in facts_of("我想看流浪地球吧", "流浪地球")
    for text in ("I want to watch something like Heat", "a film along the lines of Heat, please"):
        assert "to be like" in facts_of(text, "Heat")
    for text in ("我想看像流浪地球那样的", "求《流浪地球》平替", "和《流浪地球》差不多的"):
        assert "to be like" in facts_of(text, "流浪地球")
    assert "only a title and its kind" in facts_of("流浪地球电影", "流浪地球")


@given(st.text(max_size=500), st.integers(-5, 600), st.integers(-5, 600))
def test_any_text_and_any_span(text: str, start: int, end: int) -> None:
    entity = {"entity": "title", "start": start, "end": end}
    assert all(len(feature) == 2 for feature in features(text, [entity], None))


def test_the_encoder_reads_of_nobody_in_particular() -> None:
    names = [
        {"entity": "person", "start": 7, "end": 16},
        {"entity": "title", "start": 20, "end": 24},
        {"entity": "genre", "start": 25, "end": 31},
    ]
    assert anonymous("Heat", []) == "Heat"
    text = "was it Al Pacino in Heat comedy"
    assert anonymous(text, names) == "was it the actor in the film comedy"
