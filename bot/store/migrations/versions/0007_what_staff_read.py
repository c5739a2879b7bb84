"""Which conversations each person of the staff has open, several at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "open_conversations",
        sa.Column("person", sa.String(length=160), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("person", "viewer"),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_column("looks_at")


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looks_at", sa.String(), nullable=True))
    op.drop_table("open_conversations")
