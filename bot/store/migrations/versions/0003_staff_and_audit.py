"""Keep the staff, their sessions and what they do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=300), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="{}", nullable=False),
        sa.Column("address", sa.String(length=64), server_default="", nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_action", ["action", "id"], unique=False)
        batch_op.create_index("audit_at", ["at"], unique=False)
        batch_op.create_index("audit_person", ["person", "id"], unique=False)
        batch_op.create_index("audit_subject", ["subject", "id"], unique=False)

    op.create_table(
        "audit_cuts",
        sa.Column(
            "up_to",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("up_to"),
    )
    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("sign_in_attempts_account", ["account", "at"], unique=False)
        batch_op.create_index("sign_in_attempts_address", ["address", "at"], unique=False)
        batch_op.create_index("sign_in_attempts_at", ["at"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("password_until", sa.Float(), nullable=True),
        sa.Column("totp_sealed", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=400), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=True),
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("subject"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("revoked_at", sa.Float(), nullable=True),
        sa.Column("agent", sa.String(length=300), server_default="", nullable=False),
        sa.Column("address", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index("staff_sessions_person", ["person", "id"], unique=False)

    _guard_the_audit_log()


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_index("staff_sessions_person")

    op.drop_table("staff_sessions")
    op.drop_table("staff_recovery_codes")
    op.drop_table("staff")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index("sign_in_attempts_at")
        batch_op.drop_index("sign_in_attempts_address")
        batch_op.drop_index("sign_in_attempts_account")

    op.drop_table("sign_in_attempts")
    op.drop_table("retention_rules")
    op.drop_table("audit_cuts")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("audit_subject")
        batch_op.drop_index("audit_person")
        batch_op.drop_index("audit_at")
        batch_op.drop_index("audit_action")

    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuses_changes()")


_REFUSAL = "the audit log is append-only"


def _guard_the_audit_log() -> None:
    """Nothing is changed in the audit log or in its cuts, nothing deleted but before a cut."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""
            CREATE FUNCTION audit_refuses_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' THEN
                    IF OLD.id <= COALESCE((SELECT max(up_to) FROM audit_cuts), 0) THEN
                        RETURN OLD;
                    END IF;
                END IF;
                RAISE EXCEPTION '{_REFUSAL}';
            END $$
            """
        )
        for table in ("audit", "audit_cuts"):
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION audit_refuses_changes()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_changes()"
            )
        return
    for table in ("audit", "audit_cuts"):
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
        " WHEN OLD.id > COALESCE((SELECT max(up_to) FROM audit_cuts), 0)"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_cuts_no_delete BEFORE DELETE ON audit_cuts"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
