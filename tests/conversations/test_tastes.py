"""Ratings steer what is recommended, at once and for this viewer only."""

from __future__ import annotations

import pytest

from tests.conversations.talk import Said, Usher, Viewer, find

pytestmark = pytest.mark.model

SCI_FI = ("Alien", "Blade Runner", "The Matrix", "Interstellar")
ROMANCE = ("Casablanca", "Titanic", "Roman Holiday", "Notting Hill")


def rate(viewer: Viewer, names: tuple[str, ...], stars: int) -> None:
    for name in names:
        said = viewer.say(f"{stars} stars for {name}")
        assert "action_rate_title" in said.actions, said.text


def share(said: Said, genre: str) -> float:
    return sum(genre in title.genres for title in said.titles) / len(said.titles)


def test_the_very_next_recommendation_uses_a_new_rating(usher: Usher) -> None:
    viewer = usher.viewer()
    before = viewer.say("recommend something")
    rate(viewer, ("Titanic",), 5)
    after = viewer.say("recommend something")
    assert before.ids != after.ids
    assert any("Titanic" in card["why"] for card in after.cards), after.cards


def test_two_tastes_get_two_answers(usher: Usher) -> None:
    fan, romantic = usher.viewer(), usher.viewer()
    rate(fan, SCI_FI, 5)
    rate(fan, ROMANCE, 1)
    rate(romantic, ROMANCE, 5)
    rate(romantic, SCI_FI, 1)
    for_fan, for_romantic = fan.say("recommend something"), romantic.say("recommend something")
    assert share(for_fan, "Sci-Fi") > share(for_romantic, "Sci-Fi")
    assert share(for_romantic, "Romance") > share(for_fan, "Romance")


def test_why_names_what_was_liked_and_only_that(usher: Usher) -> None:
    viewer = usher.viewer()
    rate(viewer, ("Alien",), 5)
    rate(viewer, ("Casablanca",), 1)
    said = viewer.say("recommend something")
    reasons = [card["why"] for card in said.cards]
    assert any("Alien" in reason for reason in reasons), reasons
    assert not any("Casablanca" in reason for reason in reasons), reasons
    explained = viewer.say("why the first one?")
    assert "action_explain" in explained.actions
    assert said.cards[0]["title"] in explained.text and reasons[0] in explained.text


@pytest.mark.parametrize(
    ("language", "rated", "refused", "seen", "more"),
    [
        ("en", "5 stars for {}", "{} isn't for me, hide it", "I've seen {} already", "other ones"),
        ("zh", "给《{}》打5星", "我对《{}》不感兴趣", "《{}》我看过了", "换一批"),
    ],
)
def test_rated_refused_and_seen_titles_never_come(
    usher: Usher, language: str, rated: str, refused: str, seen: str, more: str
) -> None:
    viewer = usher.viewer()
    first = viewer.say("recommend a comedy" if language == "en" else "推荐一部喜剧")
    names = [title.name(language) for title in first.titles[:3]]
    assert "action_rate_title" in viewer.say(rated.format(names[0])).actions
    assert "action_refuse_title" in viewer.say(refused.format(names[1])).actions
    assert "action_seen_title" in viewer.say(seen.format(names[2])).actions
    known = {title.id for title in first.titles[:3]}
    again = viewer.say("recommend a comedy" if language == "en" else "推荐一部喜剧")
    for _ in range(4):
        assert again.cards and not known & set(again.ids), again.ids
        again = viewer.say(more)


def test_buttons_of_a_card_do_what_they_say(usher: Usher) -> None:
    viewer = usher.viewer()
    first = viewer.say("推荐一部喜剧").titles[0]
    assert "action_refuse_title" in viewer.press("不感兴趣").actions
    again = viewer.say("推荐一部喜剧")
    assert first.id not in again.ids
    liked = again.titles[0]
    similar = viewer.press("更多类似")
    assert liked.name("zh") in similar.text and liked.id not in similar.ids
    kept = viewer.press("加入片单")
    assert similar.titles[0].name("zh") in kept.text
    assert viewer.say("我的片单").ids == [similar.ids[0]]


def test_a_rating_taken_back_no_longer_counts(usher: Usher) -> None:
    viewer = usher.viewer()
    before = viewer.say("recommend something").ids
    rate(viewer, ("Alien",), 5)
    assert find("Alien").id not in viewer.say("recommend something").ids
    viewer.say("take it back")
    said = viewer.say("recommend something")
    assert not any("Alien" in card["why"] for card in said.cards)
    assert set(before) - {find("Alien").id} <= set(said.ids) | {find("Alien").id}


def test_one_viewer_does_not_change_anothers_answers(usher: Usher) -> None:
    quiet, loud = usher.viewer(), usher.viewer()
    before = quiet.say("recommend something").ids
    rate(loud, SCI_FI, 5)
    assert quiet.say("recommend something").ids == before
    assert "0 rating" in quiet.say("what do you know about me?").text
