import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language import LanguageDetector, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("who directed Heat?", "en"),
        ("shorter", "en"),
        ("hi", "en"),
        ("something funny", "en"),
        ("no horror", "en"),
        ("can I ask you", "en"),
        ("brilliant gangster flicks", "en"),
        ("诺兰拍过什么", "zh"),
        ("推荐几部 Christopher Nolan 的 movie", "zh"),
        ("《Heat》谁导演的", "zh"),
        ("臥虎藏龍", "zh"),
        ("Heat", None),
        ("The Godfather", None),
        ("In the Mood for Love", None),
        ("Tony Leung Chiu-wai", None),
        ("xiaoshenke de jiushu", None),
        ("wo xiang kan dian ying", None),
        ("ni hao", None),
        ("9/10", None),
        ("2", None),
        ("👍", None),
        ("", None),
        ('/rate_title{"title": "tt0113277"}', None),
    ],
)
def test_language_of_a_message(text: str, language: str | None) -> None:
    assert detect(text) == language


@given(st.text(max_size=120))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detect(text) in ("en", "zh", None)


def test_component_gives_the_language_out() -> None:
    message = Message(data={"text": "who directed it"})
    LanguageDetector().process([message])
    assert message.as_dict(only_output_properties=True)["language"] == "en"
