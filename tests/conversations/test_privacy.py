"""Deleting deletes, everything, after asking once; personal data is masked before it is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.settings import settings
from bot.store.database import engine
from bot.store.metadata import METADATA
from tests.conversations.talk import Usher, Viewer

pytestmark = pytest.mark.model


def kept(viewer: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that mentions the viewer."""
    found = {}
    with engine(settings().database).connect() as connection:
        for table in METADATA.sorted_tables:
            for column in table.columns:
                if column.name in ("viewer", "sender_id") or table.name == "viewers":
                    rows = connection.execute(select(table).where(column == viewer)).all()
                    if rows:
                        found[table.name] = [tuple(row) for row in rows]
    return found


def lived(usher: Usher, language: str) -> Viewer:
    viewer = usher.viewer()
    if language == "en":
        lines = ("9/10 for Heat", "add Alien to my watchlist", "Titanic isn't for me, hide it")
    else:
        lines = ("给《英雄》打8分", "把《活着》加到片单", "《教父》我不感兴趣")
    for line in (*lines, "recommend a comedy"):
        viewer.say(line)
    return viewer


@pytest.mark.parametrize(
    ("language", "wish", "yes"),
    [("en", "please delete all my data", "yes"), ("zh", "把我的数据都删掉", "是的")],
)
def test_deleting_leaves_nothing(usher: Usher, language: str, wish: str, yes: str) -> None:
    viewer = lived(usher, language)
    before = kept(viewer.id)
    assert {"ratings", "watchlist", "refusals", "events"} <= set(before)
    assert "action_privacy_delete" in viewer.say(wish).actions
    assert set(kept(viewer.id)) == set(before)  # asked, and not yet done
    viewer.say(yes)
    left = kept(viewer.id)
    assert not {"ratings", "watchlist", "refusals", "seen"} & set(left)
    texts = str(left)
    for said in ("9/10 for Heat", "Alien", "英雄", "活着", "recommend a comedy"):
        assert said not in texts
    said = viewer.say("what do you know about me?" if language == "en" else "你知道我什么")
    assert "0" in said.text and said.slots["request"] is None and said.slots["focus"] is None


def test_a_no_deletes_nothing(usher: Usher) -> None:
    viewer = lived(usher, "en")
    viewer.say("delete my data")
    viewer.say("no")
    assert len(kept(viewer.id)["ratings"]) == 1


def test_a_lone_smiley_is_no_yes(usher: Usher) -> None:
    viewer = lived(usher, "en")
    viewer.say("delete my data")
    viewer.say("😀")
    assert kept(viewer.id)["ratings"]


def test_personal_data_is_not_kept(usher: Usher) -> None:
    viewer = usher.viewer()
    viewer.say("my mail is jane.doe@example.com and my phone is +44 20 7946 0958")
    viewer.say("我的手机号是13800138000，身份证11010519491231002X")
    texts = str(kept(viewer.id))
    for secret in ("jane.doe", "7946 0958", "13800138000", "19491231002X"):
        assert secret not in texts
