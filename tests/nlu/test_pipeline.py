"""The components in Rasa's own graph: trained, packed, loaded, asked."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
import rasa.model_training
from rasa.core.agent import Agent

from bot.catalogue import shared
from bot.catalogue.catalogue import Catalogue
from bot.nlu.intent_classifier import _without_tie
from bot.nlu.parsing import parse_result

CONFIG = """
assistant_id: test
recipe: default.v1
language: en
pipeline:
  - name: bot.nlu.tokenizer.BilingualTokenizer
  - name: bot.nlu.language.LanguageDetector
  - name: bot.nlu.gazetteer.GazetteerExtractor
  - name: bot.nlu.phrases.PhraseExtractor
  - name: bot.nlu.intent_classifier.IntentClassifier
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.02
policies:
  - name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [ask_director, ask_cast, rate_title, greet, nlu_fallback]
entities: [title, person, genre, rating, reference, kind]
responses: {utter_ok: [{text: ok}]}
"""
DATA = """
version: "3.1"
nlu:
  - intent: ask_director
    examples: |
      - who directed [Heat](title)
      - who directed [Inception](title)
      - who is the director of Up
      - 《盗梦空间》谁导演的
      - 霸王别姬的导演是谁
      - director of Heat please
  - intent: ask_cast
    examples: |
      - who is in Heat
      - who stars in [Inception](title)
      - cast of Dune
      - 《盗梦空间》谁演的
      - 霸王别姬的主演有谁
      - actors in Heat please
  - intent: rate_title
    examples: |
      - 9/10 for Heat
      - I give it 4 stars
      - rate Dune 8/10
      - 给《盗梦空间》打9分
      - 霸王别姬五星
      - 3/5
  - intent: greet
    examples: |
      - hello
      - hi
      - good evening
      - 你好
      - 嗨
      - 晚上好
rules:
  - rule: ok
    steps: [{intent: greet}, {action: utter_ok}]
"""


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Any:
    folder = tmp_path_factory.mktemp("assistant")
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    shared.use(catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        result = rasa.model_training.train(
            "domain.yml", "config.yml", ["data.yml"], output=str(folder), fixed_model_name="m"
        )
        assert result.code == 0 and result.model
        yield Agent.load(result.model)
    shared.use(None)


async def parsed(agent: Agent, text: str) -> dict[str, Any]:
    return parse_result(await agent.parse_message(text))


@pytest.mark.parametrize(
    ("text", "intent", "language", "entities"),
    [
        ("who directed Dune?", "ask_director", "en", [("title", "tt1160419")]),
        ("《霸王别姬》是谁导演的", "ask_director", "zh", [("title", "tt0106332")]),
        ("who stars in Up", "ask_cast", "en", [("title", "tt1049413")]),
        ("盗火线谁演的", "ask_cast", "zh", [("title", "tt0113277")]),
        ("8/10 for Inception", "rate_title", "en", [("rating", None), ("title", "tt1375666")]),
        ("你好", "greet", "zh", []),
    ],
)
async def test_understands(
    agent: Agent, text: str, intent: str, language: str, entities: list[tuple[str, str | None]]
) -> None:
    result = await parsed(agent, text)
    assert result["intent"]["name"] == intent
    assert result["language"] == language
    assert [(e["entity"], e["id"]) for e in result["entities"]] == entities
    assert json.loads(json.dumps(result)) == result


async def test_buttons_say_what_they_mean(agent: Agent) -> None:
    result = await agent.parse_message('/rate_title{"title": "tt0113277", "rating": 4}')
    assert result["intent"]["name"] == "rate_title"
    values = {entity["entity"]: entity["value"] for entity in result["entities"]}
    assert values == {"title": "tt0113277", "rating": 4}


@pytest.mark.parametrize("text", ["/no_such_intent", "", "   ", "?!", "/", "\x00\x01", "ö" * 5000])
async def test_what_cannot_be_understood_falls_back(agent: Agent, text: str) -> None:
    result = await parsed(agent, text)
    assert result["intent"]["name"] in (None, "nlu_fallback", "greet", "rate_title", "ask_cast")
    assert result["intent"]["name"] == "nlu_fallback" or text.strip()


def test_the_classifier_is_kept_without_pickles(agent: Agent) -> None:
    (archive,) = Path(agent.processor.model_path).parent.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        kept = [name for name in packed.getnames() if "IntentClassifier" in name]
    assert {Path(name).name for name in kept if "." in Path(name).name[-6:]} == {
        "model.json",
        "weights.npz",
    }


def test_two_ways_to_put_one_wish_are_no_doubt() -> None:
    def ranked(*pairs: tuple[str, float]) -> list[dict[str, Any]]:
        return [{"name": name, "confidence": confidence} for name, confidence in pairs]

    tie = ranked(("refine", 0.3), ("recommend", 0.28), ("greet", 0.1))
    assert _without_tie(tie)[0] == {"name": "refine", "confidence": pytest.approx(0.58)}
    for clear in (
        ranked(("refine", 0.6), ("recommend", 0.2)),
        ranked(("refine", 0.3), ("greet", 0.29), ("recommend", 0.28)),
        ranked(("refine", 1.0)),
        [],
    ):
        assert _without_tie(clear) == clear
