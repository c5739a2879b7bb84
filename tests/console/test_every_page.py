"""What must hold of every page there is, with something on it and with nothing."""

from __future__ import annotations

import re

import pytest

from bot.console.access import ROLES
from tests.console import full_desk
from tests.console.pages_seen import paths
from tests.console.served import Console


def test_it_can_be_read_full_and_empty(own_console: Console) -> None:
    language = "en" if own_console.engine.dialect.name == "sqlite" else "zh"
    client = own_console.client(own_console.add("admin", language=language))
    for path in paths():
        page = client.get(path)
        assert page.status_code == (404 if path == "/tests/new" else 200), (path, page.text[-600:])
    full_desk.fill(own_console.engine)
    for path in full_desk.addresses(own_console.engine):
        page = client.get(path)
        assert page.status_code == (404 if path == "/nowhere" else 200), (path, page.text[-600:])


@pytest.mark.parametrize("role", ROLES)
def test_it_names_no_viewer(full: Console, role: str) -> None:
    """Only what is revealed for a reason, and an export, says who a viewer is."""
    client = full.client(role)
    for path in full_desk.addresses(full.engine):
        page = client.get(path)
        assert page.status_code in (200, 403, 404)
        for number in range(len(full_desk.ORDINARY)):
            assert full_desk.viewer_of(number) not in page.text, path
    revealed = full.client("admin").post(
        f"{full_desk.conversation(full.engine)}/reveal", {"reason": "to see that it can be found"}
    )
    assert full_desk.viewer_of(0) in revealed.text


# Names of the model, of the staff, and everybody's.
NAMES = re.compile(r"[a-z]+(_[a-z]+)+|greet|refine|English|JSONL|CSV|[A-Z][a-z]+ \d+")


def test_its_words_are_of_its_language(full: Console) -> None:
    """No English word of ours is left in a Chinese page's places for words."""
    client, left = full.client(full.add("admin", language="zh")), set()
    for path in full_desk.addresses(full.engine, most=1):
        page = client.get(path).text
        for told in re.findall(r"<(?:h1|h2|th|label|legend|button)\b[^>]*>([^<]+)<", page):
            english = re.search("[a-z]{4}", told) and not re.search("[\u4e00-\u9fff]", told)
            if english and not NAMES.fullmatch(told.strip()):
                left.add((path, told.strip()))
    theirs = full_desk.ORDINARY
    assert {(path, told) for path, told in left if not any(t in told for t in theirs)} == set()
