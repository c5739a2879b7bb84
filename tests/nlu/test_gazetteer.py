import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.nlu.gazetteer import GazetteerExtractor, names_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who directed Heat?", [("title", "Heat", "tt0113277")]),
        ("《霸王别姬》谁演的", [("title", "Farewell My Concubine", "tt0106332")]),
        ("诺兰拍过什么", [("person", "Christopher Nolan", "christopher-nolan")]),
        ("what is Up about", [("title", "Up", "tt1049413")]),
        ("what's up", []),
        ("who directed Zorblax?", [("title", "Zorblax", None)]),
        ("films by Jonathan Zorblax", [("person", "Jonathan Zorblax", None)]),
        ("《盗梦空间之夜》", [("title", "盗梦空间之夜", None)]),
    ],
)
def test_names_in_a_message(
    names: NameIndex, catalogue: Catalogue, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    found = names_in(text, names, catalogue)
    assert [(e["entity"], e["value"], e.get("id")) for e in found] == expected
    for entity in found:
        assert (entity["match"] == "unknown") == ("id" not in entity)


def test_all_readings_are_kept(names: NameIndex, catalogue: Catalogue) -> None:
    (dune,) = names_in("9/10 for Dune", names, catalogue)
    assert dune["ids"] == ["tt1160419", "tt0087182"]


def test_annotated_examples_keep_their_entities(names: NameIndex, catalogue: Catalogue) -> None:
    annotated = {"entity": "title", "start": 5, "end": 9, "value": "Heet"}
    text = "like Heet or Inception"
    data = TrainingData([Message(data={"text": text, "intent": "a", "entities": [annotated]})])
    GazetteerExtractor(names, catalogue).process_training_data(data)
    entities = data.training_examples[0].get("entities")
    assert annotated in entities
    assert [e["value"] for e in entities] == ["Heet", "Inception"]


def test_payloads_are_left_alone(names: NameIndex, catalogue: Catalogue) -> None:
    message = Message(data={"text": '/ask_title{"title": "Heat"}'})
    GazetteerExtractor(names, catalogue).process([message])
    assert message.get("entities") == []


@settings(deadline=None)
@given(text=st.text(max_size=80))
def test_any_text(names: NameIndex, catalogue: Catalogue, text: str) -> None:
    at = 0
    for entity in names_in(text, names, catalogue):
        assert at <= entity["start"] < entity["end"] <= len(text)
        at = entity["end"]
