import pytest

from bot.nlu.fold import fold
from bot.nlu.years import find_years

THIS_YEAR = 2026


def years(text: str) -> list[tuple[int | None, int | None]]:
    finds = find_years(fold(text), THIS_YEAR)
    return [(f.readings[0][1]["from"], f.readings[0][1]["to"]) for f in finds]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("the nineties", 1990, 1999),
        ("from the 90s", 1990, 1999),
        ("the '80s", 1980, 1989),
        ("1970s", 1970, 1979),
        ("early 90s", 1990, 1993),
        ("late 1970s", 1976, 1979),
        ("80s or 90s", 1980, 1999),
        ("the noughties", 2000, 2009),
        ("2010s", 2010, 2019),
        ("before 2000", None, 1999),
        ("pre-2000", None, 1999),
        ("older than 1980", None, 1979),
        ("until 1999", None, 1999),
        ("before the 80s", None, 1979),
        ("newer than 2010", 2011, None),
        ("after 2000", 2001, None),
        ("since 2015", 2015, None),
        ("1990s onwards", 1990, None),
        ("2005 or later", 2005, None),
        ("nothing before 1990", 1990, None),
        ("not older than 2000", 2000, None),
        ("from 1995 to 1999", 1995, 1999),
        ("between 1980 and 1985", 1980, 1985),
        ("1990-1999", 1990, 1999),
        ("around 1975", 1973, 1977),
        ("the 1995 one", 1995, 1995),
        ("the '95 one", 1995, 1995),
        ("the last two years", 2024, None),
        ("past decade", None, None),
        ("80后那会儿", 1980, 1989),
        ("80年代", 1980, 1989),
        ("九十年代", 1990, 1999),
        ("九十年代末", 1996, 1999),
        ("上世纪八十年代", 1980, 1989),
        ("七八十年代", 1970, 1989),
        ("2010年代", 2010, 2019),
        ("1995年那部", 1995, 1995),
        ("95年那部", 1995, 1995),
        ("二零一零年的电影", 2010, 2010),
        ("2000年以后", 2000, None),
        ("2000年以前", None, 1999),
        ("1995到1999年", 1995, 1999),
        ("1975年左右", 1973, 1977),
        ("最近两年", 2024, None),
        ("近三年", 2023, None),
    ],
)
def test_range_of_years(text: str, first: int | None, last: int | None) -> None:
    assert years(text) == ([(first, last)] if (first, last) != (None, None) else [])


@pytest.mark.parametrize(
    "text", ["1080p", "2000 minutes", "10年前的", "in 3 parts", "1,995", "80后"]
)
def test_is_no_year(text: str) -> None:
    assert years(text) == []
