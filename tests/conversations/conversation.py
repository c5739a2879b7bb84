"""Conversations written down in YAML, and what is checked of each answer.

A turn says something (`say`) or presses a button (`press`, of the `of`-th card) and may expect:

    action     the action or response that answered
    text       a regular expression found in what was said; `not_text`: not found
    anew       that this was not said before, word for word
    buttons    labels that must be there
    slots      names and values
    file       text inside the file that was sent
    about      the place, among the titles shown last with cards, of the title in focus
    cards      `none`, or conditions that every card's title meets (see `check_cards`)

With `language: en` or `zh` every answer must be in it; with `any` it is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median
from typing import Any

from bot.catalogue import shared
from bot.catalogue.title import Title
from tests.conversations.talk import Said, Viewer, find

IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


def hold(conversation: Mapping[str, Any], viewer: Viewer) -> None:
    """Have the conversation and check each answer."""
    shown: list[Title] = []
    for turn in conversation["turns"]:
        said = speak(turn, viewer)
        where = f"after {turn.get('say') or turn['press']!r} came {said.actions}: {said.text}"
        for unsaid in set(turn) - KEYS:
            raise ValueError(f"no such expectation: {unsaid}")
        if conversation["language"] != "any":
            assert said.slots["language"] == conversation["language"], where
            assert in_language(said.text, conversation["language"]), where
        check_words(turn, said, where)
        if turn.get("anew"):
            assert said.text not in [earlier.text for earlier in viewer.heard[:-1]], where
        if "about" in turn:
            place = turn["about"]
            wanted = shown[place - 1 if place > 0 else place].id
            assert said.slots["focus"] == wanted, where
        if "cards" in turn:
            check_cards(turn["cards"], said, viewer, shown, where)
        shown = said.titles or shown


KEYS = {
    "say",
    "press",
    "of",
    "action",
    "text",
    "not_text",
    "anew",
    "buttons",
    "slots",
    "file",
    "about",
    "cards",
}


def speak(turn: Mapping[str, Any], viewer: Viewer) -> Said:
    """Send what the turn sends."""
    if "say" in turn:
        return viewer.say(turn["say"])
    if "of" in turn:
        shown = next(said for said in reversed(viewer.heard) if len(said.cards) >= turn["of"])
        buttons = shown.cards[turn["of"] - 1]["buttons"]
        return viewer.say(next(b["payload"] for b in buttons if b["title"] == turn["press"]))
    return viewer.press(turn["press"])


def in_language(text: str, language: str) -> bool:
    """Whether a text is mostly Chinese or mostly not: names may be in either."""
    chinese = len(IDEOGRAPH.findall(text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    if not text:
        return True
    return bool(chinese) and chinese * 2 >= latin if language == "zh" else latin * 2 >= chinese


def check_words(turn: Mapping[str, Any], said: Said, where: str) -> None:
    """What was done, said, offered and remembered."""
    assert said.answer.messages, f"no answer: {where}"
    assert not said.failed, where
    if "action" in turn:
        assert turn["action"] in said.actions, where
    if "text" in turn:
        assert re.search(turn["text"], said.text), where
    if "not_text" in turn:
        assert not re.search(turn["not_text"], said.text), where
    for label in turn.get("buttons", ()):
        assert label in [title for title, _ in said.buttons], f"no button {label!r} {where}"
    for name, value in turn.get("slots", {}).items():
        assert said.slots[name] == value, where
    if "file" in turn:
        files = [custom for custom in said.answer.custom if custom.get("type") == "file"]
        assert files and turn["file"] in files[0]["text"], where


def check_cards(wanted: Any, said: Said, viewer: Viewer, before: list[Title], where: str) -> None:
    """The titles shown meet every condition; facts are the catalogue's, not the card's."""
    if wanted == "none":
        assert not said.cards, where
        return
    titles = said.titles
    where = f"{where} {[f'{t.title} ({t.year}, {t.runtime} min) {t.genres}' for t in titles]}"
    assert titles, f"no cards {where}"
    assert len(set(said.ids)) == len(said.ids), f"twice the same {where}"
    for name, value in wanted.items():
        assert name in CONDITIONS or name in WHOLE, f"no such condition: {name}"
        if name in CONDITIONS:
            for title in titles:
                assert CONDITIONS[name](title, value), (
                    f"{title.title} is not {name}={value} {where}"
                )
    low, high = wanted.get("n", (1, 5))
    assert low <= len(titles) <= high, where
    if "titles" in wanted:
        assert said.ids == [find(name).id for name in wanted["titles"]], where
    if "excludes" in wanted:
        assert not set(said.ids) & {find(name).id for name in wanted["excludes"]}, where
    if wanted.get("new"):
        assert not set(said.ids) & set(viewer.shown_before()), f"shown before {where}"
    reasons = [card.get("why", "") for card in said.cards]
    if "why" in wanted:
        assert all(re.search(wanted["why"], reason) for reason in reasons), f"{reasons} {where}"
    if "why_any" in wanted:
        assert any(re.search(wanted["why_any"], reason) for reason in reasons), f"{reasons} {where}"
    if wanted.get("shorter"):
        limit = median(t.runtime for t in before if t.runtime)
        assert all(t.runtime and t.runtime < limit for t in titles), where
    if wanted.get("newer"):
        limit = median(t.year for t in before if t.year)
        assert all(t.year and t.year > limit for t in titles), where
    if wanted.get("newest_first"):
        years = [t.year or 0 for t in titles]
        assert years == sorted(years, reverse=True), where


def _named(title: Title) -> set[str]:
    people = map(shared.catalogue().person, (*title.directors, *title.cast))
    return {person.name for person in people if person is not None}


CONDITIONS: Mapping[str, Any] = {
    "kind": lambda t, kind: t.kind == kind,
    "genres": lambda t, genres: set(genres) <= set(t.genres),
    "not_genres": lambda t, genres: not set(genres) & set(t.genres),
    "from": lambda t, year: t.year and t.year >= year,
    "to": lambda t, year: t.year and t.year <= year,
    "longest": lambda t, minutes: t.runtime and t.runtime <= minutes,
    "shortest": lambda t, minutes: t.runtime and t.runtime >= minutes,
    "countries": lambda t, countries: set(countries) & set(t.countries),
    "not_countries": lambda t, countries: not set(countries) & set(t.countries),
    "languages": lambda t, languages: set(languages) & set(t.languages),
    "people": lambda t, people: set(people) <= _named(t),
    "not_people": lambda t, people: not set(people) & _named(t),
}
WHOLE = {"n", "titles", "excludes", "new", "why", "why_any", "shorter", "newer", "newest_first"}
