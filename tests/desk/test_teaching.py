"""From what viewers wrote to a patch of the teaching material."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.nlu.training_data.entities_parser import parse_training_example
from sqlalchemy import inspect
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.desk.annotating import Annotating
from bot.desk.collecting import collect, reasons_of
from bot.desk.conversation_tests import FOLDER, KEYS, ConversationTests
from bot.desk.inbox import Inbox
from bot.desk.nlu_files import CannotTeachError, NluFiles, Taught, shape
from bot.desk.people import Person, Refused
from bot.desk.projector import Projector
from bot.settings import ROOT
from bot.store import event_rows
from bot.store.conversations import Conversations
from bot.store.database import engine as engine_of
from tests.conversations import conversation
from tests.desk.told import number_of
from tests.nlu import test_teaching as rules

MEI, TOM = Person("1", "Mei"), Person("2", "Tom")


def parsed(intent: str, confidence: float, second: float = 0.0, **more: Any) -> dict[str, Any]:
    ranking = [{"name": intent, "confidence": confidence}, {"name": "greet", "confidence": second}]
    return {"intent": ranking[0], "intent_ranking": ranking, "language": "en", **more}


def said(engine: Engine, viewer: str, text: str, understood: dict[str, Any], *actions: str) -> None:
    data = {**understood, "text": text}
    heard = UserUttered(text, understood["intent"], [], data, input_channel="web")
    happened: list[Event] = [heard, *(ActionExecuted(name) for name in actions)]
    conversations = Conversations(engine)
    after = conversations.last_seq(viewer)
    rows = [
        event_rows.row(viewer, after + n, event, event_rows.masked(event), "en")
        for n, event in enumerate(happened, start=1)
    ]
    conversations.append(viewer, after, rows, None)


def open_sentence(engine: Engine, text: str = "zorble me a spooky flick tonight") -> int:
    said(engine, "v1", text, parsed("recommend", 0.4, 0.1))
    collect(engine)
    return next(each.id for each in Inbox(engine).page() if each.text == text)


@pytest.mark.parametrize(
    ("understood", "reasons"),
    [
        (parsed("recommend", 0.9), []),
        (parsed("recommend", 0.5), ["low"]),
        (parsed("recommend", 0.62, 0.6), ["close"]),
        (parsed("nlu_fallback", 0.7), ["fallback"]),
        (parsed("abuse", 0.9, 0.8, moderation={"flagged": True}), ["disagreement"]),
        (parsed("abuse", 0.9, 0.1, moderation={"flagged": True}), []),
        (parsed("abuse", 0.95, moderation={"flagged": False}), ["disagreement"]),
    ],
)
def test_why_a_sentence_is_worth_a_look(understood: dict[str, Any], reasons: list[str]) -> None:
    assert reasons_of(understood) == reasons


def test_the_inbox_holds_each_wording_once_the_least_confident_first(engine: Engine) -> None:
    said(engine, "v1", "Hmm, what?", parsed("recommend", 0.5))
    said(engine, "v2", "hmm what", parsed("recommend", 0.5))
    said(engine, "v2", "zorble me", parsed("nlu_fallback", 0.3))
    said(engine, "v2", "find Heat", parsed("recommend", 0.95))
    said(engine, "v2", "/greet", parsed("greet", 0.1))
    inbox = Inbox(engine)
    assert collect(engine) == 2 and collect(engine) == 0
    page = inbox.page()
    assert [(each.text, each.times) for each in page] == [("zorble me", 1), ("Hmm, what?", 2)]
    assert page[0].reasons == ("fallback", "low")
    assert [each.text for each in inbox.page(reason="fallback")] == ["zorble me"]
    assert [each.text for each in inbox.page(after=(0.3, page[0].id))] == ["Hmm, what?"]
    assert inbox.set_aside(page[0].id, "ignored") and not inbox.set_aside(page[0].id, "ignored")
    assert inbox.set_aside(page[1].id, "deleted") and inbox.get(page[1].id).text == ""
    said(engine, "v3", "zorble me", parsed("nlu_fallback", 0.3))
    collect(engine)
    assert inbox.page() == []


def test_one_proposes_and_another_approves(engine: Engine) -> None:
    sentence, desk = open_sentence(engine), Annotating(engine)
    number = desk.propose(sentence, "recommend", [], MEI)
    with pytest.raises(Refused, match="not_open"):
        desk.propose(sentence, "recommend", [], TOM)
    with pytest.raises(Refused, match="same_person"):
        desk.review(number, True, MEI)
    desk.review(number, False, TOM, "rather out of scope?")
    assert Inbox(engine).get(sentence).state == "open"
    assert desk.last_of(sentence).comment == "rather out of scope?"
    again = desk.propose(sentence, "recommend", [], MEI)
    desk.review(again, True, TOM)
    with pytest.raises(Refused, match="not_open"):
        desk.review(again, True, TOM)
    assert [each.id for each in desk.of_state("approved")] == [again]


@pytest.mark.parametrize(
    ("intent", "entities", "code"),
    [
        ("nonsense", [], "unknown_intent"),
        ("recommend", [(0, 6, "genre")], "unknown_entity"),
        ("recommend", [(0, 6, "title"), (3, 9, "title")], "entities_overlap"),
        ("recommend", [(0, 900, "title")], "entities_overlap"),
        ("recommend", [("0", 6, "title")], "wrong_entities"),
        ("recommend", [(0, 6)], "wrong_entities"),
    ],
)
def test_what_makes_no_sense_is_refused(
    engine: Engine, intent: str, entities: list[Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        Annotating(engine).propose(open_sentence(engine), intent, entities, MEI)


def test_a_sentence_is_taught_once_with_one_intent() -> None:
    files = NluFiles()
    assert files.problem(Taught("talk_to_person", "human please")) == "duplicate"
    assert files.problem(Taught("greet", "Human please")) == "other_intent"
    for n in range(200):
        try:
            files.add(Taught("privacy_show", f"show my record number {n}"))
        except CannotTeachError as error:
            assert error.code == "shape"
            break
    else:
        pytest.fail("as many sentences of one shape as one likes")


def test_the_shape_is_the_one_that_is_tested() -> None:
    for _, sentence in rules.sentences(ROOT / "data" / "nlu" / "title_facts.yml"):
        assert shape(sentence) == rules.shape(sentence)
    assert (frozenset(conversation.KEYS), 0.03) == (KEYS, rules.MOST_ALIKE)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from(["title", "person"]),
)
def test_rasa_reads_every_line_as_it_was_meant(text: str, one: int, other: int, kind: str) -> None:
    entities = ((min(one, other), max(one, other), kind),) if one != other else ()
    taught = Taught("recommend", text, entities)
    try:
        line = taught.line
    except CannotTeachError:
        return
    document = f"nlu:\n  - intent: recommend\n    examples: |\n      - {line}\n"
    (example,) = yaml.safe_load(document)["nlu"][0]["examples"].splitlines()
    message = parse_training_example(example[2:], "recommend")
    assert message.get("text") == text
    found = [(e["start"], e["end"], e["entity"]) for e in message.get("entities") or ()]
    assert found == list(entities)


def test_the_patch_adds_lines_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    desk = Annotating(engine)
    for text, intent, marks in (
        ("zorble me something like Heat tonight", "recommend", [(25, 29, "title")]),
        ("人工智障换个会说话的来", "talk_to_person", []),
        ("purge whatever you hoard: about me", "privacy_delete", []),
    ):
        number = desk.propose(open_sentence(engine, text), intent, marks, MEI)
        desk.review(number, True, TOM)
    made = desk.patch()
    assert len(made.added) == 3 and made.left == ()
    assert re.findall("^[+-](?![+-]).*", made.text, re.MULTILINE) == [
        "+      - 人工智障换个会说话的来",
        "+      - purge whatever you hoard: about me",
        "+      - zorble me something like [Heat](title) tonight",
    ]
    shutil.copytree(ROOT / "data" / "nlu", tmp_path / "data" / "nlu")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=made.text, text=True, check=True)
    for path in sorted((tmp_path / "data" / "nlu").glob("*.yml")):
        rules.test_few_sentences_of_a_skill_share_a_shape(path)
    # Once merged it is not offered again.
    files = NluFiles(tmp_path / "data" / "nlu")
    assert desk.patch(files).text == ""
    assert desk.merged(made.added) == 3 and desk.patch().text == ""


def test_a_conversation_becomes_a_test(engine: Engine) -> None:
    first = ("action_reply_language", "action_recommend", "action_listen")
    said(engine, "v1", 'a comedy: "short" one', parsed("recommend", 0.9), *first)
    said(engine, "v1", "no", parsed("refine", 0.9), "action_refine")
    Projector(engine).follow()
    tests = ConversationTests(engine)
    draft = tests.draft(number_of(engine, "v1"), "short comedies")
    (made,) = yaml.safe_load(draft)
    assert made["turns"] == [
        {"say": 'a comedy: "short" one', "action": "action_recommend"},
        {"say": "no", "action": "action_refine"},
    ]
    tests.save("v1", "happy_path", draft, MEI)
    tests.save("v1", "taught", draft.replace("short comedies", "funny"), MEI)
    added = re.findall(r"^\+(?!\+)(.*)", tests.patch(), re.MULTILINE)
    assert yaml.safe_load("\n".join(added))[0] == made
    for wrong in ("", "- a", "[", *_spoilt(draft)):
        with pytest.raises(Refused):
            tests.save("v1", "taught", wrong, MEI)
    assert tests.draft(999_999) == ""


def _spoilt(draft: str) -> tuple[str, ...]:
    return draft.replace("say", "shout"), draft.replace("language: en", "language: fr"), draft * 2


def test_tests_are_written_as_they_are_in_the_files() -> None:
    from bot.desk.conversation_tests import written

    for path in sorted(FOLDER.glob("*.yml")):
        for each in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert yaml.safe_load(written(each)) == [each]


def test_rasa_validates_the_patched_material(new_url: Callable[[str], str], tmp_path: Path) -> None:
    """What `rasa data validate` checks of sentences, with its own classes."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    engine = engine_of(new_url("sqlite"))
    desk = Annotating(engine)
    for text, intent, marks in (
        ("zorble me something like Heat tonight", "recommend", [(25, 29, "title")]),
        ("人工智障换个会说话的来", "talk_to_person", []),
    ):
        number = desk.propose(open_sentence(engine, text), intent, marks, MEI)
        desk.review(number, True, TOM)
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    for name in ("recommend.yml", "handoff.yml"):  # Rasa reads a file in a second
        shutil.copy(ROOT / "data" / "nlu" / name, tmp_path / "data" / "nlu" / name)
    (tmp_path / "domain.yml").write_text("intents: [recommend, talk_to_person]\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    patch = desk.patch().text
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, text=True, check=True)
    importer = TrainingDataImporter.load_from_dict(
        {}, None, str(tmp_path / "domain.yml"), [str(tmp_path / "data")]
    )
    taught = {
        (str(message.get("text")), str(message.get("intent")))
        for message in importer.get_nlu_data().intent_examples
    }
    assert ("zorble me something like Heat tonight", "recommend") in taught
    assert ("人工智障换个会说话的来", "talk_to_person") in taught
    validator = Validator.from_importer(importer)
    assert validator.verify_intents(ignore_warnings=False)
    assert validator.verify_example_repetition_in_intents(ignore_warnings=False)


def test_what_came_before_a_bad_answer_is_worth_a_look(engine: Engine) -> None:
    said(engine, "v1", "who made Heat", parsed("ask_director", 0.99))
    ours = not inspect(engine).has_table("feedback")
    with engine.begin() as connection:
        # The table of viewers' opinions, where the chat keeps none yet.
        connection.execute(
            sql(
                "CREATE TABLE IF NOT EXISTS feedback (id INTEGER PRIMARY KEY, viewer TEXT,"
                " message_id TEXT, verdict TEXT, reason TEXT, text TEXT, at DOUBLE PRECISION)"
            )
        )
        connection.execute(sql("DELETE FROM feedback"))
        connection.execute(
            sql(
                "INSERT INTO feedback (id, viewer, message_id, verdict, at)"
                " VALUES (1, 'v1', :message, 'down', :at)"
            ),
            {"message": f"b{round(time.time() * 1_000_000)}", "at": time.time()},
        )
    assert collect(engine) == 1 and collect(engine) == 0
    (found,) = Inbox(engine).page()
    assert (found.text, found.reasons) == ("who made Heat", ("thumbs_down",))
    if ours:
        with engine.begin() as connection:
            connection.execute(sql("DROP TABLE feedback"))
