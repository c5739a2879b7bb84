"""Ratings: given as a number or in words, titles seen, titles refused, and taking it back."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.clear_title import clear_title
from actions.recommend import Undo
from actions.services import Services
from actions.skill import SkillAction
from actions.title_facts import TitleFact
from bot.catalogue.title import Title
from bot.conversation.cards import button, payload
from bot.conversation.entity import Entity
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn

# What parts an opinion on one title from that on the next.
# "How many points does it have?" asks for a score and gives none.
_SCORE_ASKED = re.compile(
    r"有几分|多少分|几分[?？]|评分(?:多少|怎么样|如何|是|报)|评分?.{0,4}报一下"
    r"|\bwhat(?:'s|\s+is|\s+are|\s+was)\b.{0,20}\b(?:scores?|ratings?)\b",
    re.IGNORECASE,
)
CLAUSE = r"[,;.!，；。！、]|\b(?:but|and|while|though)\b|但是?|可是|不过|而"


def _told_score(turn: Turn, reply: Reply, services: Services) -> bool:
    """Tell the critics' score where that is asked, and no rating given or taken back."""
    if not _SCORE_ASKED.search(turn.text):
        return False
    TitleFact().answer(replace(turn, intent="ask_score"), reply, services)
    return True


def _rating_in(turn: Turn) -> float | None:
    """The first rating given as a number, if any."""
    rating = turn.first("rating")
    value = rating.value if rating is not None else None
    return float(value) if isinstance(value, int | float) and value > 0 else None


class RateTitle(SkillAction):
    """Keep the viewer's opinion of a title as a rating, and say how it was understood."""

    action = "action_rate_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if _told_score(turn, reply, services):
            return
        if _several(turn, services):
            rate_each(turn, reply, services)
            return
        title = clear_title(turn, reply, services)
        if title is None:
            return
        number = _rating_in(turn)
        if number is not None:
            keep(number, title, "number", turn, reply, services)
            return
        # A button's payload is no opinion in words.
        value = None if turn.text.startswith("/") else felt(turn.text, turn, services)
        if value is None:
            ask_rating(_how_to_ask(turn, services), title, turn, reply)
            return
        keep(value, title, "words", turn, reply, services)


class SeenTitle(SkillAction):
    """Remember that a title has been seen, and ask how it was."""

    action = "action_seen_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        several = _several(turn, services)
        title = several[0] if several else clear_title(turn, reply, services)
        if title is None:
            return
        if any(entity.negated for entity in turn.all("title")):
            for each in several or [title]:
                services.viewers.unmark_seen(turn.viewer, each.id)
            keep_it = button("utter_button_add_to_watchlist", turn.language, "watchlist_add")
            keep_it["payload"] = payload("watchlist_add", title=title.id)
            reply.say("utter_not_seen", [keep_it], title=title.name(turn.language))
            reply.focus(title)
            return
        for each in several or [title]:
            services.viewers.mark_seen(turn.viewer, each.id)
        ask_rating("utter_seen", title, turn, reply)


class RefuseTitle(SkillAction):
    """Never offer a title again."""

    action = "action_refuse_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        title = clear_title(turn, reply, services)
        if title is None:
            return
        services.viewers.refuse(turn.viewer, title.id)
        more = button("utter_button_something_else", turn.language, "more_options")
        reply.say("utter_refused", [more], title=title.name(turn.language))


class TakeBackRating(SkillAction):
    """Undo a rating: of the title named, else the last one given."""

    action = "action_take_back_rating"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if _told_score(turn, reply, services):
            return
        named = resolve(turn, services.catalogue).title if turn.first("title") else None
        taken = services.viewers.take_back(turn.viewer, named.id if named else None)
        if taken is None and named is None and turn.earlier_requests:
            # A bare "undo" where nothing was rated.
            Undo().answer(turn, reply, services)
            return
        if taken is None:
            undone = turn.intent == "undo"
            reply.say("utter_nothing_to_undo" if undone else "utter_nothing_to_take_back")
            return
        title = services.catalogue.get(taken.title_id)
        instead = _rating_in(turn)
        if title and instead and instead != taken.value:
            # "A slip, it should be five": corrected.
            keep(instead, title, "number", turn, reply, services)
            return
        name = title.name(turn.language) if title else taken.title_id
        reply.say("utter_taken_back", title=name)


