"""What staff say and viewers think is of the conversation; sets of viewers and titles by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GIST = sa.text("gist IS NOT NULL")


def upgrade() -> None:
    """Do it."""
    op.add_column("desk_stale", sa.Column("at", sa.Float(), nullable=True))
    op.add_column("conversations", sa.Column("rating", sa.SmallInteger(), nullable=True))
    for name in ("thumbs_up", "thumbs_down"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("conversations", column)
    op.create_table(
        "daily_sets",
        sa.Column("figure", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "day", "language", "channel", "version"),
    )
    op.drop_index("turns_gist", "turns")
    op.create_index(
        "turns_gist",
        "turns",
        ["gist", "at"],
        sqlite_where=_GIST,
        postgresql_where=_GIST,
    )
    op.execute("DELETE FROM daily_figures")
    op.execute("INSERT INTO desk_stale (day) SELECT DISTINCT day FROM conversations")
    for table in ("outbox", "feedback", "satisfaction"):
        op.execute(f"INSERT INTO desk_stale (sender) SELECT DISTINCT viewer FROM {table}")


def downgrade() -> None:
    """Undo it."""
    op.drop_index("turns_gist", "turns")
    op.create_index("turns_gist", "turns", ["at"], sqlite_where=_GIST, postgresql_where=_GIST)
    op.drop_table("daily_sets")
    for name, columns in (
        ("desk_stale", ("at",)),
        ("conversations", ("rating", "thumbs_up", "thumbs_down")),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
