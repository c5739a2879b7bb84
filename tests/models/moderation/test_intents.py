from __future__ import annotations

from pathlib import Path

from models.moderation.intents import viewers


def test_sentences_carry_their_intent_and_the_spans_of_names(tmp_path: Path) -> None:
    (tmp_path / "skill.yml").write_text(
        """nlu:
  - intent: rate_title
    examples: |
      - I loved [Heat](title) from [1995]{"entity": "years", "value": 1995}
  - lookup: genre
    examples: |
      - comedy
  - intent: abuse
    examples: |
      - you are a perfect nitwit of a machine
  - intent: self_harm
    examples: |
      - I see no point in going on with life at all
""",
        encoding="utf-8",
    )
    loved, nitwit, despair = viewers(tmp_path)
    assert (loved.text, loved.harmless) == ("I loved Heat from 1995", ((8, 12),))
    assert (loved.viewer, nitwit.viewer, despair.viewer) == (0, 1, 0)
    assert (nitwit.self_harm, despair.self_harm) == (0, 1)


def test_the_assistants_own_sentences_are_read() -> None:
    assert len(viewers()) > 2000
