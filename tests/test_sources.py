"""Fetching data packages, with a package index that is a folder."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from bot import sources
from bot.sources import SourceError, Wheel, fetch

CONTENT = b"films"


def make_wheel(folder: Path, *, sha256: str | None = None, content_sha: str | None = None) -> Wheel:
    """A wheel that carries one data file, as pip would find it in `folder`."""
    path = folder / "usher_test_data-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("usher_test_data/__init__.py", "")
        archive.writestr("usher_test_data/films.db", CONTENT)
        info = "usher_test_data-1.0.dist-info"
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: usher_test_data\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return Wheel(
        "usher_test_data",
        "1.0",
        sha256 or hashlib.sha256(path.read_bytes()).hexdigest(),
        {"usher_test_data/films.db": content_sha or hashlib.sha256(CONTENT).hexdigest()},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to write files to."""
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip and uv look for packages in, and nowhere else."""
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(folder))
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_NO_CACHE", "PIP_NO_CACHE_DIR"):
        monkeypatch.setenv(name, "1")
    return folder


def test_only_the_data_is_kept_and_it_is_fetched_once(index: Path, tmp_path: Path) -> None:
    wheel = make_wheel(index)
    raw = tmp_path / "raw"
    assert "fetched" in fetch(raw, [wheel])
    assert [path.name for path in raw.iterdir()] == ["films.db"]
    assert (raw / "films.db").read_bytes() == CONTENT
    assert "already there" in fetch(raw, [wheel])
    (raw / "films.db").write_bytes(b"half")
    assert "fetched" in fetch(raw, [wheel])
    assert (raw / "films.db").read_bytes() == CONTENT


def test_a_wrong_checksum_is_said(index: Path, tmp_path: Path) -> None:
    wheel = make_wheel(index, sha256="0" * 64)
    with pytest.raises(SourceError, match="wrong checksum"):
        fetch(tmp_path / "raw", [wheel])
    assert list((tmp_path / "raw").iterdir()) == []


def test_a_wrong_member_is_said(index: Path, tmp_path: Path) -> None:
    wheel = make_wheel(index, content_sha="0" * 64)
    with pytest.raises(SourceError, match=r"films\.db .* wrong checksum"):
        fetch(tmp_path / "raw", [wheel])


def test_no_network_is_one_clear_line(index: Path, tmp_path: Path) -> None:
    wheel = make_wheel(index)
    for path in index.glob("*.whl"):
        path.unlink()
    with pytest.raises(SourceError, match="network") as raised:
        fetch(tmp_path / "raw", [wheel])
    assert "\n" not in str(raised.value)


def test_without_pip_and_uv_it_says_what_to_install(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = make_wheel(index)
    monkeypatch.setattr(sources, "_pip", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="install uv"):
        fetch(tmp_path / "raw", [wheel])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(wheel: Wheel, folder: Path) -> None:
        with Path("/dev/full").open("wb") as file:
            file.write(b"x" * (1 << 20))

    monkeypatch.setattr(sources, "_download", full)
    wheel = Wheel("x", "1", "", {"x/y": "z"})
    with pytest.raises(SourceError, match="full"):
        fetch(tmp_path / "raw", [wheel])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SourceError, match="cannot write"):
        fetch(tmp_path / "raw", [Wheel("x", "1", "", {"x/y": "z"})])
