"""The widget's scripts and style, shorter: no comments, no needless space, short names.

A variable gets a short name: one of the whole script the same everywhere, others the same within
a function or method of the outermost level, so that inner scopes need not be known. What stands as
a property, a key or a method stays, and `{name}` becomes `{name:a}`. Private names (`#name`) get
short ones as well. It holds for scripts that declare no variable named like a global one that they
use; a test compares what is sent with what was written, name by name.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count, product

from bot.channels import javascript
from bot.channels.javascript import CLOSES, KEYWORDS, Token

# A line may go on after these, and before those.
_OPEN_ENDED = frozenset("{([,;=:?&|+<") | {"=>"}
_CONTINUED = frozenset(")]}.?:&|,;") | {"?."}


def script(code: str) -> str:
    """A script that does the same and is shorter.

    Raises:
        ValueError: the script cannot be read.
    """
    tokens = list(javascript.read(code))
    tokens = _lighter(tokens)
    roles = javascript.roles(tokens)
    parts = javascript.parts(tokens)
    everywhere, within = _short_names(tokens, roles, parts)
    pieces: list[str] = []
    last = Token("sign", ";", False)
    for token, role, part in zip(tokens, roles, parts, strict=True):
        text = token.text
        if token.kind == "name" and role != "property":
            text = within[part].get(text) or everywhere.get(text, text)
            if role == "shorthand" and text != token.text:
                text = f"{token.text}:{text}"
        # No statement of ours is empty, and no array has holes.
        if text in CLOSES.values() and pieces and pieces[-1] == (";" if text == "}" else ","):
            pieces.pop()
        if token.line and last.text not in _OPEN_ENDED and token.text not in _CONTINUED:
            pieces.append("\n")
        elif _runs_together(last, token):
            pieces.append(" ")
        pieces.append(text)
        last = token
    return "".join(pieces) + "\n"


def style(sheet: str) -> str:
    """A style sheet that does the same and is shorter."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    sheet = re.sub(r" ?([{};,>]) ?", r"\1", sheet)
    sheet = re.sub(r"(?<=[a-z]): (?=\S)", ":", sheet)
    if "'" not in sheet:
        sheet = sheet.replace('"', "'")  # it will stand in a string
    own = Counter(re.findall(r"(?<=[{;])(--(?!usher-)[a-z-]+)(?=:)", sheet))
    for name, short in zip(own, _unused(set()), strict=False):
        sheet = re.sub(rf"{name}\b(?!-)", f"--{short}{short}", sheet)
    return sheet.replace(";}", "}").strip()


def _lighter(tokens: list[Token]) -> list[Token]:
    """The tokens without needless ones: `let` does for `const`, `x => …` for `(x) => …`."""
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        before, after = tokens[place - 1].text if place else "", tokens[place + 1 : place + 4]
        if token.text == "(" and before not in ("async", "function"):
            if [each.text for each in after[1:]] == [")", "=>"] and after[0].kind == "name":
                continue
        elif token.text == ")" and kept and len(tokens) > place + 1 and place > 1:
            lone = tokens[place - 2].text == "(" and tokens[place - 1].kind == "name"
            if lone and tokens[place + 1].text == "=>" and tokens[place - 3].text != "async":
                continue
        if token.text == "const":
            token = Token(token.kind, "let", token.line)
        kept.append(token)
    return kept


def _runs_together(last: Token, token: Token) -> bool:
    words = ("name", "number")
    if last.kind in words and token.kind in words:
        return True
    return last.kind == token.kind == "sign" and last.text == token.text and token.text in "+-"


def _short_names(
    tokens: list[Token], roles: list[str], parts: list[int]
) -> tuple[dict[str, str], dict[int, dict[str, str]]]:
    """Short names for those of the whole script, and for those of each of its parts."""
    uses: dict[int, Counter[str]] = defaultdict(Counter)
    shorthand: set[str] = set()
    for token, role, part in zip(tokens, roles, parts, strict=True):
        if token.kind == "name" and role != "property":
            uses[part][token.text] += 1
            if role == "shorthand":
                shorthand.add(token.text)
    used = sum(uses.values(), Counter())
    whole = javascript.outermost(tokens)
    kept = javascript.exported(tokens) | KEYWORDS
    own = (javascript.declared(tokens) | shorthand) - whole - kept
    private = {name for name in used if name.startswith("#")}
    known = kept | (set(used) - own - whole)
    everywhere = _assigned(private, used, set(), "#")
    everywhere |= _assigned(whole - kept, used, known | set(string.ascii_lowercase))
    known |= set(everywhere.values())
    within = {part: _assigned(own & set(names), names, known) for part, names in uses.items()}
    return everywhere, within


def _assigned(
    names: set[str], uses: Counter[str], known: set[str], mark: str = ""
) -> dict[str, str]:
    """Short names that are not `known`, in the order in which the names are used."""
    ordered = [name for name in uses if name in names]
    return {name: mark + short for name, short in zip(ordered, _unused(known), strict=False)}


def _unused(known: set[str]) -> Iterator[str]:
    for length in count(1):
        for letters in product(string.ascii_lowercase, repeat=length):
            if "".join(letters) not in known:
                yield "".join(letters)
