"""Query tables of the review desk, and the index of its search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = postgresql.TSVECTOR().with_variant(sa.Text(), "sqlite")
TABLES = (
    "saved_views",
    "desk_stale",
    "desk_progress",
    "daily_figures",
    "conversation_words",
    "recommended_titles",
    "turns",
    "conversation_marks",
    "conversations",
)


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "conversations",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("last_at", sa.Float(), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("viewer_messages", sa.Integer(), nullable=False),
        sa.Column("lowest_confidence", sa.Float(), nullable=True),
        sa.Column("fallbacks", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("handed_over", sa.SmallInteger(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("slowest", sa.Float(), nullable=True),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("last_step", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conversations_day", "conversations", ["day", "viewer"])
    for name, first in (
        ("viewer", "viewer"),
        ("last_at", "last_at"),
        ("confidence", "lowest_confidence"),
        ("length", "viewer_messages"),
    ):
        op.create_index(f"conversations_{name}", "conversations", [first, "id"])
    op.create_table(
        "conversation_marks",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "value", "conversation"),
        sqlite_with_rowid=False,
    )
    op.create_index("conversation_marks_conversation", "conversation_marks", ["conversation"])
    op.create_table(
        "turns",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("intent", sa.String(length=160), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("rival", sa.String(length=160), nullable=True),
        sa.Column("rival_confidence", sa.Float(), nullable=True),
        sa.Column("action", sa.String(length=160), nullable=True),
        sa.Column("milliseconds", sa.Float(), nullable=True),
        sa.Column("fallback", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("gist", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("turns_conversation", "turns", ["conversation", "id"])
    op.create_index("turns_at", "turns", ["at"])
    op.create_index("turns_confidence", "turns", ["confidence", "id"])
    op.create_index("turns_intent", "turns", ["intent", "id"])
    gist = sa.text("gist IS NOT NULL")
    op.create_index("turns_gist", "turns", ["at"], sqlite_where=gist, postgresql_where=gist)
    op.create_table(
        "recommended_titles",
        sa.Column("turn", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn", "position"),
    )
    op.create_index("recommended_titles_conversation", "recommended_titles", ["conversation"])
    op.create_index("recommended_titles_title", "recommended_titles", ["title_id"])
    op.create_table(
        "conversation_words",
        sa.Column("id", ID, nullable=False),
        sa.Column("said", WORDS, nullable=False),
        sa.Column("answered", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "daily_figures",
        sa.Column("figure", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("count", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "day", "language", "channel", "version", "label"),
        sqlite_with_rowid=False,
    )
    op.create_index("daily_figures_day", "daily_figures", ["day"])
    op.create_table(
        "desk_progress",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "desk_stale",
        sa.Column("id", ID, nullable=False),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved_views",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("shared", sa.SmallInteger(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("saved_views_name", "saved_views", ["owner", "name"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX conversation_search ON conversation_words USING gin (said, answered)"
            " WITH (fastupdate = off)"
        )
        return
    # The words are written by us, blank by blank; `ascii` leaves everything else as it is.
    op.execute(
        "CREATE VIRTUAL TABLE conversation_search USING fts5(said, answered,"
        " content='conversation_words', content_rowid='id', tokenize='ascii')"
    )
    op.execute(
        "CREATE TRIGGER conversation_words_come AFTER INSERT ON conversation_words BEGIN"
        " INSERT INTO conversation_search(rowid, said, answered)"
        " VALUES (new.id, new.said, new.answered); END"
    )
    op.execute(
        "CREATE TRIGGER conversation_words_go AFTER DELETE ON conversation_words BEGIN"
        " INSERT INTO conversation_search(conversation_search, rowid, said, answered)"
        " VALUES ('delete', old.id, old.said, old.answered); END"
    )


def downgrade() -> None:
    """Undo it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE conversation_search")
    for name in TABLES:
        op.drop_table(name)
