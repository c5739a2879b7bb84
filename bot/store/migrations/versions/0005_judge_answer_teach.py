"""Judge, answer, teach."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "canned_replies",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("pushes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "collected",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "conversation_tests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conversation_tests", schema=None) as batch_op:
        batch_op.create_index("conversation_tests_viewer", ["viewer"], unique=False)

    op.create_table(
        "faq_edits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("faq_edits", schema=None) as batch_op:
        batch_op.create_index("faq_edits_entry", ["entry", "id"], unique=False)

    op.create_table(
        "flags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("closed_by", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index("flags_open", ["closed_at", "id"], unique=False)
        batch_op.create_index("flags_viewer", ["viewer", "id"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("author_name", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("notes_viewer", ["viewer", "id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("person", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("looks_at", sa.String(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "sentences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("intent", sa.String(length=160), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=False),
        sa.Column("reasons", sa.String(length=120), nullable=False),
        sa.Column("understood", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sentences", schema=None) as batch_op:
        batch_op.create_index("sentences_inbox", ["state", "confidence", "id"], unique=False)
        batch_op.create_index("sentences_viewer", ["viewer"], unique=False)

    op.create_table(
        "annotations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sentence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("intent", sa.String(length=160), nullable=False),
        sa.Column("entities", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reviewer", sa.String(length=160), nullable=True),
        sa.Column("reviewed_at", sa.Float(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["sentence"], ["sentences.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.create_index("annotations_sentence", ["sentence"], unique=False)
        batch_op.create_index("annotations_state", ["state", "id"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id"),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("appeals_open", ["answered_at", "at"], unique=False)
        batch_op.create_index("appeals_viewer", ["viewer"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("decisions_at", ["at"], unique=False)
        batch_op.create_index("decisions_case", ["case_id", "id"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=16), server_default="open", nullable=False)
        )
        batch_op.create_index("cases_state", ["state", "id"], unique=False)

    # Of a viewer who waits twice the first request counts.
    op.execute(
        "UPDATE handoffs SET closed_at = at WHERE closed_at IS NULL AND id NOT IN"
        " (SELECT first FROM (SELECT min(id) AS first FROM handoffs"
        " WHERE closed_at IS NULL GROUP BY viewer) AS kept)"
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("assignee", sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column("assignee_name", sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column("assigned_at", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("taken_at", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.Float(), nullable=True))
        batch_op.create_index(
            "handoffs_open",
            ["viewer"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index(
            "handoffs_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("taken_at")
        batch_op.drop_column("assigned_at")
        batch_op.drop_column("assignee_name")
        batch_op.drop_column("assignee")
        batch_op.drop_column("outcome")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("cases_state")
        batch_op.drop_column("state")

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("decisions_case")
        batch_op.drop_index("decisions_at")

    op.drop_table("decisions")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index("appeals_viewer")
        batch_op.drop_index("appeals_open")

    op.drop_table("appeals")
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.drop_index("annotations_state")
        batch_op.drop_index("annotations_sentence")

    op.drop_table("annotations")
    with op.batch_alter_table("sentences", schema=None) as batch_op:
        batch_op.drop_index("sentences_viewer")
        batch_op.drop_index("sentences_inbox")

    op.drop_table("sentences")
    op.drop_table("presence")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("notes_viewer")

    op.drop_table("notes")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("flags_viewer")
        batch_op.drop_index("flags_open")

    op.drop_table("flags")
    with op.batch_alter_table("faq_edits", schema=None) as batch_op:
        batch_op.drop_index("faq_edits_entry")

    op.drop_table("faq_edits")
    with op.batch_alter_table("conversation_tests", schema=None) as batch_op:
        batch_op.drop_index("conversation_tests_viewer")

    op.drop_table("conversation_tests")
    op.drop_table("collected")
    op.drop_table("channels")
    op.drop_table("canned_replies")
