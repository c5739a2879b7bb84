"""Mappings, readers and measures of the understanding benchmark, on tiny inputs."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.nlu import hard_names, mapping, pipeline, sets
from benchmarks.nlu.mapping import MappingError
from benchmarks.nlu.measures import (
    expected_calibration_error,
    label_f1,
    macro_f1,
    matched,
    percentile,
    trimmed,
)
from benchmarks.nlu.real import sampled
from benchmarks.nlu.report import Report
from benchmarks.nlu.samples import Sample, Span
from benchmarks.nlu.spans import KnownNames, known_counts, span_counts
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Person, Title

MANN = Person("michael-mann", "Michael Mann")
CATALOGUE = Catalogue(
    [
        Title(id="tt0113277", kind="film", title="Heat", year=1995, title_zh="盗火线"),
        Title(id="tt0093200", kind="film", title="Heat", year=1986),
        Title(id="tt1049413", kind="film", title="Up", year=2009),
    ],
    [MANN],
)


def write(folder: Path, file: str, data: object) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return folder


def parsed(text: str, *entities: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What the pipeline gives for `text`, with (kind, words) as entities."""
    return {
        "text": text,
        "entities": [
            {"entity": kind, "start": text.index(words), "end": text.index(words) + len(words)}
            | more
            for kind, words in entities
        ],
    }


def sample(text: str, *spans: tuple[str, str]) -> Sample:
    places = tuple(Span(k, text.index(w), text.index(w) + len(w)) for k, w in spans)
    return Sample(text, slots=frozenset(kind for kind, _ in spans), spans=places)


def test_f1_of_labels_counts_each_label_alike() -> None:
    expected = ["greet", "greet", "greet", "rate"]
    predicted = ["greet", "greet", "rate", "rate"]
    assert label_f1(expected, predicted) == pytest.approx({"greet": 0.8, "rate": 2 / 3})
    assert macro_f1(expected, predicted) == pytest.approx((0.8 + 2 / 3) / 2)
    assert macro_f1(["greet"], ["never expected"]) == 0.0


def test_calibration_error_is_the_distance_of_confidence_from_accuracy() -> None:
    assert expected_calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert expected_calibration_error([0.9, 0.9], [True, False]) == pytest.approx(0.4)
    assert expected_calibration_error([0.1, 0.9, 0.9, 0.9], [True, True, True, True]) == (
        pytest.approx((0.9 + 3 * 0.1) / 4)
    )


def test_words_at_the_edges_of_a_span_do_not_count() -> None:
    edges = frozenset({"the", "movies", "in"})
    text = "show me science fiction movies in the 1990s"
    start, end = trimmed(text, 8, 30, edges)
    assert text[start:end] == "science fiction"
    start, end = trimmed(text, 31, len(text), edges)
    assert text[start:end] == "1990s"
    assert trimmed("the movies", 0, 10, edges) == (0, 10)


def test_each_predicted_span_is_met_once() -> None:
    assert matched([(0, 4), (0, 4)], [(0, 4)]) == [0, None]
    assert matched([(0, 4)], [(2, 6)]) == [None]
    assert matched([(0, 4)], [(2, 6)], overlap=True) == [0]


def test_another_sample_draws_from_what_the_first_left() -> None:
    rows = list(range(100))
    assert sampled(rows, 60, 0) == random.Random(0).sample(rows, 60)
    assert len(sampled(rows, 30, 1)) == 30
    assert not set(sampled(rows, 60, 0)) & set(sampled(rows, 60, 1))


def test_percentiles() -> None:
    times = [float(n) for n in range(100)]
    assert (percentile(times, 0.5), percentile(times, 0.99)) == (50.0, 99.0)


