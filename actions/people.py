"""People: what they made, with whom, and who they are."""

from __future__ import annotations

import re

from actions.services import Services
from actions.skill import SkillAction
from bot.catalogue.filters import Filters
from bot.catalogue.title import Person, Title
from bot.conversation.reply import Reply
from bot.conversation.standing_request import StandingRequest
from bot.conversation.turn import Pending, Turn
from bot.conversation.wording import listed, phrase

MOST = 5
_PRONOUN = re.compile(r"\b(?:s?he|him|her|they|them)\b|[他她]", re.IGNORECASE)


class Filmography(SkillAction):
    """Titles by or with one or more people, newest first unless the best are asked for."""

    action = "action_filmography"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        people = people_meant(turn, services)
        if not people:
            ask_person(turn, reply)
            return
        names = listed([person.label(turn.language) for person in people], turn.language)
        titles = services.catalogue.together([person.id for person in people])
        titles = [title for title in titles if _wanted(title, turn)]
        if not titles:
            reply.say("utter_no_titles_of", people=names)
            return
        if any(entity.value in ("better", "more_popular") for entity in turn.all("direction")):
            titles = sorted(titles, key=lambda t: -(t.score or 0) * min(t.reviews, 50))
        reply.say("utter_filmography", people=names, n=len(titles))
        reply.show(titles[:MOST], services.catalogue)
        reply.slots["focus_person"] = people[-1].id
        # "The newest ones", "not the dramas" refine this list.
        request = StandingRequest(filters=Filters(people=tuple(p.id for p in people)))
        reply.slots["request"] = request.with_entities(turn.entities).to_slot()


class Collaboration(SkillAction):
    """Whether people worked together, and on what."""

    action = "action_collaboration"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        people = people_meant(turn, services)
        if len(people) < 2:
            ask_person(turn, reply)
            return
        names = listed([person.label(turn.language) for person in people], turn.language)
        titles = services.catalogue.together([person.id for person in people])
        if not titles:
            reply.say("utter_never_together", people=names)
            return
        reply.say("utter_together", people=names, n=len(titles))
        reply.show(titles[:MOST], services.catalogue)
        reply.slots["focus_person"] = people[-1].id


class AboutPerson(SkillAction):
    """Who somebody is, by what they are known for."""

    action = "action_about_person"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        people = people_meant(turn, services)
        if not people:
            ask_person(turn, reply)
            return
        person = people[0]
        directed = services.catalogue.filmography(person.id, "director")
        played = services.catalogue.filmography(person.id, "cast")
        known = directed if len(directed) >= len(played) else played
        response = "utter_person_directs" if len(directed) >= len(played) else "utter_person_plays"
        reply.say(
            response,
            person=person.label(turn.language),
            other_name=_other_name(person, turn.language),
            n=len(known),
        )
        best = sorted(known, key=lambda t: -(t.ratings + t.reviews))
        if best:
            reply.show(best[:MOST], services.catalogue)
        reply.slots["focus_person"] = person.id


def people_meant(turn: Turn, services: Services) -> list[Person]:
    """The people named in the message, or the one talked about before."""
    named = [services.catalogue.person(e.id or "") for e in turn.all("person") if not e.negated]
    people = [person for person in named if person is not None]
    # "Who is that Xyz" names somebody we do not know; "who is she" means the one before.
    leans = turn.intent != "ask_person" or _PRONOUN.search(turn.text)
    if len(people) < 2 and turn.focus_person and leans:
        before = services.catalogue.person(turn.focus_person)
        if (
            before is not None
            and before not in people
            and (not people or turn.intent == "ask_collaboration")
        ):
            people.append(before)
    return people


def ask_person(turn: Turn, reply: Reply) -> None:
    """Ask whom the viewer means; a name that is not known is said to be so."""
    unknown = next((e for e in turn.all("person") if e.match == "unknown"), None)
    if unknown is not None:
        reply.say("utter_unknown_person", person=turn.text[unknown.start : unknown.end])
        return
    reply.say("utter_ask_person")
    reply.wait(Pending("need_person", turn.intent))


def _wanted(title: Title, turn: Turn) -> bool:
    genres = [e for e in turn.all("genre") if isinstance(e.value, str)]
    for entity in genres:
        if (entity.value in title.genres) == entity.negated:
            return False
    for entity in turn.all("years"):
        span = entity.value or {}
        low, high = span.get("from") or 0, span.get("to") or 9999
        if not title.year or not low <= title.year <= high:
            return False
    return True


def _other_name(person: Person, language: str) -> str:
    other = person.name if language == "zh" else person.name_zh
    if not other or other == person.label(language):
        return ""
    return phrase("utter_in_brackets", language, text=other)
