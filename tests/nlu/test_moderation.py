from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from structlog.testing import capture_logs

from bot.nlu.moderation import ModerationGate


def gate(tmp_path: Path, **config: Any) -> ModerationGate:
    return ModerationGate.create(
        {**ModerationGate.get_default_config(), **config},
        LocalModelStorage(tmp_path),
        Resource("gate"),
        ExecutionContext(GraphSchema({})),
    )


def judged(tmp_path: Path, text: str, **data: Any) -> dict[str, Any]:
    ranking = [{"name": "recommend", "confidence": 0.9}, {"name": "abuse", "confidence": 0.1}]
    message = Message({"text": text, **data})
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    (message,) = gate(tmp_path).process([message])
    return message.as_dict(only_output_properties=True)


@pytest.mark.parametrize("text", ["you are a stupid idiot", "你这个傻逼", "f.u.c.k you bot"])
def test_abuse_takes_the_intent(tmp_path: Path, text: str) -> None:
    parsed = judged(tmp_path, text)
    assert parsed["intent"]["name"] == "abuse"
    assert [intent["name"] for intent in parsed["intent_ranking"]] == ["abuse", "recommend"]
    assert parsed["moderation"]["flagged"]
    assert parsed["intent"]["confidence"] == parsed["moderation"]["score"]


def test_talk_of_self_harm_has_its_own_intent(tmp_path: Path) -> None:
    assert judged(tmp_path, "I want to kill myself")["intent"]["name"] == "self_harm"


def test_advertising_is_abuse(tmp_path: Path) -> None:
    parsed = judged(tmp_path, "加微信领红包，兼职刷单日赚三百")
    assert parsed["intent"]["name"] == "abuse"
    assert parsed["moderation"]["category"] == "spam"


def test_other_messages_keep_their_intent(tmp_path: Path) -> None:
    parsed = judged(tmp_path, "a funny film for tonight")
    assert parsed["intent"]["name"] == "recommend"
    assert parsed["moderation"]["flagged"] is False


def test_known_names_are_not_judged(tmp_path: Path) -> None:
    text = "you fucking idiot"
    entity = {"entity": "title", "start": 0, "end": len(text), "value": text}
    assert judged(tmp_path, text, entities=[entity])["moderation"]["flagged"]
    known = [{**entity, "id": "tt0000001"}]
    assert not judged(tmp_path, text, entities=known)["moderation"]["flagged"]


def test_buttons_are_not_judged(tmp_path: Path) -> None:
    assert "moderation" not in judged(tmp_path, '/recommend{"genre": "Horror"}')


def test_without_weights_messages_pass_and_the_log_says_so_once(tmp_path: Path) -> None:
    with capture_logs() as log:
        component = gate(tmp_path, artefact=str(tmp_path / "none"))
        for _ in range(3):
            (message,) = component.process([Message({"text": "you idiot"})])
    assert message.get("moderation") is None
    assert [entry["event"] for entry in log] == ["moderation.unavailable"]


@pytest.mark.parametrize(("confidence", "intent"), [(0.5, "recommend"), (0.95, "self_harm")])
def test_the_classifier_alone_must_be_all_but_sure(
    tmp_path: Path, confidence: float, intent: str
) -> None:
    ranking = [
        {"name": "self_harm", "confidence": confidence},
        {"name": "recommend", "confidence": 1 - confidence},
    ]
    message = Message({"text": "a funny film is better"})
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    (message,) = gate(tmp_path).process([message])
    assert message.get("intent")["name"] == intent
