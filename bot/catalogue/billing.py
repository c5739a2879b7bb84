"""Who comes first in a cast: movies.db lists them by the alphabet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.catalogue.facts import TitleFacts


def bill(films: Sequence[TitleFacts]) -> None:
    """Put the best known first in every cast.

    Somebody is known by the films they play in, and these by how much was written about them:
    renown is the sum of the films' reviews (at least 1 each). Equals keep their order.
    """
    renown: dict[str, int] = defaultdict(int)
    for film in films:
        for name in film.cast:
            renown[name] += 1 + film.reviews
    for film in films:
        film.cast = tuple(sorted(film.cast, key=lambda name: -renown[name]))
