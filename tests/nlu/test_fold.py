from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.fold import fold


def test_folds_width_case_accents_quotes_and_traditional_characters() -> None:
    assert fold("ＨＥＡＴ　１９９５") == "heat 1995"
    assert fold("Amélie’s “film”") == 'amelie\'s "film"'
    assert fold("愛情電影") == "爱情电影"


@given(st.text(max_size=200))
def test_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
