"""The user simulator: its agenda, goals, wording, and how it reads and answers an assistant."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from benchmarks.simulator.__main__ import NothingToPlayWith, own_data
from bot.agent import Answer
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Person, Title
from bot.settings import settings
from bot.simulator import wording
from bot.simulator.acts import INTENTS, Act, Agenda
from bot.simulator.facts import FACTS, told
from bot.simulator.goal import GENRES, Constraint, Goal, draw
from bot.simulator.heard import Button, Heard
from bot.simulator.kinds import KINDS, Kind
from bot.simulator.outcome import figures, table
from bot.simulator.play import cast, play
from bot.simulator.typos import misspell
from bot.simulator.viewer import Viewer
from bot.simulator.wording import Voice
from models.nlu_examples import nlu_examples

LANGUAGES = ("en", "zh", "mixed")
DECIDED = KINDS[0]


def title(number: int, **facts: object) -> Title:
    genres = sorted(GENRES)
    values: dict[str, object] = {
        "id": f"tt{number:07}",
        "kind": "film",
        "title": f"Nightfall {number}",
        "title_zh": f"夜幕{number}",
        "year": 1950 + number % 70,
        "genres": (genres[number % len(genres)], genres[number * 7 % len(genres)]),
        "directors": (f"director-{number % 20}",),
        "cast": (f"actor-{number % 15}",),
        "countries": (("United States", "France", "Japan", "China")[number % 4],),
        "languages": (("English", "French", "Japanese", "Mandarin")[number % 4],),
        "runtime": 80 + number % 70,
        "reviews": 1000 - number,
        "score": 7.0,
        "synopsis_en": "A city waits for the morning.",
    }
    return Title(**{**values, **facts})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    titles = [title(number) for number in range(900)]
    titles += [title(900 + n, kind="series", seasons=3, runtime=45) for n in range(300)]
    titles += [title(1200 + n, genres=("Family", "Animation")) for n in range(60)]
    people = [Person(f"director-{n}", f"Director {n}") for n in range(20)]
    people += [Person(f"actor-{n}", f"Actor {n}", f"演员{n}") for n in range(15)]
    return Catalogue(titles, people)


def answer(
    *texts: str,
    cards: Sequence[Title] = (),
    buttons: Sequence[tuple[str, str]] = (),
    intent: str = "recommend",
) -> Answer:
    shown = [{"id": t.id, "title": t.title, "year": t.year, "buttons": []} for t in cards]
    custom = [{"type": "titles", "cards": shown}] if shown else []
    pressed = [{"title": label, "payload": payload} for label, payload in buttons]
    return Answer(texts, pressed, custom, (), intent, (), 1.0)


def viewer(catalogue: Catalogue, goal: Goal, kind: Kind = DECIDED) -> Viewer:
    quiet = Kind(kind.name, kind.wants, kind.opener, presses=0.0, greets=0.0, thanks=0.0)
    return Viewer(quiet, "en", goal, catalogue, Random(1))


def test_the_act_pushed_last_is_said_first() -> None:
    agenda = Agenda([Act("bye"), Act("more")])
    agenda.push(Act("thank"), Act("greet"))
    assert [agenda.pop().kind for _ in range(4)] == ["greet", "thank", "more", "bye"]
    with pytest.raises(IndexError):
        agenda.pop()


def test_an_act_that_waits_is_moved_up_and_not_said_twice() -> None:
    agenda = Agenda([Act("more"), Act("thank"), Act("greet")])
    agenda.push(Act("more"))
    assert [act.kind for act in agenda] == ["thank", "greet", "more"]
    agenda.drop(lambda act: act.kind == "thank")
    assert Act("thank") not in agenda and len(agenda) == 2


def test_there_are_enough_kinds_and_half_of_the_viewers_write_chinese(
    catalogue: Catalogue,
) -> None:
    assert len({kind.name for kind in KINDS}) >= 12
    languages = [cast(n, 3, catalogue)[0].language for n in range(2 * len(KINDS))]
    assert sum(language != "en" for language in languages) * 2 >= len(languages)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_goal_has_acceptable_titles(kind: Kind, catalogue: Catalogue) -> None:
    for seed in range(3):
        goal = draw(kind, catalogue, kind.languages[0], Random(seed))
        for wish in (goal, goal.changed()):
            found = wish.acceptable(catalogue)
            assert len(found) >= 6
            assert all(each.met_by(title) for title in found for each in wish.constraints)
            assert not wish.seen & {title.id for title in found}


def test_a_goal_that_nothing_meets_is_refused() -> None:
    with pytest.raises(ValueError, match="no goal"):
        draw(DECIDED, Catalogue([title(1)], []), "en", Random(1))


def test_constraints_are_met_by_the_facts() -> None:
    one = title(1, genres=("Horror",), year=1984, runtime=95, countries=("Japan",))
    met = [("genre", "Horror"), ("years", (1980, 1989)), ("years", (None, 1990)), ("runtime", 100)]
    unmet = [("not_genre", "Horror"), ("years", (1990, None)), ("runtime", 90), ("audience", True)]
    assert all(Constraint(*each).met_by(one) for each in met)
    assert not any(Constraint(*each).met_by(one) for each in unmet)
    assert not Constraint("runtime", 100).met_by(title(1, runtime=None))


def test_a_fact_is_told_when_the_text_has_it(catalogue: Catalogue) -> None:
    one = catalogue.titles["tt0000005"]
    assert told("director", one, catalogue, "Director 5 directed it.")
    assert told("cast", one, catalogue, "主演：演员5")
    assert told("runtime", one, catalogue, "It runs 1 h 25 min.")
    assert told("runtime", one, catalogue, "片长 85 分钟")
    assert not told("runtime", one, catalogue, "It runs 1 h 35 min.")
    assert told("country", one, catalogue, "来自法国")
    runner = title(7, title="Blade Runner 2049", year=2049)
    assert not told("year", runner, catalogue, "Blade Runner 2049 runs 2 h")


def test_an_answer_is_read_as_what_it_shows_and_asks() -> None:
    asks = Heard.read(answer("Which one do you mean?", buttons=[("A", '/choose{"title": "tt1"}')]))
    assert asks.choices == [Button("A", '/choose{"title": "tt1"}')] and "title" in asks.asked
    assert Heard.read(answer("想看什么类型的？")).asked >= {"genre", "wish"}
    assert Heard.read(answer("You're welcome!")).leads_on is False
    assert Heard.read(answer()).failed
    assert Heard.read(answer("Something went wrong, mention E-2ABCDE.")).failed


def test_what_was_said_and_not_heeded_is_insisted_on(catalogue: Catalogue) -> None:
    wish = (Constraint("genre", "War"), Constraint("years", (1980, 1989)))
    one = viewer(catalogue, Goal(wish))
    assert [act.kind for act in one.next()] == ["open"]
    wrong = [title for title in catalogue.titles.values() if "War" not in title.genres][:4]
    one.hear(Heard.read(answer("How about these?", cards=wrong)))
    assert [act.kind for act in one.next()] == ["insist"]
    right = Goal(wish).acceptable(catalogue)[0]
    one.hear(Heard.read(answer("Then these:", cards=[right, *wrong])))
    assert one.found == right and one.satisfied


def test_what_was_not_said_yet_is_said_before_others_are_asked_for(catalogue: Catalogue) -> None:
    wish = Goal((Constraint("genre", "War"), Constraint("years", (1980, 1989))))
    one = viewer(catalogue, wish, next(kind for kind in KINDS if kind.opener == "vague"))
    one.next()
    wrong = [each for each in catalogue.titles.values() if wish.broken(each)][:4]
    one.hear(Heard.read(answer("How about these?", cards=wrong)))
    assert {act.kind for act in one.next()} == {"inform"}


def test_a_fact_that_does_not_come_is_asked_for_once_more_and_then_missed(
    catalogue: Catalogue,
) -> None:
    goal = Goal((Constraint("genre", "War"),), requests=("director",))
    one = viewer(catalogue, goal)
    one.next()
    one.hear(Heard.read(answer("These:", cards=[goal.acceptable(catalogue)[0]])))
    asked = [act for act in one.agenda if act.kind == "ask"]
    assert [act.detail for act in asked] == ["director"]
    one.agenda = Agenda(asked)
    for _ in range(2):
        assert [act.kind for act in one.next()] == ["ask"]
        one.hear(Heard.read(answer("I don't know that, sorry.")))
    assert one.missed == ["director"] and not one.satisfied


def test_which_one_is_answered_with_the_one_meant(catalogue: Catalogue) -> None:
    goal = Goal((Constraint("genre", "War"),), requests=("director",))
    one = viewer(catalogue, goal)
    one.next()
    found = goal.acceptable(catalogue)[0]
    one.hear(Heard.read(answer("These:", cards=[found])))
    one.agenda = Agenda([Act("ask", about=found.id, detail="director")])
    one.next()
    other = ("Another", '/choose{"title": "tt9"}')
    this = ("This", f'/choose{{"title": "{found.id}"}}')
    one.hear(Heard.read(answer("Which one?", buttons=[other, this])))
    [act] = one.next()
    assert (act.kind, act.detail) == ("which", "2")


def test_patience_ends(catalogue: Catalogue) -> None:
    one = viewer(catalogue, Goal((Constraint("genre", "War"),)))
    for _ in range(20):
        if one.done():
            break
        one.next()
        one.hear(Heard.read(answer("I don't follow.")))
    assert one.gone and [act.kind for act in one.last] == ["leave"] and not one.satisfied


async def test_a_conversation_is_counted(catalogue: Catalogue) -> None:
    one, voice = cast(0, 5, catalogue)
    right = one.goal.acceptable(catalogue)[0]
    wrong = [each for each in catalogue.titles.values() if one.goal.broken(each)][:2]
    answers = [answer("Here:", cards=wrong), answer("Here:", cards=[right]), answer("Bye!")]
    sent: list[str] = []

    async def send(text: str) -> Answer:
        sent.append(text)
        if len(sent) == 4:
            raise RuntimeError("broken")
        return answers[min(len(sent), len(answers)) - 1]

    outcome = await play(one, voice, send)
    assert outcome.first is not None and outcome.turns == len(sent)
    assert outcome.same_text >= 1 and outcome.kind == "decided"
    assert json.dumps(outcome.transcript, ensure_ascii=False)
    assert table([outcome])[-1].startswith("all") and figures([outcome])["conversations"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_six_variations_in_each_language(language: str) -> None:
    acts = wording.texts(language)["acts"]
    for name, some in acts.items():
        assert len(set(some)) >= 6, f"{language}: {name}"
    openers = {"open"} | {f"open_{kind.opener}" for kind in KINDS} - {"open_open"}
    asides = {name for name in INTENTS if name.startswith("aside_")}
    rest = set(INTENTS) - {"inform"} | set(FACTS) | asides
    for name in openers | rest | {"name", "which", "neither", "rate", "unsure", "deny"}:
        assert len(wording.variations(language, name)) >= 6, f"{language}: {name}"


def test_no_sentence_is_one_that_the_assistant_is_taught(catalogue: Catalogue) -> None:
    taught = {bare(example.text) for example in nlu_examples()}
    marked = re.compile(r"\[[^]]+\](?:\([^)]*\)|\{[^}]*\})")
    taught |= {bare(marked.sub(" ", example.line)) for example in nlu_examples()}
    for language in LANGUAGES:
        for sentence in wording.sentences(language):
            assert bare(re.sub(r"\{\w+\}", " ", sentence)) not in taught, sentence
    for number in range(8 * len(KINDS)):
        one, voice = cast(number, 1, catalogue)
        for act in one.agenda:
            assert bare(voice.say([act], ())) not in taught


def test_viewers_play_on_a_copy_that_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USHER_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    try:
        with pytest.raises(NothingToPlayWith, match="not built"), own_data():
            pass
        with closing(sqlite3.connect(tmp_path / "usher.db")) as database:
            database.execute("CREATE TABLE kept (id)")
        with own_data():
            copy = settings().data_dir
            with closing(sqlite3.connect(copy / "usher.db")) as database:
                database.execute("DROP TABLE kept")
        assert copy != tmp_path and not copy.exists()
        assert settings().data_dir == tmp_path
        with closing(sqlite3.connect(tmp_path / "usher.db")) as database:
            assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def bare(text: str) -> str:
    """Letters and digits of a sentence."""
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_filled(language: str, catalogue: Catalogue) -> None:
    shown = list(catalogue.titles.values())[:4]
    voice = Voice(language, catalogue, Random(2))
    constraints = [
        *(Constraint("genre", genre) for genre in ("Horror", "Sci-Fi")),
        *(Constraint("years", span) for span in ((2010, 2019), (1980, 1989), (None, 1970))),
        Constraint("not_genre", "War"),
        Constraint("not_country", "Japan"),
        Constraint("person", ("actor-3", "cast")),
        Constraint("kind", "series"),
        Constraint("audience", True),
        Constraint("like", (shown[0].id, shown[0].genres)),
        Constraint("language", "French"),
        Constraint("runtime", 90),
        Constraint("country", "China"),
    ]
    for _ in range(8):
        for each in constraints:
            for kind in ("inform", "insist", "change", "restate"):
                assert "{" not in voice.say([Act(kind, (each,))], shown)
        for name in ("seen", "refuse", "take", "keep", "name", "neither"):
            assert "{" not in voice.say([Act(name, about=shown[1].id)], shown)
        for fact in FACTS:
            assert "{" not in voice.say([Act("ask", about=shown[1].id, detail=fact)], shown)


def test_slips_are_few_and_leave_numbers_alone() -> None:
    text = "what about something from 1994 with more adventure in it"
    slipped = misspell(text, 1.0, Random(4))
    assert slipped != text and "1994" in slipped
    same = sum(a == b for a, b in zip(text.split(), slipped.split(), strict=True))
    assert same >= len(text.split()) - 2
    assert misspell(text, 0.0, Random(4)) == text