def rate_each(turn: Turn, reply: Reply, services: Services) -> None:
    """Rate several titles: a number for each or one for all, else what is said around each."""
    numbers = [e.value for e in turn.all("rating") if isinstance(e.value, int | float)]
    entities = turn.all("title")
    titles = _several(turn, services)
    value: float | None = None
    for place, (entity, title) in enumerate(zip(entities, titles, strict=True)):
        if numbers:
            value = float(numbers[min(place, len(numbers) - 1)])
        else:
            # "I loved Heat and Alien": a clause without an opinion shares the one before it.
            value = felt(_clause(turn.text, entity), turn, services) or value
        if value is None:
            ask_rating(_how_to_ask(turn, services), title, turn, reply)
        else:
            keep(value, title, "number" if numbers else "words", turn, reply, services)


def _several(turn: Turn, services: Services) -> list[Title]:
    """The titles named, when there is more than one and each is clear."""
    titles = list(resolve(turn, services.catalogue).titles)
    return titles if len(titles) > 1 and len(titles) == len(turn.all("title")) else []


def _clause(text: str, entity: Entity) -> str:
    """The part of a sentence that `entity` stands in, without its name."""
    before = re.split(CLAUSE, text[: entity.start])[-1]
    return f"{before} {re.split(CLAUSE, text[entity.end :])[0]}"


def _how_to_ask(turn: Turn, services: Services) -> str:
    """Ask for stars plainly; where words would have done but cannot be read now, say so."""
    unread = services.classifier is None and not turn.text.startswith("/")
    return "utter_ask_rating_in_stars" if unread else "utter_ask_rating"


def ask_rating(response: str, title: Title, turn: Turn, reply: Reply) -> None:
    """Ask how a title was, with stars to press; the next words are the answer."""
    reply.say(response, rating_buttons(title, turn), title=title.name(turn.language))
    reply.focus(title)
    reply.wait(Pending("need_rating", "rate_title", (title.id,)))


def rated_in_answer(turn: Turn, reply: Reply, services: Services) -> bool:
    """Take the message as the answer to "how was it?", when that was asked and it says so."""
    asked = turn.pending
    if asked is None or asked.kind != "need_rating" or not asked.options:
        return False
    title = services.catalogue.get(asked.options[0])
    if title is None:
        return False
    said = [e.value for name in ("rating", "ordinal", "number") for e in turn.all(name)]
    numbers = [float(value) for value in said if isinstance(value, int | float) and value > 0]
    if numbers:
        # Out of five where stars were offered, unless it can only be out of ten.
        value = numbers[0] if numbers[0] <= 5 else numbers[0] / 2
        keep(value, title, "number", turn, reply, services)
        return True
    feeling = felt(turn.text, turn, services)
    if feeling is None:
        return False
    keep(feeling, title, "words", turn, reply, services)
    return True


def keep(
    value: float, title: Title, source: str, turn: Turn, reply: Reply, services: Services
) -> None:
    """Store a rating and say it as stars and as a number, so that it can be corrected."""
    value = min(max(round(value * 2) / 2, 0.5), 5.0)
    services.viewers.rate(turn.viewer, title.id, value, source)
    services.viewers.mark_seen(turn.viewer, title.id)
    response = "utter_rated" if source == "number" else "utter_rated_from_words"
    back = [
        button("utter_button_take_back", turn.language, "take_back_rating", title=title.id),
        button("utter_button_recommend", turn.language, "recommend"),
    ]
    stars = "★" * int(value) + ("½" if value % 1 else "")
    reply.say(response, back, title=title.name(turn.language), stars=stars, value=f"{value:g}")
    reply.focus(title)


def felt(text: str, turn: Turn, services: Services) -> float | None:
    """The rating that `text`, words of the turn, speaks for; none when unsure.

    The title's own words ("The Good, the Bad and the Ugly") say nothing about the opinion.
    """
    if services.classifier is None:
        return None
    for entity in turn.all("title"):
        if entity.end > entity.start:
            text = text.replace(turn.text[entity.start : entity.end], " ")
    feeling = services.classifier.classify(text)
    if not feeling.sentiment or feeling.sentiment == "neutral":
        return None
    return feeling.rating


def rating_buttons(title: Title, turn: Turn) -> list[dict[str, str]]:
    """One to five stars, as buttons."""
    return [
        {
            "title": "★" * stars,
            "payload": f'/rate_title{{"title": "{title.id}", "rating": {stars}}}',
        }
        for stars in range(5, 0, -1)
    ]
