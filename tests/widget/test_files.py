"""What browsers are sent: how much it is, that it is typed, whole, checked and kept."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.channels import shorter
from bot.channels.widget import FOLDER, WidgetError, build, joined
from tests.channels.served import Server
from tests.widget.tools import needed
from tests.widget.visit import HOST

LIMIT, LAUNCHER_LIMIT = 20_000, 4_000


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and the body as it is sent."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(url, headers={"Accept-Encoding": "gzip", **headers})) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_all_of_it_is_small(server: Server) -> None:
    status, _, launcher = fetch(f"{server.url}/widget.js")
    assert status == 200 and len(launcher) <= LAUNCHER_LIMIT
    named = set(re.findall(rb"widget/[0-9a-f]{12}/[\w.]+", gzip.decompress(launcher)))
    sent = {name.decode(): len(fetch(f"{server.url}/{name.decode()}")[2]) for name in named}
    assert len(sent) == 1  # styles, words and icons are within
    total = len(launcher) + sum(sent.values())
    print(f"launcher {len(launcher)}, all {total} bytes gzipped")
    assert total <= LIMIT


def test_both_languages_are_within_and_a_third_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "widget"
    shutil.copytree(FOLDER, folder)
    (folder / "words" / "tlh.json").write_text('{"name": "tlhIngan Hol"}', encoding="utf-8")
    chat = build(folder).files["chat.js"].body.decode()
    assert "今晚看点什么" in chat and "What shall we watch" in chat and "tlhIngan Hol" in chat


def test_every_language_has_every_word() -> None:
    packs = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (FOLDER / "words").glob("*.json")
    }
    assert {"en", "zh"} <= set(packs)
    for name, pack in packs.items():
        assert set(pack) == set(packs["en"]), name
        for key, value in pack.items():
            there = re.findall(r"\{\w+\}", json.dumps(value))
            assert set(there) == set(re.findall(r"\{\w+\}", json.dumps(packs["en"][key]))), key


def test_what_does_not_change_is_kept_and_another_version_is_refused(server: Server) -> None:
    widget = build()
    path = f"{server.url}/widget/{widget.version}/chat.js"
    status, headers, _ = fetch(path)
    assert status == 200 and "immutable" in headers["Cache-Control"]
    assert headers["Content-Encoding"] == "gzip"
    assert fetch(path, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert fetch(f"{server.url}/widget/000000000000/chat.js")[0] == 404
    assert fetch(f"{server.url}/widget/{widget.version}/../settings.py")[0] == 404
    _, headers, _ = fetch(f"{server.url}/widget.js")
    assert "max-age=300" in headers["Cache-Control"]


def test_pages_of_the_configured_sites_may_load_it_and_others_may_not(server: Server) -> None:
    allowed = fetch(f"{server.url}/widget.js", Origin=HOST)[1]
    assert allowed["Access-Control-Allow-Origin"] == HOST
    assert "Accept-Encoding" in allowed["Vary"] and "Origin" in allowed["Vary"]
    refused = fetch(f"{server.url}/widget.js", Origin="https://evil.example")[1]
    assert "Access-Control-Allow-Origin" not in refused


def test_the_tag_is_printed_with_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.__main__ import main

    assert main(["widget", "https://usher.example/"]) == 0
    printed = capsys.readouterr().out
    assert 'src="https://usher.example/widget.js"' in printed
    assert f'integrity="{build().integrity}"' in printed


def test_the_types_hold() -> None:
    done = subprocess.run(
        [needed("typescript/bin/tsc"), "-p", needed("..") / "tsconfig.json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "" and done.returncode == 0


def test_what_is_sent_is_what_was_written(tmp_path: Path) -> None:
    """But for the names of what it declares: no name is lost, taken twice or meant differently."""
    written = [joined(FOLDER, entry) for entry in ("chat.js", "loader.js")]
    said = compared(tmp_path, [(each, shorter.script(each)) for each in written])
    assert [line.split(",")[0] for line in said] == ["the same", "the same"]
    names = [int(line.split()[3]) for line in said]
    assert names[0] > 2000 and names[1] > 200


def test_another_meaning_would_be_noticed(tmp_path: Path) -> None:
    pairs = [
        ("const one = 1, two = 2; f(one, two)", "const a = 1, b = 2; f(b, a)"),
        ("const one = 1; f(one, other)", "const a = 1; f(a, a)"),
        ("const one = { key: 1 }; one.key", "const a = { b: 1 }; a.b"),
        (
            "class A { #one = 1; #two = 2; get() { return this.#two } }",
            "class A { #a = 1; #b = 2; get() { return this.#a } }",
        ),
        ("f((one) => (two) => one)", "f((a) => (a) => a)"),
        ("if (a) b(); else c()", "if (a) b(); else d()"),
        ("f(-1)", "f(+1)"),
    ]
    assert [line for line in compared(tmp_path, pairs) if "the same" in line] == []


def compared(folder: Path, pairs: list[tuple[str, str]]) -> list[str]:
    """How two scripts differ, for each two."""
    needed("typescript")
    paths = []
    for number, code in enumerate(code for pair in pairs for code in pair):
        paths.append(folder / f"{number}.js")
        paths[-1].write_text(f"{code};\nexport {{}};\n", encoding="utf-8")
    done = subprocess.run(
        ["node", needed("..") / "same.mjs", *paths],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert len(said) == len(pairs)
    return said


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const name = 1; // one\nconst b = { name };", "let aa=1;let ab={name:aa};\n"),
        ("f((each) => each.name)", "f(a=>a.name)\n"),
        ("const f = ({ id, to = 2 }) => `${id}/${to}`;", "let aa=({id:b,to:a})"),
        ("x = a / b / c;", "x=a/b/c;\n"),
        ("x = /[/'\"]+/g.test(y);", "x=/[/'\"]+/g.test(y);\n"),
        ("x = `a ${b ? `c ${d}` : '}'} e`;", "x=`a ${b?`c ${d}`:'}'} e`;\n"),
        ("class A { #secret = 1; get it() { return this.#secret; } }", "this.#a"),
        ("if (a) {\n  b = 1;\n}\n[1].map(c)", "if(a){b=1}\n[1].map(c)\n"),
        ("x = '// no comment';", "x='// no comment';\n"),
    ],
)
def test_a_script_is_shortened_without_another_meaning(code: str, expected: str) -> None:
    short = shorter.script(code)
    assert short == expected or (not expected.endswith("\n") and expected[:10] in short)


def test_a_name_in_two_modules_is_an_error(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.js").write_text(
            'import "./two.js";\nconst same = 1;\n'[19 * (name == "two") :]
        )
    (tmp_path / "one.css").write_text("")
    with pytest.raises(WidgetError, match="same"):
        joined(tmp_path, "one.js")


def test_the_scripts_never_make_html_of_text() -> None:
    for script in FOLDER.glob("*.js"):
        code = script.read_text(encoding="utf-8")
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert forbidden not in code, f"{forbidden} in {script.name}"
