"""Which channels can bring viewers what they have not just asked for.

A channel whose class says `pushes = True` delivers what `bot.store.messages.Outbox` gets for its
viewers: texts of people (`from` "agent"), notices (`from` "system") and later words of the
assistant. The review desk takes over only conversations of such channels; it reads what the
server's channels have announced, for it may run in another process.
"""

from __future__ import annotations

from sqlalchemy.engine import Engine

from bot.store.answering_schema import channels
from bot.store.database import insert, writing


def announce(engine: Engine, name: str, pushes: bool) -> None:
    """Keep what a channel says of itself.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    with writing(engine) as connection:
        connection.execute(
            insert(connection, channels)
            .values(name=name, pushes=pushes)
            .on_conflict_do_update(index_elements=["name"], set_={"pushes": pushes})
        )
