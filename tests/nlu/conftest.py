from collections.abc import Iterator

import pytest

from bot.catalogue import shared
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.title import Person, Title


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """A handful of titles, two of them ordinary words, two with one name."""
    return Catalogue(
        [
            Title("tt0113277", "film", "Heat", 1995, "盗火线", reviews=90),
            Title("tt1375666", "film", "Inception", 2010, "盗梦空间", reviews=300),
            Title("tt0087182", "film", "Dune", 1984, "沙丘", reviews=60),
            Title("tt1160419", "film", "Dune", 2021, "沙丘", reviews=250),
            Title("tt1049413", "film", "Up", 2009, "飞屋环游记", reviews=200),
            Title("tt0106332", "film", "Farewell My Concubine", 1993, "霸王别姬", reviews=50),
            Title("tt0252503", "film", "Heist", 2001, reviews=40),
        ],
        [
            Person(
                "christopher-nolan", "Christopher Nolan", "克里斯托弗·诺兰", aliases_zh=("诺兰",)
            ),
            Person("maggie-cheung", "Maggie Cheung", "张曼玉"),
        ],
    )


@pytest.fixture(scope="session")
def names(catalogue: Catalogue) -> NameIndex:
    return NameIndex(catalogue)


@pytest.fixture
def shared_catalogue(catalogue: Catalogue) -> Iterator[None]:
    """The small catalogue as that of this process."""
    shared.use(catalogue)
    yield
    shared.use(None)
