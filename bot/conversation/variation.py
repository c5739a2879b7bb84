"""Which variation of a response is said: one that this conversation has not heard lately."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

REMEMBERED = 40  # texts of ours that are looked back on


class UnrepeatedResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's responses of the domain, drawn among the variations not said before.

    Named as `nlg` in endpoints.yml. Where all were said, the one longest ago is said again.
    """

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response filled with slots and `kwargs`; none when the domain has none that fits."""
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not suitable:
            return None
        filled = [self._fill_response(copy.deepcopy(each), slots, **kwargs) for each in suitable]
        age = _said(tracker)
        fresh = [each for each in filled if each.get("text") not in age]
        if fresh:
            return fresh[int(np.random.randint(len(fresh)))]
        return max(filled, key=lambda each: age[each["text"]])


def _said(tracker: DialogueStateTracker) -> Mapping[str, int]:
    """The latest texts of ours, with how many came after each."""
    texts = (e.text for e in reversed(tracker.events) if isinstance(e, BotUttered) and e.text)
    age: dict[str, int] = {}
    for number, text in enumerate(islice(texts, REMEMBERED)):
        age.setdefault(text, number)
    return age
