from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.store.feedback import FeedbackStore
from bot.store.joining import join
from bot.store.personal_copy import OWNED
from bot.store.schema import events
from bot.store.viewers import ViewerStore

from .test_viewers import fill


def said(engine: Engine, viewer: str) -> list[int]:
    query = select(events.c.seq).where(events.c.sender_id == viewer).order_by(events.c.seq)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def test_everything_moves_to_somebody_new(engine: Engine) -> None:
    fill(engine, "v-1")
    before = ViewerStore(engine).export("v-1")
    moved = join(engine, "v-1", "u-1")
    after = ViewerStore(engine).export("u-1")
    # The desk makes conversations anew.
    assert {**before, "viewer": "u-1", "conversations": []} == after
    assert set(moved.values()) == {1}
    left = ViewerStore(engine).export("v-1")
    assert all(not rows for name, rows in left.items() if name != "viewer")


def test_where_both_have_the_same_one_stays(engine: Engine) -> None:
    fill(engine, "v-1")
    fill(engine, "u-1")
    FeedbackStore(engine).judge("u-1", "b1", "up")
    join(engine, "v-1", "u-1")
    viewers = ViewerStore(engine)
    assert viewers.watchlist("u-1") == ["up"] and viewers.refusals("u-1") == {"dune"}
    kept = viewers.export("u-1")
    assert [row["verdict"] for row in kept["feedback"]] == ["up"]
    # Every rating stays: the newest counts and the one before it can come back.
    assert len(kept["ratings"]) == 2 and len(kept["satisfaction"]) == 2
    assert said(engine, "u-1") == [1, 2] and said(engine, "v-1") == []


def test_nobody_and_oneself_change_nothing(engine: Engine) -> None:
    fill(engine, "u-1")
    before = ViewerStore(engine).export("u-1")
    join(engine, "v-nobody", "u-1")
    join(engine, "u-1", "u-1")
    assert ViewerStore(engine).export("u-1") == before


def test_tables_that_move_are_those_that_are_owned(engine: Engine) -> None:
    fill(engine, "v-1")
    assert set(join(engine, "v-1", "u-1")) == {
        owner.table.name
        for owner in OWNED
        if owner.table.name not in ("viewers", "tracker_snapshots", "conversations")
    }
