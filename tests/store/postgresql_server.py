"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoServer(RuntimeError):  # noqa: N818
    """No PostgreSQL can be started here; the message says why."""


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield the address of its database `postgres`."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise NoServer(
            "no PostgreSQL server under /usr/lib/postgresql (apt-get install postgresql)"
        )
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="usher-pg-"))
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(programs[-1] / program), *arguments],
            cwd=folder,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise NoServer(f"{program}: {done.stdout.strip()[-400:]}")

    try:
        call(
            "initdb",
            "-D",
            str(data),
            "-U",
            "usher",
            "-E",
            "UTF8",
            "-A",
            "trust",
            "-N",
            "--locale=C.UTF-8",
        )
        options = (
            f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=200"
            " -c shared_buffers=32MB"
        )
        call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://usher@/postgres?host={quote(str(folder), safe='')}"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoServer(f"PostgreSQL does not run as {getpass.getuser()}, and there is no other user")
