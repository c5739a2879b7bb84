"""`python -m bot console <command>`: what an operator does with the console."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from bot.settings import settings

COMMAND = "console"


def add_to(commands: Any) -> None:
    """Add the group of commands to the command line."""
    group = commands.add_parser(COMMAND, help="the staff's console").add_subparsers(
        dest="console_command", required=True, metavar="command"
    )
    serve = group.add_parser("serve", help="serve the console alone, beside assistants elsewhere")
    serve.add_argument("--port", type=int, help="port to listen on (USHER_CONSOLE_PORT)")
    serve.add_argument("--host", help="address to listen on (USHER_HOST)")
    serve.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)

    admin = group.add_parser("admin", help="add an administrator, with a one-time password")
    admin.add_argument("email")
    admin.add_argument("--name", help="their name (default: the part before the @)")
    admin.add_argument(
        "--reset",
        action="store_true",
        help="of somebody who is there: a new one-time password, no second factor",
    )

    verify = group.add_parser("verify", help="check the audit log's chain of hashes")
    verify.add_argument("--head", default="", help="a hash that was the newest once")

    group.add_parser("rebuild", help="make the review desk's tables anew from all events")

    seed = group.add_parser("seed", help="fill the desk with simulated viewers, to look around")
    seed.add_argument("--conversations", type=int, default=200, metavar="N")
    seed.add_argument("--days", type=int, default=14, help="over how many days (default: 14)")
    seed.add_argument("--seed", type=int, default=1, help="another one: other conversations")
    seed.add_argument("--remove", action="store_true", help="delete all that was seeded")

    keep = group.add_parser("retention", help="delete what has been kept for long enough")
    keep.add_argument("--dry-run", action="store_true", help="only say what would go")


def run(options: argparse.Namespace) -> int:
    """Run one of them; returns the exit status."""
    from bot.store.database import DatabaseUnavailable, engine, migrate

    try:
        store = engine(settings().database)
        migrate(store)
        if options.console_command == "serve":
            from bot.console import server

            return server.main(options.host, options.port, options.with_parent)
        return _COMMANDS[options.console_command](store, options)
    except DatabaseUnavailable as error:
        print(f"usher: {error}", file=sys.stderr)
        return 1


def _admin(store: Any, options: argparse.Namespace) -> int:
    from bot.console import passwords
    from bot.console.people import is_email
    from bot.store import audit, staff
    from bot.store.database import writing
    from bot.store.staff import Staff
    from bot.store.staff_sessions import Sessions

    email = staff.canonical_email(options.email)
    if not is_email(email):
        print(f"usher: {options.email!r} is no e-mail address", file=sys.stderr)
        return 2
    known = Staff(store).credentials(email=email)
    if known and not options.reset:
        print(
            f"usher: {email} is there already, as {known.person.role};"
            " --reset gives a new one-time password",
            file=sys.stderr,
        )
        return 1
    if options.reset and known is None:
        print(f"usher: nobody has the address {email}", file=sys.stderr)
        return 1
    password = passwords.one_time()
    kept: dict[str, Any] = {
        "password_hash": passwords.hash_of(password),
        "password_until": time.time() + passwords.ONE_TIME_HOURS * 3600,
    }
    with writing(store) as connection:
        if known:
            number = known.person.id
            staff.change(
                connection,
                number,
                **kept,
                must_change=True,
                role="admin",
                active=True,
                totp_sealed=None,
            )
            staff.replace_recovery_codes(connection, number, ())
            Sessions(store).revoke(connection, number)
        else:
            name = options.name or email.split("@")[0]
            number = staff.add(connection, email=email, name=name, role="admin", **kept)
        audit.append(
            connection,
            who="command",
            action="people.reset" if known else "people.invite",
            subject=f"person:{number}",
            detail={"email": email, "role": "admin"},
        )
    print(f"  {email} may sign in as an administrator.")
    print(f"  One-time password, for {passwords.ONE_TIME_HOURS} hours: {password}")
    address = settings().console_url or f"http://localhost:{settings().console_port}"
    print(f"  At: {address.rstrip('/')}/sign-in")
    return 0


def _verify(store: Any, options: argparse.Namespace) -> int:
    from bot.store.audit import AuditLog

    verdict = AuditLog(store).verify(options.head)
    if verdict.broken is not None:
        print(f"  ✗ The audit log was tampered with at entry {verdict.broken}: {verdict.reason}.")
        return 1
    print(f"  ✓ The audit log is whole: {verdict.entries:,} entries.")
    print(f"  Its newest hash, to be kept elsewhere: {verdict.head}")
    return 0


def _retention(store: Any, options: argparse.Namespace) -> int:
    from bot.store import retention

    rules = retention.rules(store)
    found = retention.due(store)
    for kind, days in rules.items():
        what = ", ".join(f"{rows:,} of {table}" for table, rows in found[kind].items() if rows)
        kept = f"kept {days:,} days" if days else "kept for ever"
        print(f"  {kind:14} {kept:20} {what or 'nothing is due'}")
    if options.dry_run:
        print("  Nothing was deleted.")
        return 0
    deleted = retention.delete_old(store)
    print(f"  Deleted: {sum(deleted.values()):,} rows.")
    return 0


def _rebuild(store: Any, options: argparse.Namespace) -> int:
    from bot.desk.projector import Projector

    began = time.monotonic()
    count = Projector(store).rebuild()
    print(
        f"  {count:,} conversations made anew from their events, {time.monotonic() - began:.1f} s."
    )
    return 0


def _seed(store: Any, options: argparse.Namespace) -> int:
    from bot import seeding
    from bot.agent import NoModelError

    if not 1 <= options.conversations <= 100_000 or not 1 <= options.days <= 365:
        print("usher: 1 to 100,000 conversations over 1 to 365 days", file=sys.stderr)
        return 2
    if options.remove:
        print(f"  {seeding.remove(store):,} simulated viewers deleted.")
        return 0
    try:
        count = seeding.seed(store, options.conversations, options.days, options.seed)
    except NoModelError as error:
        print(f"usher: {error}", file=sys.stderr)
        return 1
    print(f"  {count:,} conversations of simulated viewers; `seed --remove` deletes them.")
    return 0


_COMMANDS = {
    "admin": _admin,
    "verify": _verify,
    "rebuild": _rebuild,
    "seed": _seed,
    "retention": _retention,
}
