import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.tokenizer import BilingualTokenizer, tokens


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("喜剧片", ["喜", "剧", "片"]),
        ("推荐 Heat 吧", ["推", "荐", "Heat", "吧"]),
        ("don't stop", ["don't", "stop"]),
        ("sci-fi, please!", ["sci-fi", "please"]),
        ("8.5/10", ["8.5", "10"]),
        ("90年代", ["90", "年", "代"]),
        ("ＨＥＡＴ１９９５", ["HEAT1995"]),
        ("Amélie", ["Amélie"]),
        ("it’s", ["it's"]),
        ("👍", ["👍"]),
        ("", []),
    ],
)
def test_one_token_a_word_or_chinese_character(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=80))
def test_offsets_are_those_of_the_text(text: str) -> None:
    at = 0
    for token in tokens(text):
        assert at <= token.start < token.end <= len(text)
        assert len(token.text) == token.end - token.start
        at = token.end


def test_component_sets_tokens_on_a_message() -> None:
    component = BilingualTokenizer(BilingualTokenizer.get_default_config())
    message = Message(data={"text": "看 Heat"})
    component.process([message])
    assert [t.text for t in message.get("text_tokens")] == ["看", "Heat"]
