"""Ratings: given as a number or in words, titles seen, titles refused, and taking it back."""

from __future__ import annotations

from actions.recommend import say_unknown
from actions.services import Services
from actions.skill import SkillAction
from bot.catalogue.title import Title
from bot.conversation.cards import button
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Pending, Turn


class RateTitle(SkillAction):
    """Keep the viewer's opinion of a title as a rating, and say how it was understood."""

    action = "action_rate_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        title = clear_title(turn, reply, services)
        if title is None:
            return
        number = turn.first("rating")
        if number is not None and isinstance(number.value, int | float):
            keep(float(number.value), title, "number", turn, reply, services)
            return
        value = felt(turn, services)
        if value is None:
            reply.say(
                "utter_ask_rating", rating_buttons(title, turn), title=title.name(turn.language)
            )
            reply.focus(title)
            return
        keep(value, title, "words", turn, reply, services)


class SeenTitle(SkillAction):
    """Remember that a title has been seen, and ask how it was."""

    action = "action_seen_title"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        title = clear_title(turn, reply, services)
        if title is None:
            return
        services.viewers.mark_seen(turn.viewer, title.id)
        reply.say("utter_seen", rating_buttons(title, turn), title=title.name(turn.language))
        reply.focus(title)


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
        named = resolve(turn, services.catalogue).title if turn.first("title") else None
        taken = services.viewers.take_back(turn.viewer, named.id if named else None)
        if taken is None:
            reply.say("utter_nothing_to_take_back")
            return
        title = services.catalogue.get(taken.title_id)
        name = title.name(turn.language) if title else taken.title_id
        reply.say("utter_taken_back", title=name)


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


def felt(turn: Turn, services: Services) -> float | None:
    """The rating that the words speak for; none when the classifier is away or unsure.

    The title's own words ("The Good, the Bad and the Ugly") say nothing about the opinion.
    """
    if services.classifier is None:
        return None
    text = turn.text
    for entity in sorted(turn.all("title"), key=lambda e: -e.start):
        if entity.end > entity.start:
            text = text[: entity.start] + " " + text[entity.end :]
    feeling = services.classifier.classify(text)
    if not feeling.sentiment or feeling.sentiment == "neutral":
        return None
    return feeling.rating


def clear_title(turn: Turn, reply: Reply, services: Services) -> Title | None:
    """The one title meant; otherwise the question has been asked and there is none yet."""
    reference = resolve(turn, services.catalogue)
    if reference.unknown and not reference.titles:
        say_unknown(reference.unknown, reply, services)
    elif reference.choices:
        reply.ask_which(reference.choices)
    elif reference.title is None:
        reply.say("utter_ask_title")
        reply.wait(Pending("need_title", turn.intent))
    else:
        return reference.title
    return None


def rating_buttons(title: Title, turn: Turn) -> list[dict[str, str]]:
    """One to five stars, as buttons."""
    return [
        {
            "title": "★" * stars,
            "payload": f'/rate_title{{"title": "{title.id}", "rating": {stars}}}',
        }
        for stars in range(5, 0, -1)
    ]
