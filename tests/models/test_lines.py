"""Files of labelled lines are read or refused in one line; standard input is always answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lines import LinesError, labelled_lines
from models.moderation import evaluate

ECHO = "from models.lines import answer_lines; answer_lines(lambda text: {'length': len(text)})"


def test_a_heading_empty_lines_and_further_columns_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lines.tsv"
    path.write_bytes("\ufeffText\tLabel\r\n很 好\t Pos \textra\r\n\r\nbad\tneg\n".encode())
    assert labelled_lines(path) == [("很 好", "pos"), ("bad", "neg")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no line with"),
        (b"text\tlabel\n", "no line with"),
        (b"fine\t1\nno label here\n", ":2: expected"),
        (b"fine\t1\nno label\t \n", ":2: expected"),
        (b"\xff\xfe\x00\x80\t1\n", "not a text in UTF-8"),
    ],
)
def test_what_is_no_labelled_text_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "lines.tsv"
    path.write_bytes(content)
    with pytest.raises(LinesError, match=said) as caught:
        labelled_lines(path)
    assert str(path) in str(caught.value)


def test_neither_a_folder_nor_nothing_is_a_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.tsv"):
        with pytest.raises(LinesError, match=str(path)):
            labelled_lines(path)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=80))
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "lines.tsv"
    path.write_bytes(content)
    try:
        assert all(label for _, label in labelled_lines(path))
    except LinesError as error:
        assert str(path) in str(error)


def test_unknown_labels_are_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.tsv"
    path.write_text("fine\tpurple\n", encoding="utf-8")
    assert evaluate.main(["--file", str(path)]) == 2
    said = capsys.readouterr().err
    assert "'purple'" in said and said.count("\n") == 1


def test_any_bytes_on_standard_input_are_answered_line_by_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ECHO],
        input=b"plain\r\n\xff\xfe\n\n\xe5\xa5\xbd\x00",
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [row["length"] for row in rows] == [5, 2, 0, 2]
    assert rows[3]["text"] == "好\x00"


def test_a_reader_who_leaves_ends_the_answers_quietly() -> None:
    asked = f'yes "a line" | {sys.executable} -c "{ECHO}" | head -n 1'
    done = subprocess.run(asked, shell=True, capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {"text": "a line", "length": 6}
    assert done.stderr == b""
