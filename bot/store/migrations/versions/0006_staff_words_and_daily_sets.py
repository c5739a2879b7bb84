"""What staff say to viewers is found; different viewers and titles are kept by day."""

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


def downgrade() -> None:
    """Undo it."""
    op.drop_index("turns_gist", "turns")
    op.create_index("turns_gist", "turns", ["at"], sqlite_where=_GIST, postgresql_where=_GIST)
    op.drop_table("daily_sets")
    with op.batch_alter_table("desk_stale") as table:
        table.drop_column("at")
