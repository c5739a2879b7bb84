"""The order of a cast."""

from __future__ import annotations

from bot.catalogue.billing import bill
from bot.catalogue.facts import TitleFacts


def test_the_best_known_come_first_and_equals_keep_their_order() -> None:
    films = [
        TitleFacts("Casablanca", cast=("Abe Extra", "Ben Extra", "Humphrey Bogart"), reviews=100),
        TitleFacts("The Big Sleep", cast=("Carl Extra", "Humphrey Bogart"), reviews=50),
    ]
    bill(films)
    assert films[0].cast == ("Humphrey Bogart", "Abe Extra", "Ben Extra")
    assert films[1].cast[0] == "Humphrey Bogart"
