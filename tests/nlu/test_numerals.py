import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.numerals import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90", 90),
        ("8.5", 8.5),
        ("ninety", 90),
        ("twenty-five", 25),
        ("a hundred and twenty", 120),
        ("one hundred", 100),
        ("九十", 90),
        ("十五", 15),
        ("一百二十", 120),
        ("一百二", 120),
        ("一百零五", 105),
        ("八点五", 8.5),
        ("两", 2),
        ("两三", 3),
        ("二零一零", 2010),
        ("inf", None),
        ("nan", None),
        ("点", None),
        ("many", None),
        ("", None),
    ],
)
def test_number(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.integers(0, 199))
def test_reads_chinese_numbers(value: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{digits[tens]}十"
    elif hundreds and units:
        text += "零"
    text += digits[units] if units or value == 0 else ""
    assert number(text) == value


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert number(text) is None or isinstance(number(text), float | int)
