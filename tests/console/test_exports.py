"""Exports hold what staff and viewers think beside what was said."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from bot.console.export_sources import SOURCES
from bot.console.exports import FORMATS
from tests.console.served import Client, Console
from tests.desk.lived import live


def rows(client: Client, name: str) -> list[dict[str, Any]]:
    answer = client.get(f"/export/{name}.jsonl")
    assert answer.status_code == 200, answer.text[-300:]
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def test_annotations_are_exported(own_console: Console) -> None:
    live(own_console.engine)
    admin = own_console.client("admin")
    found = {each.name: rows(admin, each.name) for each in SOURCES}
    said = {row["text"]: row for row in found["messages"] if row["text"]}
    (flag,) = said["recommend something blue to mei"]["flags"]
    assert (flag["reason"], flag["note"], flag["open"]) == ("wrong_answer", "see the card", True)
    judged = [row["feedback"] for row in found["messages"] if row["feedback"]]
    assert [(each["verdict"], each["text"]) for each in judged] == [("down", "too blue")]
    (talk,) = found["conversations"]
    assert (talk["rating"], talk["thumbs_down"], talk["flags"]) == (2, 1, ["wrong_answer"])
    assert [row["text"] for row in found["staff_messages"]] == ["Let me look for a bluer one."]
    (decided,) = found["decisions"]
    assert (decided["verdict"], decided["text"], decided["model"]) == (
        "upheld",
        "you idiot",
        "insult",
    )
    assert found["appeals"][0]["text"] and found["appeals"][0]["granted"] == 0
    (corrected,) = found["annotations"]
    assert (corrected["text"], corrected["state"]) == (
        "recommend something blue to mei",
        "approved",
    )
    assert corrected["entities"] == [] and corrected["understood"] == "recommend"
    assert found["feedback"][0]["reason"] == "wrong" and found["satisfaction"][0]["score"] == 2
    assert [row["text"] for row in found["notes"]] == ["likes blue films"]
    for each in SOURCES:
        table = admin.get(f"/export/{each.name}.csv").content.decode("utf-8-sig")
        written = list(csv.DictReader(io.StringIO(table, newline="")))
        assert len(written) == len(found[each.name]), each.name
        assert all(set(row) == set(each.columns) for row in found[each.name]), each.name


def test_notes_are_for_those_who_may_read_them(console: Console) -> None:
    trainer = console.client("trainer")
    assert trainer.get("/export/notes.jsonl").status_code == 403
    assert "/export/notes." not in trainer.get("/export").text
    assert "/export/annotations.csv" in trainer.get("/export").text
    assert console.client("agent").get("/export/flags.csv").status_code == 403


@pytest.mark.parametrize("kind", list(FORMATS))
def test_nothing_is_an_empty_file(console: Console, kind: str) -> None:
    for each in SOURCES:
        answer = console.client("admin").get(
            f"/export/{each.name}.{kind}?since=2001-01-01&until=2001-01-02"
        )
        assert answer.status_code == 200 and len(answer.content.splitlines()) == (kind == "csv")
