"""Tokens of English and Chinese alike: a Latin word, a number, or one Chinese character.

There is no word segmentation, so a segmenter cannot split a word that matters (喜剧).
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0002ebef"
# A run of letters and digits of any script but Chinese, with apostrophes and hyphens inside
# and a decimal point between digits; else one Chinese character; else, lest a message has no
# token at all, a run of anything else.
_WORD = rf"(?:(?![{CJK}])[^\W_])+"
TOKEN = re.compile(rf"{_WORD}(?:['’\-＇－]{_WORD}|(?<=\d)[.．]\d+)*|[{CJK}]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2019: "'"}


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, with offsets into it; one for all of it if it has no word."""
    found = [
        Token(match[0].translate(_FULL_WIDTH), match.start(), match.end())
        for match in TOKEN.finditer(text)
    ]
    return found or ([Token(text, 0, len(text))] if text else [])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BilingualTokenizer(Tokenizer):
    """Rasa's tokenizer over `tokens`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intents are never split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message."""
        return tokens(message.get(attribute))