@pytest.mark.parametrize("name", sets.READERS)
def test_every_set_has_a_mapping_that_leaves_no_sentence_out(name: str) -> None:
    mapped = mapping.read(name)
    names = [rule.name for rule in mapped.rules]
    assert len(names) == len(set(names))
    assert mapped.rules[-1].holds(Sample("anything", "no such label", frozenset({"NO SUCH SLOT"})))
    assert all(rule.right or rule.skip for rule in mapped.rules)


def test_the_first_rule_that_holds_says_what_is_right() -> None:
    mapped = mapping.read("mit_movie")
    fact = mapped.rule(sample("who directed heat", ("TITLE", "heat")))
    assert "ask_director" in fact.right and "recommend" not in fact.right
    alike = mapped.rule(sample("any movies like heat", ("TITLE", "heat")))
    assert alike.right == {"recommend", "refine"}
    films = mapped.rule(sample("westerns with john wayne", ("ACTOR", "john wayne")))
    assert {"recommend", "ask_filmography"} <= films.right


def test_where_usher_cannot_an_honest_cannot_is_right() -> None:
    channel = mapping.read("smp2019").rule(Sample("调到八频道", "tvchannel PLAY"))
    assert channel.right == {"out_of_scope", "nlu_fallback"}


def test_a_title_that_the_catalogue_lacks_may_be_refused() -> None:
    mapped = mapping.read("smp2019")
    has = Sample("盗火线", "video QUERY", frozenset({"name", mapping.KNOWN_TITLE}))
    lacks = Sample("某某晚会", "video QUERY", frozenset({"name"}))
    assert "out_of_scope" not in mapped.rule(has).right
    assert "out_of_scope" in mapped.rule(lacks).right


def test_a_question_for_several_things_is_right_with_any() -> None:
    mapped = mapping.read("kdconv_film")
    asked = Sample("导演是谁，片长多少？", slots=frozenset({"导演", "片长"}))
    assert mapped.rule(asked).right == {"ask_director", "ask_runtime"}
    assert mapped.rule(Sample("你看过吗？", slots=frozenset({"导演"}))).skip


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{name: a, right: [no_such_skill]}", "no_such_skill"),
        ("{name: a, right: [cant], lable: [x]}", "unknown lable"),
        ("{name: a, skip: true}", "without saying why"),
        ("{name: a, label: x, right: [cant]}", "must be a list"),
        ("{name: a, words: '(', right: [cant]}", "error"),
        ("{name: a}", "right"),
    ],
)
def test_a_damaged_mapping_is_refused(tmp_path: Path, rule: str, message: str) -> None:
    write(tmp_path, "some.yml", f"source: some\nrules: [{rule}]\n")
    with pytest.raises(MappingError, match=message):
        mapping.read("some", tmp_path)
    with pytest.raises(MappingError, match="absent"):
        mapping.read("absent", tmp_path)


def test_a_skill_means_its_intents_and_an_intent_itself() -> None:
    assert mapping.intents_of(["people"]) == {
        "ask_filmography",
        "ask_collaboration",
        "ask_person",
    }
    assert mapping.intents_of(["refine"]) == {"refine"}


def test_tagged_words_become_text_and_spans(tmp_path: Path) -> None:
    words = "any\tO\nspy\tB-GENRE\nfilms\tI-GENRE\nfrom\tO\nthe\tO\n1960\tB-YEAR\ns\tI-YEAR\n"
    (read,) = sets.read_mit(write(tmp_path, sets.MIT, f"{words}\n"))
    assert read.text == "any spy films from the 1960s"
    assert [(s.kind, read.text[s.start : s.end]) for s in read.spans] == [
        ("GENRE", "spy films"),
        ("YEAR", "1960s"),
    ]
    with pytest.raises(sets.SetError, match="without a tag"):
        sets.read_mit(write(tmp_path, sets.MIT, "word\n"))


