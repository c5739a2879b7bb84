"""The domain speaks both languages, and says everything that the code asks it to say."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
# Asked for by whoever writes "speak English": the answer is in that language by design.
IN_ONE_LANGUAGE = {"utter_language_is_en", "utter_language_is_zh"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def variations(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variation in DOMAIN["responses"][name]:
        (condition,) = variation["condition"]
        assert condition["name"] == "language"
        found.setdefault(condition["value"], []).append(variation["text"])
    return found


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_every_response_exists_in_both_languages(name: str) -> None:
    found = variations(name)
    assert set(found) == {"en", "zh"}


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_variations_take_the_same_values(name: str) -> None:
    def fields(text: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    every = [fields(text) for texts in variations(name).values() for text in texts]
    # A plural ("season(s)") may need no value in one language, never one more than is given.
    assert all(each == every[0] for each in every), every


@pytest.mark.parametrize("name", sorted(set(DOMAIN["responses"]) - IN_ONE_LANGUAGE))
def test_chinese_is_chinese_and_english_is_english(name: str) -> None:
    found = variations(name)
    for text in found["zh"]:
        words = re.sub(r"\{\w+\}|Usher", "", text)
        assert HAN.search(words) or not re.search(r"[A-Za-z]{3}", words), text
    if name != "utter_help":  # tells how to switch to the other language
        assert not any(HAN.search(text) for text in found["en"])


def test_everything_the_code_says_is_in_the_domain() -> None:
    said = set()
    for path in [*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        said |= set(re.findall(r'"(utter_[a-z_]+[a-z])"', path.read_text(encoding="utf-8")))
    said.discard("utter_action")  # the name of a field of Rasa's
    assert said
    assert said <= set(DOMAIN["responses"])


def test_every_intent_has_one_rule_and_every_action_exists() -> None:
    rules = {}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            intent, action = rule["steps"][0]["intent"], rule["steps"][1]["action"]
            assert intent not in rules, intent
            rules[intent] = action
    assert set(rules) == {next(iter(intent)) for intent in DOMAIN["intents"]}
    known = set(DOMAIN["actions"]) | set(DOMAIN["responses"])
    assert set(rules.values()) <= known


def test_every_action_of_the_domain_is_registered() -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(DOMAIN["actions"]) <= set(executor.actions)


def test_wording_is_not_in_python() -> None:
    for path in [*(ROOT / "actions").glob("*.py"), *(ROOT / "bot" / "conversation").glob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            code = line.split("#")[0]
            if "《" in code and '"""' not in code:
                assert "(《…》" in code, f"{path.name}: {line}"
