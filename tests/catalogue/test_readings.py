"""Names that are told by the people named with them."""

from __future__ import annotations

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.title import Person, Title
from tests.catalogue.test_names import found


@pytest.fixture(scope="module")
def shelf() -> NameIndex:
    """Two films called Mirror, one called Salt, and who made them."""
    return NameIndex(
        Catalogue(
            [
                Title("mirror-1975", "film", "Mirror", 1975, title_zh="镜子", reviews=90,
                      directors=("andrei-tarkovsky",)),
                Title("mirror-2013", "film", "Mirror", 2013, title_zh="魔镜", reviews=300,
                      cast=("karen-gillan",)),
                Title("salt", "film", "Salt", 2010, title_zh="特工", reviews=200,
                      cast=("angelina-jolie",)),
            ],
            [
                Person("andrei-tarkovsky", "Andrei Tarkovsky", "塔可夫斯基"),
                Person("karen-gillan", "Karen Gillan", "凯伦·吉兰"),
                Person("angelina-jolie", "Angelina Jolie", "安吉丽娜·朱莉", (), ("朱莉",)),
            ],
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("salt has angelina jolie on the run for ages, right", "salt"),
        ("the poster of Angelina looking grim, salt I think", "salt"),
        ("特工里的安吉丽娜·朱莉身手了得", "salt"),
        ("Mirror confused me, though I am used to Tarkovsky", "mirror-1975"),
        ("镜子配塔可夫斯基的诗，绝了", "mirror-1975"),
        ("Karen Gillan stares into a mirror a lot", "mirror-2013"),
    ],
)
def test_a_word_is_a_title_beside_somebody_who_made_it(
    shelf: NameIndex, text: str, title: str
) -> None:
    assert title in found(shelf, text)


@pytest.mark.parametrize(
    "text",
    ["pass the salt and the remote", "Andrei Tarkovsky cooks with salt", "镜子是朱莉打破的"],
)
def test_others_make_no_title_of_it(shelf: NameIndex, text: str) -> None:
    titles = [match for match in shelf.find(text) if match.kind == "title"]
    assert titles == []


def test_somebody_named_picks_the_reading(shelf: NameIndex) -> None:
    (best, *_) = found(shelf, "I watched Mirror, the Tarkovsky one")
    assert best == "mirror-1975"
    assert found(shelf, "I watched Mirror") == ["mirror-2013"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("凯伦·吉兰演的魔竟吓人吗", ["mirror-2013"]),  # sounds the same
        ("朱莉演的特公好看吗", ["salt"]),
        ("朱莉演的特别好", []),
        ("那部特公好看吗", []),  # nobody is named
    ],
)
def test_a_short_title_may_have_a_typo_beside_its_maker(
    shelf: NameIndex, text: str, titles: list[str]
) -> None:
    assert [m.ids[0] for m in shelf.find(text) if m.kind == "title"] == titles


def test_seasons_pick_the_series() -> None:
    rooms = NameIndex(
        Catalogue(
            [
                Title("film", "film", "Corner Offices", 2001, reviews=300),
                Title("series", "series", "Corner Offices", 2005, reviews=200),
            ],
            [],
        )
    )
    assert found(rooms, "how many seasons has Corner Offices got") == ["series"]
    assert found(rooms, "who directed Corner Offices") == ["film"]