def test_turns_of_film_services_keep_acts_and_slots(tmp_path: Path) -> None:
    def turn(service: str, speaker: str, text: str) -> dict[str, Any]:
        actions = [{"act": "INFORM", "slot": "genre"}, {"act": "INFORM_INTENT", "slot": "intent"}]
        state = {"active_intent": "FindMovies"}
        frame = {"service": service, "state": state, "actions": actions}
        return {"speaker": speaker, "utterance": text, "frames": [frame]}

    turns = [
        turn("Movies_9", "USER", "a comedy, please"),
        turn("Movies_9", "SYSTEM", "here"),
        turn("Banks_1", "USER", "my balance"),
    ]
    (read,) = sets.read_sgd_dev(write(tmp_path, sets.SGD_DEV, [{"turns": turns}]))
    assert (read.text, read.label) == ("a comedy, please", "FindMovies")
    assert {"INFORM", "INFORM genre", "INFORM_INTENT"} <= read.slots
    with pytest.raises(sets.SetError, match="not dialogues"):
        sets.read_sgd_dev(write(tmp_path, sets.SGD_DEV, [{"turns": [{}]}]))


def test_commands_questions_and_labelled_sentences(tmp_path: Path) -> None:
    rows = [
        {"text": "看电影", "domain": "video", "intent": "QUERY", "slots": {"category": "电影"}},
        {"text": "今天天气", "domain": "weather", "intent": "QUERY", "slots": {}},
    ]
    (video,) = sets.read_smp(write(tmp_path, sets.SMP, rows))
    assert (video.label, video.slots) == ("video QUERY", {"category"})

    talk = [{"message": "谁导演的？"}, {"message": "某人", "attrs": [{"attrname": "导演"}]}]
    (asked,) = sets.read_kdconv(write(tmp_path, sets.KDCONV, [{"messages": talk}]))
    assert (asked.text, asked.slots) == ("谁导演的？", {"导演"})

    clinc = {"val": [["hello there", "greeting"]], "oos_val": [["fly a kite", "oos"]]}
    assert [s.label for s in sets.read_clinc(write(tmp_path, sets.CLINC, clinc))] == [
        "greeting",
        "oos",
    ]
    house = {"rasa_nlu_data": {"common_examples": [{"text": "lights off", "intent": "iot_off"}]}}
    (command,) = sets.read_hwu(write(tmp_path, f"{sets.HWU}/some.json", house))
    assert (command.text, command.label) == ("lights off", "iot_off")


@pytest.mark.parametrize("name", sets.READERS)
def test_what_is_no_json_or_of_another_form_is_refused(tmp_path: Path, name: str) -> None:
    file, read = sets.READERS[name]
    for wrong in ("{", '{"some": "thing"}', "[1]", '"text"'):
        write(tmp_path, file.replace("*", "some"), wrong)
        with pytest.raises(sets.SetError):
            read(tmp_path)


def test_spans_of_two_kinds_share_what_is_found() -> None:
    mapped = mapping.read("mit_movie")
    text = "films by michael mann with al pacino about heists"
    said = sample(text, ("DIRECTOR", "michael mann"), ("ACTOR", "al pacino"))
    found = parsed(text, ("person", "michael mann"), ("person", "heists"))
    actor = span_counts("ACTOR", mapped, [(said, found)], "trimmed")
    director = span_counts("DIRECTOR", mapped, [(said, found)], "trimmed")
    assert (actor.right, actor.predicted, actor.expected) == (0, 1, 1)
    assert (director.right, director.predicted, director.expected) == (1, 2, 1)


def test_another_true_reading_counts_as_found_and_never_as_too_much() -> None:
    mapped = mapping.read("mit_movie")
    text = "a scary movie that is sad and for kids"
    said = sample(text, ("GENRE", "scary movie"))
    found = parsed(text, ("mood", "scary"), ("mood", "sad"), ("audience", "kids"))
    counts = span_counts("GENRE", mapped, [(said, found)], "trimmed")
    assert (counts.right, counts.predicted, counts.expected) == (1, 1, 1)
    exact = span_counts("GENRE", mapped, [(said, found)], "exact")
    assert (exact.right, exact.predicted) == (0, 0)


