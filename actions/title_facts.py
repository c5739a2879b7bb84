"""Facts about a title: who made it, when, how long, what about, under which names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actions.clear_title import clear_titles
from actions.recommend import Recommend, Refine, begins_a_request, is_one_more_condition
from actions.services import Services
from actions.skill import SkillAction
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.lexicon import label
from bot.catalogue.title import Title
from bot.conversation.cards import genres_text, length_text
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn
from bot.conversation.wording import listed, phrase, titled

Fact = dict[str, Any]
Finder = Callable[[Title, Catalogue, str], Fact | None]
MOST_CAST = 8
# "Who directed it and how long is it?": what joins two questions, and how likely the second
# must be. A single question leaves next to nothing for any other reading.
_JOINED = re.compile(r"\w\W+(and|plus|also)\b|[,;?，；？、。].*\w|还有|以及|和|顺便", re.IGNORECASE)
ALSO_ASKED = 0.08
# The conditions that the words of a question about a fact may be instead.
CONDITION_OF = {
    "ask_genre": ("genre",),
    "ask_country": ("country", "spoken_language"),
    "ask_year": ("years",),
    "ask_runtime": ("runtime",),
}
_ASKS = re.compile(
    r"[?？]|\b(?:what|when|which|how|who|where|is|are|was|were|does|did)\b|吗|呢|什么|哪|多少|几|谁|怎|啥",
    re.IGNORECASE,
)
_CHINESE_NAME = re.compile(r"\bchinese\b|中文|中国名|译名", re.IGNORECASE)
_ORIGINAL_NAME = re.compile(r"\boriginal\b|原名|原文|原片名", re.IGNORECASE)


class TitleFact(SkillAction):
    """Answer the fact that the intent asks for, about the title the message means."""

    action = "action_title_fact"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if restates(turn):
            adds = turn.request is not None and is_one_more_condition(turn)
            (Refine() if adds else Recommend()).answer(turn, reply, services)
            return
        for title in clear_titles(turn, reply, services)[:3]:
            for intent in (turn.intent, *also_asked(turn)):
                tell(intent, title, reply, services)


def restates(turn: Turn) -> bool:
    """Whether a message read as a question is a wish instead: "it must be Spanish", 有啥亚洲片."""
    if turn.first("title") or turn.first("ordinal") or turn.first("reference"):
        return False
    if begins_a_request(turn):
        return True
    wanted = CONDITION_OF.get(turn.intent)
    if turn.request is None and (turn.shown or turn.focus):
        return False  # a title may be asked about
    given = wanted is not None and any(turn.first(name) for name in wanted)
    return given and not _ASKS.search(turn.text)


def tell(intent: str, title: Title, reply: Reply, services: Services) -> None:
    """Say one fact about `title`; a fact not known is said to be so."""
    language = reply.language
    if intent not in FACTS:
        reply.say("utter_about_title", title=title.name(language))
        reply.show([title], services.catalogue)
        return
    response, find = _name_asked(reply.turn.text, title) if intent == "ask_names" else FACTS[intent]
    facts = find(title, services.catalogue, language)
    year = phrase("utter_in_brackets", language, text=title.year) if title.year else ""
    if facts is None:
        reply.say("utter_fact_unknown", title=title.name(language), year=year)
    else:
        reply.say(response, title=title.name(language), year=year, **facts)
    reply.slots["last_fact"] = intent
    reply.focus(title)
    if intent == "ask_director" and len(title.directors) == 1:
        # "What else has she made?" may come next.
        reply.slots["focus_person"] = title.directors[0]


def also_asked(turn: Turn) -> list[str]:
    """The other facts that the same message asks for."""
    if turn.intent not in FACTS or not _JOINED.search(turn.text):
        return []
    likely = [name for name, share in turn.rivals.items() if share >= ALSO_ASKED]
    return [name for name in likely if name in FACTS and name != turn.intent][:2]


def _people(ids: tuple[str, ...], catalogue: Catalogue, language: str) -> str | None:
    people = [person.label(language) for person in map(catalogue.person, ids) if person]
    return listed(people, language) or None


def _director(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    people = _people(title.directors, catalogue, language)
    return {"people": people} if people else None


def _cast(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    people = _people(title.cast[:MOST_CAST], catalogue, language)
    return {"people": people} if people else None


def _year(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    return {"when": title.year} if title.year else None


def _length(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    length = length_text(title, language)
    if title.kind == "series" and title.runtime:
        episode = phrase("utter_length_episode", language, minutes=title.runtime)
        length = listed([length, episode] if length else [episode], language)
    return {"length": length} if length else None


def _plot(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    texts = (title.synopsis_en, title.synopsis_zh)
    synopsis = (texts[1] or texts[0]) if language == "zh" else (texts[0] or texts[1])
    return {"synopsis": synopsis} if synopsis else None


def _genre(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    genres = listed(genres_text(title.genres, language), language)
    return {"genres": genres} if genres else None


def _country(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    countries = listed([label("countries", c, language) for c in title.countries], language)
    languages = listed([label("languages", x, language) for x in title.languages], language)
    if not countries and not languages:
        return None
    return {"countries": countries or "–", "languages": languages or "–"}


def _score(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    if title.score is None:
        return None
    return {"score": f"{title.score:.1f}", "n": title.reviews}


def _names(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    every = (title.title, title.title_zh, title.original_title, *title.aliases_zh, *title.aliases)
    others = {_plain(name): name for name in reversed(every) if name}
    others.pop(_plain(title.name(language)), None)
    return {"names": listed(list(others.values())[::-1][:5], language)} if others else None


def _chinese_name(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    names = [titled(name, language) for name in (title.title_zh, *title.aliases_zh) if name]
    return {"names": listed(names[:3], language)} if names else None


def _original_name(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    return {"names": titled(_original(title), language)} if _original(title) else None


def _original(title: Title) -> str:
    return title.original_title or (title.title if "English" in title.languages else "")


def _name_asked(text: str, title: Title) -> tuple[str, Finder]:
    """Which of a title's names is asked for: the Chinese, the original, else all of them."""
    if _CHINESE_NAME.search(text):
        return "utter_chinese_name", _chinese_name
    if _ORIGINAL_NAME.search(text) and _original(title):
        return "utter_original_name", _original_name
    return FACTS["ask_names"]


def _plain(name: str) -> str:
    """A name without case and punctuation, so that one name is not said twice."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _seasons(title: Title, catalogue: Catalogue, language: str) -> Fact | None:
    return {"seasons": title.seasons} if title.kind == "series" and title.seasons else None


FACTS: dict[str, tuple[str, Finder]] = {
    "ask_director": ("utter_director", _director),
    "ask_cast": ("utter_cast", _cast),
    "ask_year": ("utter_year", _year),
    "ask_runtime": ("utter_runtime", _length),
    "ask_plot": ("utter_plot", _plot),
    "ask_genre": ("utter_genre", _genre),
    "ask_country": ("utter_country", _country),
    "ask_score": ("utter_score", _score),
    "ask_names": ("utter_names", _names),
    "ask_seasons": ("utter_seasons", _seasons),
}
