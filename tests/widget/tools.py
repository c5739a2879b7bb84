"""What the tests of the pages take from npm: installed once by `npm ci`, else said why not."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).with_name("tools")
MODULES = FOLDER / "node_modules"


def needed(path: str) -> Path:
    """A file of the packages; without them the test is skipped."""
    reason = _missing()
    if reason:
        pytest.skip(reason)
    return MODULES / path


@lru_cache(maxsize=1)
def _missing() -> str:
    if (MODULES / "typescript").exists():
        return ""
    if not shutil.which("npm"):
        return "needs npm (Debian packages nodejs and npm)"
    done = subprocess.run(
        ["npm", "ci"], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False
    )
    return "" if done.returncode == 0 else f"npm ci failed: {done.stderr[-200:]}"