def test_known_names_are_those_of_the_catalogue() -> None:
    known = KnownNames(CATALOGUE)
    assert ("title", "the heat") in known and ("title", "盗火线") in known
    assert ("person", "michael mann") in known and ("person", "heat") not in known
    mapped = mapping.read("mit_movie")
    first = sample("who directed heat", ("TITLE", "heat"))
    other = sample("who directed zorblax heat", ("TITLE", "zorblax heat"))
    counts = known_counts(
        "title",
        mapped,
        [
            (first, parsed(first.text, ("title", "heat"))),
            (other, parsed(other.text, ("title", "heat"))),
            (other, parsed(other.text, ("title", "zorblax heat"), match="unknown")),
        ],
        known,
    )
    assert (counts.right, counts.predicted, counts.expected) == (1, 2, 1)


def test_hard_names_have_readings_and_several_titles(tmp_path: Path) -> None:
    rows = (
        "text\ttitles\tkind\n"
        "is heat any good\tHeat (1995) / Heat (1986)\tcommon word\n"
        "up or heat?\tUp (2009) | Heat (1995)\tcommon word\n"
        "turn up the heat\t\tno title\n"
    )
    file = write(tmp_path, "hard.tsv", rows) / "hard.tsv"
    one, two, none = hard_names.read(file)
    labels = hard_names.Labels(CATALOGUE)
    assert labels.ids("Heat (1986)") == {"tt0093200"}
    assert labels.ids("盗火线（1995）") == {"tt0113277"}
    assert labels.ids("heat") == {"tt0093200", "tt0113277"}
    assert labels.ids("Zorblax (1999)") == frozenset()
    assert (one.titles, none.titles) == ((("Heat (1995)", "Heat (1986)"),), ())
    expected = [frozenset().union(*map(labels.ids, readings)) for readings in two.titles]
    counts = hard_names.count(expected, ["tt1049413", "tt0093200", "tt1049413"])
    assert (counts.right, counts.predicted, counts.expected) == (1, 2, 2)
    assert hard_names.count([], ["tt1049413"]).precision == 0.0


@pytest.mark.parametrize(
    "text",
    ["", "text\ttitles\n", "text\ttitles\tkind\nno kind\tUp\n", "text\ttitles\tkind\na\tb\tc\td\n"],
)
def test_a_damaged_file_of_hard_names_is_refused(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, "hard.tsv", text) / "hard.tsv"
    with pytest.raises(hard_names.HardNamesError, match=r"hard\.tsv"):
        hard_names.read(file)


def test_the_pipeline_is_parted_where_learning_begins() -> None:
    untrained, learned = pipeline.parts()
    assert not any(part.trainable for part in untrained)
    assert learned[0].trainable
    assert learned[-1].name == pipeline.FALLBACK_CLASSIFIER
    assert learned[-1].config["ambiguity_threshold"] > 0
    before = [part.name.rsplit(".")[-1] for part in pipeline.before_classifier(learned)]
    assert before == ["NameTagger", "Speller", "PhraseExtractor"]


def test_the_last_line_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.bar("high", "as high as it should be", 0.97, 0.96)
    report.bar("low", "lost", 0.05, 0.03, most=True)
    report.value("plain", "plain", 0.123456)
    report.skip("a set: not there")
    report.mistake("part", "rare", "a")
    report.mistake("part", "often", "b")
    report.mistake("part", "often", "c")
    report.summary()
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["bars"]["high"] == {"value": 0.97, "bar": 0.96, "ok": True}
    assert last["bars"]["low"]["ok"] is False
    assert last["figures"] == {"plain": 0.1235}
    assert last["skipped"] == ["a set: not there"]
    report.write_mistakes(tmp_path / "m.tsv")
    assert (tmp_path / "m.tsv").read_text(encoding="utf-8").splitlines()[0] == "part\t2\toften\tb"
