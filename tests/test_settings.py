"""Settings: read, refused with a reason, and all documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import PREFIX, SettingError, Settings, read

ROOT = Path(__file__).resolve().parent.parent


def test_defaults_need_no_environment() -> None:
    assert read({}).port == 5005
    assert read({}).database.startswith("sqlite:///")


def test_values_are_typed(tmp_path: Path) -> None:
    found = read({"USHER_PORT": "8080", "USHER_DATA_DIR": str(tmp_path), "USHER_HOST": "::1"})
    assert (found.port, found.data_dir, found.host) == (8080, tmp_path, "::1")


@pytest.mark.parametrize("value", ["abc", "-1", "1.5"])
def test_a_bad_number_is_refused_by_name(value: str) -> None:
    with pytest.raises(SettingError, match="USHER_PORT"):
        read({"USHER_PORT": value})


def test_an_empty_value_means_the_default() -> None:
    assert read({"USHER_PORT": ""}).port == 5005


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_in_the_readme(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{PREFIX}{name.upper()}`" in readme
