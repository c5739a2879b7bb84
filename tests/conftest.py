"""What every test stands on: a data folder of its own, and the trained assistant on demand."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import quiet

# Settings are read once a process, so the folder is set before any test module is imported.
quiet.python_and_tensorflow()
for name in [name for name in os.environ if name.startswith("USHER_")]:
    del os.environ[name]
HOME = Path(tempfile.mkdtemp(prefix="usher-test-"))
os.environ["USHER_DATA_DIR"] = str(HOME)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def usher() -> Iterator[object]:
    """The assistant, trained and loaded in this process, with a database of its own."""
    from tests.conversations.talk import Usher
    from tests.trained import assemble

    with Usher(assemble(HOME)) as loaded:
        yield loaded
