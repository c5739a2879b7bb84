"""What the staff say to viewers is found at the desk, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do it."""
    op.add_column("desk_stale", sa.Column("at", sa.Float(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("desk_stale") as table:
        table.drop_column("at")
