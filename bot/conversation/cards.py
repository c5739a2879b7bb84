"""Titles as cards: the JSON a widget draws, and any channel can turn into text.

    {"type": "titles", "cards": [{"id", "kind", "title", "other_title", "year", "genres",
     "runtime", "seasons", "people", "synopsis", "score", "why", "buttons"}]}

Buttons hold a label and a payload that comes back as a message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.lexicon import label
from bot.catalogue.title import Title
from bot.conversation.wording import listed, phrase

# What a viewer can do with a card: the response that labels it → the intent it sends.
CARD_BUTTONS = {
    "utter_button_more_like_this": "recommend",
    "utter_button_seen_it": "seen_title",
    "utter_button_not_for_me": "refuse_title",
    "utter_button_add_to_watchlist": "watchlist_add",
}


def payload(intent: str, **entities: str) -> str:
    """A message that means `intent` with these entities, in Rasa's notation."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def button(response: str, language: str, intent: str, **entities: str) -> dict[str, str]:
    """A button labelled by a response of the domain."""
    return {"title": phrase(response, language), "payload": payload(intent, **entities)}


def length_text(title: Title, language: str) -> str | None:
    """Running time or number of seasons, as text."""
    if title.kind == "series" and title.seasons:
        name = "utter_length_season" if title.seasons == 1 else "utter_length_seasons"
        return phrase(name, language, seasons=title.seasons)
    if not title.runtime:
        return None
    hours, minutes = divmod(title.runtime, 60)
    if not hours:
        return phrase("utter_length_minutes", language, minutes=minutes)
    if not minutes:
        return phrase("utter_length_hours", language, hours=hours)
    return phrase("utter_length_hours_minutes", language, hours=hours, minutes=minutes)


def genres_text(genres: Iterable[str], language: str) -> list[str]:
    """Genres in the words of `language`."""
    return [label("genres", genre, language) for genre in genres]


def card(
    title: Title, catalogue: Catalogue, language: str, why: str | None = None
) -> dict[str, Any]:
    """One title as a card; unknown facts are left out."""
    other = title.title if language == "zh" else title.title_zh
    people = [
        person.label(language)
        for person in map(catalogue.person, (*title.directors[:1], *title.cast[:3]))
        if person is not None
    ]
    facts: dict[str, Any] = {
        "id": title.id,
        "kind": title.kind,
        "title": title.name(language),
        "other_title": other if other != title.name(language) else None,
        "year": title.year,
        "genres": genres_text(title.genres[:3], language),
        "runtime": length_text(title, language),
        "people": list(dict.fromkeys(people)),
        "synopsis": title.synopsis_zh if language == "zh" else title.synopsis_en,
        "score": title.score,
        "why": why,
        "buttons": [
            button(response, language, intent, title=title.id)
            for response, intent in CARD_BUTTONS.items()
        ],
    }
    return {key: value for key, value in facts.items() if value not in (None, [], "")}


def titles_payload(cards: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The custom payload of a message that shows titles."""
    return {"type": "titles", "cards": [dict(one) for one in cards]}


def label_with_year(title: Title, language: str) -> str:
    """ "Heat (1995)": a title that cannot be taken for another."""
    if title.year is None:
        return title.name(language)
    return phrase("utter_title_with_year", language, title=title.name(language), year=title.year)


def names_of(titles: Iterable[Title], language: str) -> str:
    """Several titles in one sentence."""
    texts = [
        phrase("utter_title_in_text", language, title=title.name(language)) for title in titles
    ]
    return listed(texts, language)
