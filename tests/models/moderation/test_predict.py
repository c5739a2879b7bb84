from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.moderation_viewers import measured
from models.artefact import ArtefactError
from models.moderation.dataset import key, own
from models.moderation.intents import viewers
from models.moderation.obfuscate import CHINESE, ENGLISH, obfuscate
from models.moderation.predict import SHIPPED, Moderator
from tests.models.moderation.heldout import ABUSIVE, HARMLESS, SELF_HARM


@lru_cache(maxsize=1)
def shared() -> Moderator:
    return Moderator.load()


@pytest.fixture
def moderator() -> Moderator:
    return shared()


def test_film_talk_complaints_and_identities_pass(moderator: Moderator) -> None:
    found = {text: moderator.check(text) for text in HARMLESS}
    flagged = {text: verdict for text, verdict in found.items() if verdict.flagged}
    assert len(HARMLESS) >= 60
    # To take a joke about oneself seriously is the better mistake, and it happens once.
    assert len(flagged) <= 1, flagged
    assert all(verdict.category == "self_harm" for verdict in flagged.values()), flagged


def test_abuse_is_caught(moderator: Moderator) -> None:
    missed = [text for text in ABUSIVE if not moderator.check(text).flagged]
    assert len(ABUSIVE) >= 40
    assert len(missed) <= len(ABUSIVE) // 10, missed


def test_talk_of_self_harm_is_recognised(moderator: Moderator) -> None:
    missed = [text for text in SELF_HARM if moderator.check(text).category != "self_harm"]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("you are a stupid idiot", "insult"),
        ("你这个傻逼", "insult"),
        ("I hate all jews", "hate"),
        ("黑鬼滚出去", "hate"),
        ("send me nudes", "sexual"),
        ("给我发裸照", "sexual"),
        ("I will kill you", "threat"),
        ("我要杀了你", "threat"),
        ("加微信领红包，日赚三百", "spam"),
        ("Earn $500 a day from home, click http://easy.win", "spam"),
    ],
)
def test_the_kind_of_abuse_is_named(moderator: Moderator, text: str, category: str) -> None:
    assert moderator.check(text).category == category


@pytest.mark.parametrize("kind", sorted(ENGLISH))
def test_english_disguises_are_seen_through(moderator: Moderator, kind: str) -> None:
    _catches_disguised(moderator, kind, [t for t in ABUSIVE if t.isascii()])


@pytest.mark.parametrize("kind", sorted(CHINESE))
def test_chinese_disguises_are_seen_through(moderator: Moderator, kind: str) -> None:
    _catches_disguised(moderator, kind, [t for t in ABUSIVE if not t.isascii()])


def _catches_disguised(moderator: Moderator, kind: str, texts: list[str]) -> None:
    chance = random.Random(5)
    plain = [text for text in texts if moderator.check(text).flagged]
    missed = [t for t in plain if not moderator.check(obfuscate(t, kind, chance)).flagged]
    assert len(missed) <= 0.25 * len(plain), missed


def test_the_span_holds_the_insult(moderator: Moderator) -> None:
    text = "Please recommend a good film for tonight, you fucking idiot"
    verdict = moderator.check(text)
    assert verdict.span is not None
    assert "idiot" in text[slice(*verdict.span)] or "fucking" in text[slice(*verdict.span)]
    assert verdict.reason.startswith("insult: '")


def test_a_known_title_carries_no_score(moderator: Moderator) -> None:
    text = "you fucking idiot"
    assert moderator.check(text).flagged
    assert not moderator.check(text, [(0, len(text))]).flagged


def test_an_insult_deep_in_a_long_message_counts(moderator: Moderator) -> None:
    calm = "I liked the film a lot and the music was lovely. " * 30
    assert not moderator.check(calm).flagged
    verdict = moderator.check(calm + "you are a fucking idiot. " + calm)
    assert verdict.flagged
    assert verdict.span is not None
    assert len(calm) - 60 <= verdict.span[0] < len(calm) + 40


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = shared().check(text)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict.flagged == (verdict.category is not None) == (verdict.span is not None)
    if verdict.span:
        assert 0 <= verdict.span[0] < verdict.span[1] <= len(text)


def test_a_message_takes_about_a_millisecond(moderator: Moderator) -> None:
    text = "can you find me a film like Inception, but lighter, for two people tonight at home?"
    times = []
    for _ in range(60):
        begun = time.perf_counter()
        moderator.check(text)
        times.append(time.perf_counter() - begun)
    assert sorted(times)[10] < 0.003


@pytest.mark.parametrize("unit", ["you idiot ", "傻逼", "f.u.c.k ", "a b ", "x"])
def test_four_thousand_characters_take_linear_time(moderator: Moderator, unit: str) -> None:
    moderator.check(unit * 20)
    begun = time.perf_counter()
    moderator.check((unit * 4000)[:4000])
    assert time.perf_counter() - begun < 1.0


@given(st.text(st.sampled_from('a fuck.*@1傻逼你‮​́🐎"《,'), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_no_repeated_text_takes_more_than_linear_time(unit: str) -> None:
    """Processor time of 4,000 characters: twice that of 2,000, and under half a second."""
    moderator = shared()
    taken = []
    for length in (2000, 4000):
        text = (unit * length)[:length]
        rounds = []
        for _ in range(3):
            begun = time.process_time()
            moderator.check(text)
            rounds.append(time.process_time() - begun)
        taken.append(min(rounds))
    assert taken[1] < max(3.5 * taken[0], 0.02)
    assert taken[1] < 0.5


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "artefact"))
    weights = folder / "weights.npz"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(bytes(content))
    with pytest.raises(ArtefactError, match="does not match"):
        Moderator.load(folder)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="train it first"):
        Moderator.load(tmp_path)


def test_shipped_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 8_000_000


def test_lines_in_json_lines_out() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "models.moderation.predict"],
        input="you stupid idiot\n《霸王别姬》谁演的\n\n",
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["flagged"] for row in rows] == [True, False, False]


def test_numpy_equals_keras(moderator: Moderator) -> None:
    from tests.models.moderation.twin import keras_logits

    texts = [*HARMLESS[:20], *ABUSIVE[:10], *SELF_HARM[-5:]]
    expected = keras_logits(moderator.scorer, texts)
    hasher = moderator.scorer.hasher
    mine = moderator.scorer.batch([hasher.tokens(text) for text in texts])
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(mine, name), values, atol=1e-5, rtol=1e-5)
    for row, text in enumerate(texts):
        single, _, _ = moderator.scorer.logits_of(hasher.occurrences([hasher.tokens(text)]))
        np.testing.assert_allclose(single.outputs[0], mine.outputs[row], atol=1e-5, rtol=1e-5)


def test_nothing_here_was_trained_on() -> None:
    trained = {example.text.lower() for example in own()}
    assert not trained & {text.lower() for text in (*HARMLESS, *ABUSIVE, *SELF_HARM)}
    trained = {key(example.text) for example in (*own(), *viewers())}
    held = [row["text"] for row in measured()]
    assert len(held) == len({key(text) for text in held}) >= 1_000
    assert not [text for text in held if key(text) in trained]
