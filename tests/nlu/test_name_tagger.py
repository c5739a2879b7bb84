from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalogue.names import NameIndex
from bot.nlu.gazetteer import GazetteerExtractor
from bot.nlu.name_examples import Named, OtherNames
from bot.nlu.name_features import features, overlapping, words
from bot.nlu.name_model import NameModel, NameModelError, labels
from bot.nlu.name_tagger import NameTagger

NAMED = [
    ("who directed {}", "ask_director"),
    ("when did {} come out", "ask_year"),
    ("i saw {} last night", "rate_title"),
    ("is the movie {} available to watch", "service_question"),
    ("what is {} about", "ask_plot"),
]
NAMELESS = [
    "turn the heat up in the kitchen",
    "what the heat does to my phone",
    "i want to get up early",
    "something about a heist in the snow",
    "show me a heist movie",
    "hurry up with the movie",
]


def example(text: str, intent: str, name: str) -> Message:
    start = text.index("{}")
    entity = {"entity": "title", "start": start, "end": start + len(name), "value": name}
    return Message.build(text.format(name), intent=intent, entities=[entity])


@pytest.fixture(scope="module")
def tagger(names: NameIndex, catalogue, tmp_path_factory) -> NameTagger:
    told = ["Heat", "Inception", "Dune", "Up", "Heist", "Zorblax", "Cotton Moon", "Tin Parade"]
    examples = [example(text, intent, name) for text, intent in NAMED for name in told] * 3
    examples += [Message.build(text, intent="recommend") for text in NAMELESS] * 12
    storage = LocalModelStorage(tmp_path_factory.mktemp("tagger"))
    resource = Resource("tagger")
    config = {**NameTagger.get_default_config(), "least": 0.2, "sure": 0.7}
    made = NameTagger(config, storage, resource, names, catalogue)
    made.train(TrainingData(examples))
    with storage.read_from(resource) as directory:
        model = NameModel(directory / "names.crfsuite")
    return NameTagger(config, storage, resource, names, catalogue, model)


def found(tagger: NameTagger, text: str) -> list[tuple[str, str]]:
    message = Message.build(text)
    GazetteerExtractor(tagger._names, tagger._catalogue).process([message])
    tagger.process([message])
    return [(text[e["start"] : e["end"]], e["match"]) for e in message.get("entities")]


def test_a_name_is_seen_by_the_words_around_it(tagger: NameTagger) -> None:
    assert found(tagger, "who directed heat") == [("heat", "exact")]
    assert found(tagger, "is the movie pelican bone available to watch") == [
        ("pelican bone", "unknown")
    ]


def test_an_ordinary_word_is_no_name(tagger: NameTagger) -> None:
    assert found(tagger, "show me a heist movie") == []


def test_quoted_and_annotated_names_stand(tagger: NameTagger) -> None:
    assert ("heist", "exact") in found(tagger, 'show me a "heist" movie')
    message = Message.build(
        "show me a heist movie",
        entities=[{"entity": "title", "start": 10, "end": 15, "value": "heist"}],
    )
    tagger.process([message])
    assert [e["value"] for e in message.get("entities")] == ["heist"]


@pytest.mark.parametrize(
    "text", ["", "/ask_title", "谁导演的盗火线", "?!", "who directed \U0001f525"]
)
def test_what_it_does_not_read_passes(tagger: NameTagger, text: str) -> None:
    message = Message.build(text)
    tagger.process([message])
    assert not message.get("entities")


def test_without_examples_nothing_is_learned(names, catalogue, tmp_path, shared_catalogue) -> None:
    storage, context = LocalModelStorage(tmp_path), ExecutionContext(GraphSchema({}))
    config = NameTagger.get_default_config()
    resource = NameTagger(config, storage, Resource("none"), names, catalogue).train(
        TrainingData([Message.build("hello", intent="greet")])
    )
    loaded = NameTagger.load(config, storage, resource, context)
    assert found(loaded, "who directed Heat") == [("Heat", "exact")]


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.crfsuite").write_bytes(b"nothing of the kind")
    with pytest.raises(NameModelError, match="no model of names"):
        NameModel(tmp_path / "names.crfsuite")
    with pytest.raises(NameModelError, match="No such file"):
        NameModel(tmp_path / "away")


def test_each_word_has_a_label_and_features(names: NameIndex) -> None:
    text = "Who directed Heat?"
    places = words(text)
    assert [text[start:end] for start, end in places] == ["Who", "directed", "Heat", "?"]
    assert labels(places, [(13, 17, "title")]) == ["O", "O", "B-title", "O"]
    seen = features(text, places, names.candidates(text))
    assert len(seen) == 4
    assert "title0=B1everyday" in seen[2]


def test_other_names_are_where_they_are_said_to_be() -> None:
    other = OtherNames(["The Big Sleep", "Jaws"], ["Ang Lee", "Jane Campion"], seed=3)
    sentence = Named(
        "is the Heat by Michael Mann any good?", ((7, 11, "title"), (15, 27, "person"))
    )
    varied = list(other.varied(sentence, 30))
    assert len(varied) == 30
    assert len({one.text for one in varied}) > 10
    for one in varied:
        (start, end, _), (first, last, _) = one.names
        assert one.text[:start].lower() == "is the "
        assert one.text[end:first] == " by "
        assert one.text[last:].rstrip("?") == " any good"
        assert not one.text[start:end].lower().startswith("the ")
    assert list(other.varied(Named("hello", ()), 5)) == []


@given(st.text(alphabet="ab 'é.", max_size=20), st.integers(0, 20), st.integers(1, 20))
def test_words_that_share_a_character_with_a_span(text: str, start: int, length: int) -> None:
    places, end = words(text), start + length
    expected = [i for i, (first, last) in enumerate(places) if first < end and start < last]
    assert list(overlapping(places, start, end)) == expected
