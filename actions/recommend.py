"""Recommending: a new request, its refinement, more of it, and why."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from actions.services import Services
from actions.skill import SkillAction
from bot.catalogue.filters import Filters
from bot.catalogue.lexicon import label, mood_tastes
from bot.catalogue.title import Title
from bot.conversation.cards import names_of
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.standing_request import StandingRequest
from bot.conversation.turn import Turn
from bot.conversation.wording import listed, phrase
from models.recommender.predict import Recommendation

DEFAULT_COUNT = 4
MOST_UNDONE = 5
# "Something similar", with nothing named: like the title talked about.
_ALIKE = re.compile(r"\bsimilar(?! to)\b|类似的|差不多的|同类型?的", re.IGNORECASE)
# What a message can add to a standing request.
CONDITIONS = frozenset(
    {"genre", "years", "runtime", "country", "spoken_language", "person", "audience", "kind"}
)
# What begins a request of its own.
_AFRESH = re.compile(
    r"\b(?:recommend|suggest|find|show\s+me|give\s+me|looking\s+for|in\s+the\s+mood|feel\s+like|"
    r"(?:some|any)thing\s+else|start\s+over|scrap|forget|what\s+\w+\s+(?:films|movies|shows)|"
    r"(?:any|some)\s+(?:good\s+)?\w*\s*(?:films|movies|shows|series)|fancy|how\s+about|put\s+on)\b"
    r"|推荐|安利|来[几一点部个]|(?<!更)(?<!还是)想看|有没有|有什么|有啥|有哪些|找|求|重新|换成|改看",
    re.IGNORECASE,
)
# A mood is said of a title when one of its genres weighs this much in the mood.
STRONG_TASTE = 0.6
# A limit of an hour or more is meant for films: an episode is shorter than any of them.
FILM_MINUTES = 60


class Recommend(SkillAction):
    """Offer titles for a new request; a lone condition is one more of the request that stands."""

    action = "action_recommend"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if turn.request is not None and is_one_more_condition(turn):
            Refine().answer(turn, reply, services)
            return
        entities = list(turn.entities)
        if _points_at_shown(turn):
            title = resolve(turn, services.catalogue).title
            similar = (title.id,) if title else ()
        else:
            similar = ()
        known = _clear_titles(turn, reply, services, entities)
        if reply.messages:
            return
        request = StandingRequest(similar_to=similar).with_entities(known)
        request = request.moved(_directions(turn), ())
        offer(request, turn, reply, services)


class Refine(SkillAction):
    """Change the standing request and keep the rest of it."""

    action = "action_refine"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if turn.request is None and not turn.shown:
            Recommend().answer(turn, reply, services)
            return
        shown = [title for title in map(services.catalogue.get, turn.shown) if title is not None]
        directions = _directions(turn)
        request = turn.request or StandingRequest()
        request = request.with_entities(turn.entities).moved(directions, shown)
        if directions:
            # What the viewer has moved away from does not come back with "more", either.
            request = _without(request, turn.shown)
        offer(request, turn, reply, services)


class MoreOptions(SkillAction):
    """Other titles for the same request."""

    action = "action_more_options"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        if turn.request is None and turn.focus_person is not None and not adds_condition(turn):
            # "Anything more by him?", after somebody was talked about.
            self.skills["ask_filmography"].answer(turn, reply, services)
            return
        request = (turn.request or StandingRequest()).with_entities(turn.entities)
        offer(_without(request, turn.shown), turn, reply, services)


class Undo(SkillAction):
    """Go back to the request before the last change; to a new one where that is said with it."""

    action = "action_undo"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        *earlier, last = (None, *turn.earlier_requests)
        request = StandingRequest.from_slot(last)
        if adds_condition(turn) and not any(
            _has_said(turn, each) for each in (request, turn.request)
        ):
            # "Scrap that, rather westerns": not what was before.
            Refine().answer(turn, reply, services)
            return
        if request is None:
            # There may be a rating that was meant.
            self.skills["take_back_rating"].answer(replace(turn, intent="undo"), reply, services)
            return
        offer(request, turn, reply, services)
        reply.slots["earlier_requests"] = [each for each in earlier if each]


class Explain(SkillAction):
    """Say what a recommendation rests on."""

    action = "action_explain"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reference = resolve(turn, services.catalogue)
        if reference.choices:
            reply.ask_which(reference.choices)
            return
        title = reference.title
        if title is None and adds_condition(turn):
            # "What thriller would suit me?" has little to do with reasons.
            Recommend().answer(turn, reply, services)
            return
        if title is None:
            reply.say("utter_nothing_to_explain")
            return
        request = turn.request or StandingRequest()
        found = _recommendations(request, turn, services, [title.id], set())
        why = _why(found[0], title, request, turn.language, services) if found else ""
        name = title.name(turn.language)
        reply.say(
            "utter_explain", title=name, why=why or phrase("utter_why_popular", turn.language)
        )
        reply.focus(title)


def _has_said(turn: Turn, request: StandingRequest | None) -> bool:
    """Whether `request` holds all that the message wishes for."""
    return request is not None and request.with_entities(turn.entities) == request


def adds_condition(turn: Turn) -> bool:
    """Whether a message gives something that titles can be chosen by."""
    return any(entity.name in CONDITIONS for entity in turn.entities)


def begins_a_request(turn: Turn) -> bool:
    """Whether the words of a message begin a request of its own, and give a condition."""
    return adds_condition(turn) and _AFRESH.search(turn.text) is not None


def is_one_more_condition(turn: Turn) -> bool:
    """Whether a message gives a condition and nothing that a request of its own would have."""
    given = {entity.name for entity in turn.entities} & CONDITIONS
    return len(given) == 1 and not turn.first("title") and not _AFRESH.search(turn.text)


def offer(
    request: StandingRequest,
    turn: Turn,
    reply: Reply,
    services: Services,
) -> None:
    """Show the best titles for `request`, relaxing it step by step when nothing matches."""
    given_up: tuple[str, ...] = ()
    used = request
    found = _matching(used, turn, services)
    if not found:
        newest = StandingRequest().with_entities(turn.entities).set_filters()
        for used, given_up in request.relaxed(newest):  # noqa: B007 - said below
            found = _matching(used, turn, services)
            if found:
                break
    if not found:
        reply.say("utter_nothing_found")
        return
    titles = [services.catalogue.titles[item.title_id] for item in found]
    why = [
        _why(item, title, used, turn.language, services)
        for item, title in zip(found, titles, strict=True)
    ]
    if given_up:
        reply.say("utter_relaxed", dropped=_dropped(given_up, turn.language))
    elif services.recommender is None:
        reply.say("utter_recommendations_without_taste")
    elif request.similar_to:
        liked = [
            services.catalogue.titles[i]
            for i in request.similar_to
            if i in services.catalogue.titles
        ]
        reply.say("utter_similar", titles=names_of(liked, turn.language))
    else:
        reply.say("utter_recommendations")
    reply.show(titles, services.catalogue, why)
    remember(request, turn, reply)
    if request.filters.people:
        reply.slots["focus_person"] = request.filters.people[-1]


def remember(request: StandingRequest, turn: Turn, reply: Reply) -> None:
    """Make `request` the standing one, and keep the one it takes the place of."""
    reply.slots["request"] = request.to_slot()
    if turn.request is not None and turn.request != request:
        kept = [*turn.earlier_requests, turn.request.to_slot()]
        reply.slots["earlier_requests"] = kept[-MOST_UNDONE:]


def _without(request: StandingRequest, shown: Iterable[str]) -> StandingRequest:
    """The request without titles that were shown for it."""
    seen = tuple(dict.fromkeys((*request.filters.exclude, *shown)))
    return replace(request, filters=replace(request.filters, exclude=seen))


def _matching(request: StandingRequest, turn: Turn, services: Services) -> list[Recommendation]:
    # No condition: the recommender looks through everything by itself.
    filters = request.filters
    if (filters.runtime_max or 0) >= FILM_MINUTES and not filters.kinds:
        filters = replace(filters, kinds=("film",))
    conditions = replace(filters, exclude=()) != Filters()
    found = services.catalogue.select(filters) if conditions else None
    candidates = None if found is None else [title.id for title in found]
    without = {*request.filters.exclude, *services.viewers.seen(turn.viewer)}
    return _recommendations(request, turn, services, candidates, without)


def _recommendations(
    request: StandingRequest,
    turn: Turn,
    services: Services,
    candidates: list[str] | None,
    exclude: set[str],
) -> list[Recommendation]:
    ratings = {rating.title_id: rating.value for rating in services.viewers.ratings(turn.viewer)}
    refusals = services.viewers.refusals(turn.viewer)
    # Asked about directly, a title may be one the viewer has rated or refused.
    if candidates is None or len(candidates) > 1:
        exclude = exclude.union(ratings, refusals, request.similar_to)
    count = min(max(request.count or DEFAULT_COUNT, 1), 5)
    if services.recommender is None:
        return _most_reviewed(services, candidates, exclude, count)
    return services.recommender.recommend(
        {**dict.fromkeys(refusals, 1.0), **ratings},
        candidates=candidates,
        exclude=exclude,
        similar_to=request.similar_to,
        tastes=request.weights(),
        k=count,
    )


def _most_reviewed(
    services: Services, candidates: list[str] | None, exclude: set[str], count: int
) -> list[Recommendation]:
    """What most critics wrote about: the answer while the recommender is away."""
    titles = services.catalogue.titles
    allowed = [i for i in (titles if candidates is None else candidates) if i not in exclude]
    best = heapq.nlargest(count, allowed, key=lambda i: titles[i].reviews)
    return [Recommendation(i, 0.0, (), "popular") for i in best]


def _why(
    item: Recommendation,
    title: Title,
    request: StandingRequest,
    language: str,
    services: Services,
) -> str:
    because = [known for known in map(services.catalogue.get, item.because) if known is not None]
    if item.reason == "similar" and because:
        return phrase("utter_why_similar", language, titles=names_of(because[:2], language))
    matched = _matched(title, request, language, services)
    if item.reason == "liked" and because:
        liked = names_of(because[:2], language)
        if not matched:
            return phrase("utter_why_liked", language, titles=liked)
        what = listed(matched, language)
        return phrase("utter_why_matches_and_liked", language, what=what, titles=liked)
    if matched:
        return phrase("utter_why_matches", language, what=listed(matched, language))
    if title.score is not None and title.reviews >= 10:
        return phrase("utter_why_praised", language, score=f"{title.score:.1f}", n=title.reviews)
    return phrase("utter_why_popular", language)


def _matched(
    title: Title, request: StandingRequest, language: str, services: Services
) -> list[str]:
    """What of the request `title` meets, in words."""
    filters = request.filters
    words = [label("genres", g, language) for g in filters.genres if g in title.genres]
    words += [label("moods", m, language) for m in request.moods if _has_mood(title, m)]
    words += [label("countries", c, language) for c in filters.countries if c in title.countries]
    words += [label("languages", x, language) for x in filters.languages if x in title.languages]
    for person_id in filters.people:
        person = services.catalogue.person(person_id)
        if person is not None:
            words.append(person.label(language))
    if title.year and (filters.year_from or filters.year_to):
        words.append(str(title.year))
    if title.runtime and filters.runtime_max:
        words.append(phrase("utter_under_minutes", language, minutes=filters.runtime_max))
    return list(dict.fromkeys(words))[:3]


def _has_mood(title: Title, mood: str) -> bool:
    """Whether a genre of the title is one that the mood leans on most."""
    tastes = mood_tastes(mood)
    return any(tastes.get(f"genre:{genre}", 0.0) >= STRONG_TASTE for genre in title.genres)


def _dropped(names: tuple[str, ...], language: str) -> str:
    """The filters given up, in words."""
    kinds: dict[str, Any] = {
        "runtime_min": "length",
        "runtime_max": "length",
        "score_min": "score",
        "year_from": "years",
        "year_to": "years",
        "languages": "language",
        "countries": "country",
        "genres": "genre",
        "people": "people",
        "kinds": "kind",
    }
    unique = dict.fromkeys(kinds[name] for name in names)
    return listed([phrase(f"utter_filter_{kind}", language) for kind in unique], language)


def _directions(turn: Turn) -> list[str]:
    """Where the viewer wants to go from here: "shorter", "lighter" …"""
    said = turn.all("direction")
    return [e.value for e in said if isinstance(e.value, str) and not e.negated]


def _points_at_shown(turn: Turn) -> bool:
    """Whether "like that one" leans on what was shown rather than on a name."""
    # "She likes romance" points at nobody's film.
    pointed = turn.first("ordinal") or any(e.value == "it" for e in turn.all("reference"))
    alike = turn.focus is not None and _ALIKE.search(turn.text)
    return bool(pointed or alike) and not turn.first("title")


def _clear_titles(turn: Turn, reply: Reply, services: Services, entities: list[Any]) -> list[Any]:
    """The entities with every title known; an unknown one is said, an unclear one taken at best.

    "Like Dune" is no reason to ask which: the best known reading serves as a taste.
    """
    known = [e for e in entities if e.name != "title" or services.catalogue.get(e.id or "")]
    lost = [e for e in entities if e not in known]
    if lost and not [e for e in known if e.name != "number"]:
        said = turn.text[lost[0].start : lost[0].end]
        say_unknown(said or str(lost[0].value), reply, services)
    return known


def say_unknown(said: str, reply: Reply, services: Services) -> None:
    """Say that a title is not known, with the nearest names as buttons."""
    near = services.names.nearest(said, k=3)
    if not near:
        reply.say("utter_unknown_title", title=said)
        return
    reply.ask_which(near, "utter_unknown_title_near", title=said)
