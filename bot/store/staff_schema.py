"""Tables of the staff: who they are, their sessions, failed sign-ins, and the audit log.

Times are seconds since 1970 (UTC).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    true,
)

from bot.store.metadata import METADATA

# SQLite numbers rows by itself only in a column of its own kind of integer.
_Id = BigInteger().with_variant(Integer, "sqlite")

staff = Table(
    "staff",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),  # casefolded
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("password_hash", String(200)),  # none: signs in by OpenID Connect alone
    # A one-time password has an end and must be changed at the first sign-in.
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Column("password_until", Float),
    Column("totp_sealed", Text),  # encrypted; none: no second factor
    Column("totp_step", BigInteger),  # the last time step used: a code serves once
    Column("subject", String(400), unique=True),  # issuer and subject of OpenID Connect
    Column("language", String(8)),
    Column("theme", String(8)),
    Column("shortcuts", Boolean, nullable=False, server_default=true()),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float),
    sqlite_autoincrement=True,
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    METADATA,
    Column("person", _Id, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", String(64), primary_key=True),
    sqlite_with_rowid=False,
)

staff_sessions = Table(
    "staff_sessions",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),  # of the token, which is not kept
    Column("person", _Id, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("stage", String(12), nullable=False),  # totp | password | open
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
    Column("agent", String(300), nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),
    Index("staff_sessions_person", "person", "id"),
    sqlite_autoincrement=True,
)

# Failed sign-ins, and those under way: an attempt counts until it succeeds.
sign_in_attempts = Table(
    "sign_in_attempts",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("account", String(64), nullable=False),  # SHA-256 of what was claimed
    Column("address", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Index("sign_in_attempts_account", "account", "at"),
    Index("sign_in_attempts_address", "address", "at"),
    Index("sign_in_attempts_at", "at"),
    sqlite_autoincrement=True,
)

# Append-only: triggers refuse any change, and each entry's hash covers the one before.
audit = Table(
    "audit",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("at", Float, nullable=False),
    Column("person", _Id),  # none: a command, or somebody unknown
    Column("who", String(254), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(300), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default="{}"),  # JSON
    Column("address", String(64), nullable=False, server_default=""),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_person", "person", "id"),
    Index("audit_action", "action", "id"),
    Index("audit_subject", "subject", "id"),
    Index("audit_at", "at"),
    sqlite_autoincrement=True,
)

# Up to where the log was cut by a retention rule; the triggers let nothing else be deleted.
audit_cuts = Table(
    "audit_cuts",
    METADATA,
    Column("up_to", _Id, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),  # of the last entry that went
    Column("entries", Integer, nullable=False),
    Column("at", Float, nullable=False),
)

retention_rules = Table(
    "retention_rules",
    METADATA,
    Column("kind", String(40), primary_key=True),
    Column("days", Integer, nullable=False),  # 0: for ever
    Column("at", Float, nullable=False),
)
