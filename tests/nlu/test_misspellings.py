from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.misspellings import CORRECTION, Correction, Misspellings, corrected
from bot.nlu.phrases import with_phrases

SENTENCES = (
    ["an animated movie from the sixties", "which film would you recommend", "what's on"] * 60
    + ["第二个是哪个导演拍的", "想看喜剧", "爱情片有吗"] * 60
    + ["看到海了吗", "演员好多", "你好，今天天气不错", "山高水长路远", "春夏秋冬四季"] * 90
)
WORDS = {"theme", "moor", "form"}


@pytest.fixture(scope="module")
def model() -> Misspellings:
    return Misspellings.learned(((text, ()) for text in SENTENCES), WORDS.__contains__)


def meant(model: Misspellings, text: str) -> str:
    return corrected(text, model.corrections(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an animted moive froom the sixties", "an animated movie from the sixties"),
        ("whcih film", "which film"),
        ("地二个", "第二个"),
        ("想看喜据", "想看喜剧"),
        ("哪个到演拍的", "哪个导演拍的"),
    ],
)
def test_one_slip_is_what_viewers_often_say(model: Misspellings, text: str, expected: str) -> None:
    assert meant(model, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the theme of it",  # a word, though viewers seldom say it
        "Whach is good, says Froom",  # a capital letter in the middle: a name
        "mov",  # too short to tell
        "看到演员了",  # 到演 is where two words meet
        "戏剧学院",  # a word of its own, not 喜剧
        "",
        "whatas on",  # no letter is an apostrophe
    ],
)
def test_what_may_be_meant_stays(model: Misspellings, text: str) -> None:
    assert meant(model, text) in (text, text.replace("Whach", "which"))


def test_names_have_no_slips(model: Misspellings) -> None:
    assert model.corrections("who directed froom", [(13, 18)]) == []


def test_places_lead_back_to_what_was_written() -> None:
    text = "an animted film"
    meant, places = corrected(text, [Correction(3, 10, "animated")])
    assert meant == "an animated film"
    assert (places[3], places[10], places[12], places[-1]) == (3, 9, 11, len(text))


# A word as it is said, with some character put in, left out or in the place of another.
SLIPPED = st.builds(
    lambda word, at, put, left: word[:at] + put + word[at + left :],
    st.sampled_from(sorted({word for text in SENTENCES for word in text.split()})),
    st.integers(0, 9),
    st.text(max_size=1),
    st.integers(0, 1),
)


@given(st.text(alphabet="abcmovie 电影到演地二个第", max_size=30) | SLIPPED)
def test_corrections_are_in_order_and_apart(text: str) -> None:
    model = Misspellings.learned(((t, ()) for t in SENTENCES), WORDS.__contains__)
    found = model.corrections(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    changed, places = corrected(text, found)
    assert len(places) == len(changed) + 1
    assert places == sorted(places)


def test_stored_and_loaded_it_corrects_the_same(model: Misspellings, tmp_path) -> None:
    model.save(tmp_path)
    again = Misspellings.load(tmp_path, WORDS.__contains__)
    assert meant(again, "地二个 moive") == "第二个 movie"
    with pytest.raises(ValueError, match="no counts"):
        Misspellings.load(tmp_path / "away", WORDS.__contains__)


def test_phrases_are_found_in_what_is_meant_at_their_place() -> None:
    text = "a comdey from the 60s"
    slip = {"entity": CORRECTION, "value": "comedy", "start": 2, "end": 8, "extractor": ""}
    genre = next(e for e in with_phrases(text, [slip]) if e["entity"] == "genre")
    assert (genre["value"], text[genre["start"] : genre["end"]]) == ("Comedy", "comdey")
