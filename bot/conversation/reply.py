"""What an action wants said and remembered, before Rasa says and stores it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.conversation.cards import button, card, label_with_year, payload, titles_payload
from bot.conversation.turn import Pending, Turn


@dataclass
class Reply:
    """Messages in the order they are said, and slots as they will be."""

    turn: Turn
    messages: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language the viewer is answered in."""
        return self.turn.language

    def say(
        self, response: str, buttons: Sequence[dict[str, str]] | None = None, **values: Any
    ) -> Reply:
        """Utter a response of the domain, filled with `values`."""
        self.messages.append({"response": response, "buttons": list(buttons or ()), **values})
        return self

    def show(
        self, titles: Sequence[Title], catalogue: Catalogue, why: Sequence[str | None] = ()
    ) -> Reply:
        """Show titles as cards and remember them, so that "the second one" means something."""
        reasons = [*why, *[None] * (len(titles) - len(why))]
        cards = [
            card(title, catalogue, self.language, reason)
            for title, reason in zip(titles, reasons, strict=True)
        ]
        self.messages.append({"custom": titles_payload(cards)})
        self.slots["shown"] = [title.id for title in titles]
        self.slots["focus"] = titles[0].id if len(titles) == 1 else None
        return self

    def focus(self, title: Title) -> Reply:
        """Remember the title that "it" now means."""
        self.slots["focus"] = title.id
        return self

    def ask_which(
        self, titles: Iterable[Title], response: str = "utter_ask_which_title", **values: Any
    ) -> Reply:
        """Ask which of several titles was meant and wait for the answer."""
        titles = list(titles)[:5]
        buttons = [
            {
                "title": label_with_year(title, self.language),
                "payload": payload("choose", title=title.id),
            }
            for title in titles
        ]
        self.say(response, buttons, **values)
        self.wait(Pending("which_title", self.turn.intent, tuple(title.id for title in titles)))
        return self

    def ask_confirmation(self, response: str) -> Reply:
        """Ask before doing something that cannot be undone."""
        buttons = [
            button("utter_button_yes", self.language, "affirm"),
            button("utter_button_no", self.language, "deny"),
        ]
        self.say(response, buttons)
        self.wait(Pending("confirm", self.turn.intent))
        return self

    def wait(self, question: Pending) -> Reply:
        """Remember a question; the message that raised it is kept to be taken up again."""
        kept = Pending(
            question.kind,
            question.intent,
            question.options,
            tuple(dict(entity) for entity in self.turn.raw_entities),
            self.turn.text,
        )
        self.slots["pending"] = kept.to_slot()
        return self
