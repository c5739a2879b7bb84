"""The language of a message: Chinese, English, or not to be told from it."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.fold import fold
from bot.nlu.payload import is_payload
from bot.nlu.tokenizer import CJK

LANGUAGE = "language"

_IDEOGRAPH = re.compile(f"[{CJK}]")
_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
# Words that carry English sentences and are neither pinyin nor often a whole title.
_COMMON = """
    a about actually after all also am an and any anything are aren't as at because been but by
    can can't could did didn't do does doesn't doing don't dont else ever every for from get give
    got had has have haven't hello help hey hi his how how's i i'd i'll i'm i've if im in into is
    isn't it's its just know let let's like liked lot love loved make many maybe me more most much
    my need never nice no not nothing of off ok okay on once one only or other our out over please
    pls plz really recommend said same say says see seen should so some something sorry still
    such suggest sure tell than thank thanks that that's the their them then there these they
    thing things think this those thx to tonight too try under very want wanna was wasn't watch
    watched we were what what's when where which who who's whom whose why will with without won't
    would yeah yep yes yet you you're your yours shorter newer older longer funnier lighter darker
    better different another stop bye goodbye
    movie movies film films series directed starring director actor actress cast
"""
_FUNCTION_WORDS = frozenset(_COMMON.split())
# In a title these stay small; a sentence in which only they do may be a title.
_SMALL_WORDS = re.compile(r"a|an|and|at|by|for|from|in|of|on|or|the|to|with|vs")
_OPENERS = re.compile(r"Who|What|When|Where|Which|Why|How|Is|Are|Was|Did|Does|Do|Can|Could")
_SPELT = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|"
    "ve|[aoeiuv]"
)
_SYLLABLE = f"(?:(?:{_INITIAL})?(?:{_FINAL}))"
_PINYIN = re.compile(f"{_SYLLABLE}+")


def detect(text: str) -> str | None:
    """ "zh", "en", or none when the text does not tell (a bare name, pinyin, a number).

    Any Chinese character makes a message Chinese, whatever English title it holds. English
    needs one of its common words or a sentence of three words, which must not all be pinyin
    nor be written as a name is. What stands in quotation marks may be a title and tells nothing.
    """
    if is_payload(text):
        return None
    if _IDEOGRAPH.search(text):
        return "zh"
    words = _WORD.findall(_QUOTED.sub(" ", fold(text)))
    if not words:
        return None
    common = [word in _FUNCTION_WORDS for word in words]
    foreign_reading = all(_PINYIN.fullmatch(word) for word in words)
    # Some pinyin syllables are English words ("can", "me", "long", "he"), so a sentence that can be
    # read as pinyin throughout needs words that cannot.
    if (foreign_reading and not all(common)) or _may_be_name(text):
        return None
    return "en" if any(common) or len(words) >= 3 else None


def _may_be_name(text: str) -> bool:
    """Whether `text` is written the way names and titles are: "In the Mood for Love"."""
    words = _SPELT.findall(text)
    return (
        len(words) > 1
        and not _OPENERS.fullmatch(words[0])
        and all(word[0].isupper() or _SMALL_WORDS.fullmatch(word) for word in words)
        and words[0][0].isupper()
        and words[-1][0].isupper()
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds `language` to a message and to what the pipeline gives out.

    It is placed as a featurizer, which is what Rasa also runs over training data.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """A detector; there is nothing to set."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Detect the language of each message."""
        for message in messages:
            message.set(LANGUAGE, detect(message.get(TEXT) or ""), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Detect the language of each example."""
        self.process(training_data.training_examples)
        return training_data
