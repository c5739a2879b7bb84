"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("cases_viewer", ["viewer", "kind", "at"], unique=False)

    op.create_table(
        "catalogue_ratings",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("user", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("rated_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "user", "title_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "catalogue_sources",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("finished_at", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type_name", sa.String(length=80), nullable=False),
        sa.Column("timestamp", sa.Float(), nullable=False),
        sa.Column("intent", sa.String(length=160), nullable=True),
        sa.Column("action", sa.String(length=160), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.String(length=80), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            "events_action",
            ["action", "timestamp"],
            unique=False,
            sqlite_where=sa.text("action IS NOT NULL"),
            postgresql_where=sa.text("action IS NOT NULL"),
        )
        batch_op.create_index(
            "events_intent",
            ["intent", "timestamp"],
            unique=False,
            sqlite_where=sa.text("intent IS NOT NULL"),
            postgresql_where=sa.text("intent IS NOT NULL"),
        )
        batch_op.create_index("events_sender", ["sender_id", "seq"], unique=True)
        batch_op.create_index("events_timestamp", ["timestamp"], unique=False)

    op.create_table(
        "failures",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("viewer", sa.String(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("failures", schema=None) as batch_op:
        batch_op.create_index("failures_at", ["at"], unique=False)

    op.create_table(
        "handoffs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index("handoffs_pending", ["closed_at", "id"], unique=False)
        batch_op.create_index("handoffs_viewer", ["viewer"], unique=False)

    op.create_table(
        "messages_seen",
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "viewer", "client_id"),
    )
    with op.batch_alter_table("messages_seen", schema=None) as batch_op:
        batch_op.create_index("messages_seen_at", ["at"], unique=False)

    op.create_table(
        "names",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("kind", "owner_id", "language", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("outbox_viewer", ["viewer", "id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "titles",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("imdb_id", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("title_zh", sa.Text(), nullable=True),
        sa.Column("original_title", sa.Text(), nullable=True),
        sa.Column("genres", sa.Text(), server_default="", nullable=False),
        sa.Column("countries", sa.Text(), server_default="", nullable=False),
        sa.Column("languages", sa.Text(), server_default="", nullable=False),
        sa.Column("runtime", sa.Integer(), nullable=True),
        sa.Column("seasons", sa.Integer(), nullable=True),
        sa.Column("synopsis_en", sa.Text(), nullable=True),
        sa.Column("synopsis_zh", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reviews", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ratings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sources", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("imdb_id"),
    )
    op.create_table(
        "tracker_snapshots",
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sender_id"),
    )
    op.create_table(
        "viewers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("first_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "credits",
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("title_id", "role", "position"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.create_index("credits_person", ["person_id"], unique=False)

    op.create_table(
        "ratings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["viewers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index("ratings_viewer", ["viewer", "id"], unique=False)

    op.create_table(
        "refusals",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["viewers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("viewer", "title_id"),
    )
    op.create_table(
        "seen",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["viewers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("viewer", "title_id"),
    )
    op.create_table(
        "watchlist",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("title_id", sa.String(length=160), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["viewers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("viewer", "title_id"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("watchlist")
    op.drop_table("seen")
    op.drop_table("refusals")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index("ratings_viewer")

    op.drop_table("ratings")
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.drop_index("credits_person")

    op.drop_table("credits")
    op.drop_table("viewers")
    op.drop_table("tracker_snapshots")
    op.drop_table("titles")
    op.drop_table("people")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_viewer")

    op.drop_table("outbox")
    op.drop_table("names")
    with op.batch_alter_table("messages_seen", schema=None) as batch_op:
        batch_op.drop_index("messages_seen_at")

    op.drop_table("messages_seen")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("handoffs_viewer")
        batch_op.drop_index("handoffs_pending")

    op.drop_table("handoffs")
    with op.batch_alter_table("failures", schema=None) as batch_op:
        batch_op.drop_index("failures_at")

    op.drop_table("failures")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("events_timestamp")
        batch_op.drop_index("events_sender")
        batch_op.drop_index(
            "events_intent",
            sqlite_where=sa.text("intent IS NOT NULL"),
            postgresql_where=sa.text("intent IS NOT NULL"),
        )
        batch_op.drop_index(
            "events_action",
            sqlite_where=sa.text("action IS NOT NULL"),
            postgresql_where=sa.text("action IS NOT NULL"),
        )

    op.drop_table("events")
    op.drop_table("catalogue_sources")
    op.drop_table("catalogue_ratings")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("cases_viewer")

    op.drop_table("cases")
