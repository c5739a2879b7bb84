"""A dialogue policy that keeps a timed-out viewer from every skill until the time is over."""

from __future__ import annotations

import time
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

TIMED_OUT = "action_timed_out"
# Somebody in distress, or asking for a person, is heard at any time.
ALWAYS_HEARD = frozenset({"self_harm", "talk_to_person", "privacy_delete"})


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class TimeoutPolicy(Policy):
    """Answers with the time-out notice while the slot `timed_out_until` lies in the future."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy (6), so that its certain predictions give way."""
        return {"priority": 7}

    def train(
        self, training_trackers: list[DialogueStateTracker], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing is learned."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TimeoutPolicy:
        """Nothing is stored, so nothing is read."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certain while the time-out lasts, silent otherwise."""
        probabilities = self._default_predictions(domain)
        if tracker.latest_action_name == TIMED_OUT:
            probabilities[domain.index_for_action(ACTION_LISTEN_NAME)] = 1.0
        elif self._holds(tracker):
            probabilities[domain.index_for_action(TIMED_OUT)] = 1.0
        return self._prediction(probabilities)

    @staticmethod
    def _holds(tracker: DialogueStateTracker) -> bool:
        until = tracker.get_slot("timed_out_until")
        if not isinstance(until, int | float) or until <= time.time():
            return False
        if tracker.latest_action_name != ACTION_LISTEN_NAME or tracker.latest_message is None:
            return False
        intent = tracker.latest_message.intent.get("name")
        asked = tracker.get_slot("pending")
        if intent in ("affirm", "deny") and isinstance(asked, dict):
            # A wish that was heard is also carried out.
            intent = asked.get("intent")
        return intent not in ALWAYS_HEARD
