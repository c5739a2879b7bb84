"""An answer of the assistant as a viewer reads it: its texts, cards and buttons, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.agent import Answer

_FAILURE = re.compile(r"\bE-[2-9A-Z]{6}\b")
_QUESTION = re.compile(r"[?？]|\b[Tt]ell me\b|告诉我")
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?$", re.DOTALL)
# What a question asks for. "wish" is a question for the whole wish.
_ASKED = {
    "genre": r"\b(?:genre|what (?:kind|type|sort))\b|什么类型|哪种类型|哪类|什么口味",
    "years": r"\b(?:which|what) (?:year|decade)|how (?:old|recent)\b|(?:哪个|什么)年代|哪一?年",
    "runtime": r"\bhow (?:long|much time)\b|多长|多少时间|多久",
    "country": r"\b(?:which|what) country\b|哪个国家|哪国",
    "language": r"\b(?:which|what) language\b|什么语言|哪种语言",
    "kind": r"\b(?:film|movie)s? or (?:a )?(?:series|show)|电影还是|剧集还是",
    "person": r"\bwh(?:o|om) do you mean|which (?:actor|director|person)|说的是谁|哪位",
    "title": r"\bwhich (?:title|film|one|series)|哪部|哪一部|哪个片|片名",
    "wish": r"in the mood for|feel like watching|what (?:would you like|shall we)|what you'd like"
    r"|looking for something|想看点?什么|想看什么|想要什么|想找点?什么|要我推荐|你想要",
}
_ASKED_OF = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ASKED.items()}


@dataclass(frozen=True)
class Button:
    """A button: its label, and what it sends."""

    label: str
    payload: str

    @cached_property
    def intent(self) -> str:
        """The intent that the payload names."""
        match = _PAYLOAD.match(self.payload)
        return match[1] if match else ""

    @cached_property
    def entities(self) -> Mapping[str, Any]:
        """The entities that the payload holds."""
        match = _PAYLOAD.match(self.payload)
        found = json.loads(match[2]) if match and match[2] else {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Heard:
    """What was said, shown and offered."""

    texts: Sequence[str]
    cards: Sequence[Mapping[str, Any]] = ()
    buttons: Sequence[Button] = ()

    @classmethod
    def read(cls, answer: Answer) -> Heard:
        """Read an answer."""
        cards = [card for custom in answer.custom for card in custom.get("cards") or ()]
        buttons = [Button(each["title"], each["payload"]) for each in answer.buttons]
        return cls(tuple(answer.texts), tuple(cards), tuple(buttons))

    @property
    def text(self) -> str:
        """Everything said, line by line."""
        return "\n".join(self.texts)

    @property
    def title_ids(self) -> list[str]:
        """The ids of the titles shown, in order."""
        return [str(card["id"]) for card in self.cards]

    @property
    def failed(self) -> bool:
        """Whether there is no answer, or an apology with the id of a failure."""
        return bool(_FAILURE.search(self.text)) or not (self.texts or self.cards)

    @property
    def is_question(self) -> bool:
        """Whether the viewer is asked something in words."""
        return bool(_QUESTION.search(self.text))

    @property
    def leads_on(self) -> bool:
        """Whether there is anything to take up: a title, a button or a question."""
        return bool(self.cards or self.buttons or self.is_question)

    @property
    def asked(self) -> frozenset[str]:
        """What is asked for, of `_ASKED`; nothing when titles are shown."""
        if self.cards or not self.is_question:
            return frozenset()
        return frozenset(name for name, asks in _ASKED_OF.items() if asks.search(self.text))

    @property
    def choices(self) -> list[Button]:
        """The buttons that answer "which title?"."""
        choosing = (each for each in self.buttons if each.intent == "choose")
        return [each for each in choosing if "title" in each.entities]

    @property
    def options(self) -> list[Button]:
        """The buttons that answer "which question?"."""
        return [each for each in self.buttons if "option" in each.entities]

    @property
    def stars(self) -> list[Button]:
        """The buttons that rate."""
        return [each for each in self.buttons if each.intent == "rate_title"]

    @property
    def yes_or_no(self) -> bool:
        """Whether it is to be confirmed or denied."""
        return {"affirm", "deny"} <= {each.intent for each in self.buttons}

    def button_for(self, intents: frozenset[str]) -> Button | None:
        """The first button that means one of `intents`."""
        return next((each for each in self.buttons if each.intent in intents), None)

    def card_button(self, title_id: str, intent: str) -> Button | None:
        """The button of a title's card that means `intent`."""
        for card in self.cards:
            if card["id"] != title_id:
                continue
            for each in card.get("buttons") or ():
                button = Button(each["title"], each["payload"])
                if button.intent == intent:
                    return button
        return None

    def about(self, title_id: str) -> str:
        """Everything said, with the card of the one title shown when it is this one."""
        if self.title_ids != [title_id]:
            return self.text
        facts = [f"{value}" for key, value in self.cards[0].items() if key not in ("id", "buttons")]
        return "\n".join([self.text, *facts])

    @property
    def is_chinese(self) -> bool:
        """Whether what is said is mostly in Chinese: names may be in either."""
        letters = len(re.findall(r"[A-Za-z]+", self.text))
        return len(_IDEOGRAPH.findall(self.text)) * 2 >= letters and bool(
            _IDEOGRAPH.search(self.text)
        )
