"""The widget's scripts and style, shorter: no comments, no needless space, short names.

A variable gets a short name: one of the whole script the same everywhere, others the same within
a function or method of the outermost level, so that inner scopes need not be known. What stands as
a property, a key or a method stays, and `{name}` becomes `{name:a}`. Private names (`#name`) get
short ones as well. It holds for scripts that declare no variable named like a global one that they
use, as ours do not.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product

_WORDS = """
    async await break case catch class const constructor continue default delete do else export
    extends false finally for from function get if import in instanceof let new null of return set
    static super switch this throw true try typeof undefined void while yield
"""
_KEYWORDS = frozenset(_WORDS.split())
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>\#?[A-Za-z_$][\w$]*)
    |(?P<number>\d[\w.]*|\.\d[\w]*)
    |(?P<sign>\?\.(?!\d)|=>|\.\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_CLOSES = {"(": ")", "[": "]", "{": "}"}
# A line may go on after these, and before those.
_OPEN_ENDED = frozenset("{([,;=:?&|+<") | {"=>"}
_CONTINUED = frozenset(")]}.?:&|,;") | {"?."}
_BEFORE_OBJECT = frozenset("(,=:[?&|") | {"return", "const", "let", "await", "=", "new"}
_BEFORE_MEMBER = frozenset("{};") | {"static", "async", "get", "set"}


@dataclass
class Token:
    """A piece of a script; `line` says whether a new line begins before it."""

    kind: str
    text: str
    line: bool


def script(code: str) -> str:
    """A script that does the same and is shorter.

    Raises:
        ValueError: the script cannot be read.
    """
    tokens = list(read(code))
    tokens = _lighter(tokens)
    roles = _roles(tokens)
    parts = _parts(tokens)
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
        if text in _CLOSES.values() and pieces and pieces[-1] == (";" if text == "}" else ","):
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


def read(code: str) -> Iterator[Token]:
    """The tokens of a script; a template is a token up to each `${`, and one from each `}`."""
    at, line, last = 0, False, Token("sign", ";", False)
    depths: list[int] = []
    while at < len(code):
        found = None
        if code[at] == "/" and code[at + 1] not in "/*" and _begins_a_value(last):
            found = _REGEX.match(code, at)
        if found:
            token = Token("text", found[0], line)
        elif code[at] == "`" or (code[at] == "}" and depths and depths[-1] == 0):
            inside = _TEMPLATE.match(code, at + 1)
            assert inside is not None
            end = inside.end() + (2 if code[inside.end()] == "$" else 1)
            token = Token("template", code[at:end], line)
            if code[at] == "}":
                depths.pop()
            if token.text.endswith("${"):
                depths.append(0)
        else:
            match = _TOKEN.match(code, at)
            if match is None or match.lastgroup is None:
                raise ValueError(f"cannot read the script at {code[at : at + 40]!r}")
            if match.lastgroup == "space":
                at, line = match.end(), line or "\n" in match[0]
                continue
            token = Token(match.lastgroup, match[0], line)
            if depths and token.text in "{}":
                depths[-1] += 1 if token.text == "{" else -1
        yield token
        at, line, last = at + len(token.text), False, token


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


def _begins_a_value(last: Token) -> bool:
    if last.kind == "sign":
        return last.text not in (")", "]", "}")
    return last.kind == "name" and last.text in _KEYWORDS - {"this", "super"}


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
    whole = _outermost(tokens)
    kept = _exported(tokens) | _KEYWORDS
    own = (_declared(tokens) | shorthand) - whole - kept
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
    """Short names that are not `known`, the shortest for the most used."""
    ordered = sorted(names, key=lambda name: (-uses[name], name))
    return {name: mark + short for name, short in zip(ordered, _unused(known), strict=False)}


def _parts(tokens: list[Token]) -> list[int]:
    """The part each token is in: an outermost statement, or a member of a class there."""
    parts: list[int] = []
    depth = part = 0
    inside_class = False
    for token in tokens:
        parts.append(part)
        opens = (token.kind == "sign" and token.text in _CLOSES) or token.text.endswith("${")
        closes = token.kind == "sign" and token.text in _CLOSES.values()
        closes = closes or (token.kind == "template" and token.text.startswith("}"))
        if token.text == "class" and depth == 0:
            inside_class = True
        depth += opens - closes
        if depth <= inside_class and token.text in (";", "}"):
            part += 1
            inside_class = inside_class and depth > 0
    return parts


def _outermost(tokens: list[Token]) -> set[str]:
    """Names that are declared at the outermost level."""
    found: set[str] = set()
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.kind == "sign" and token.text in _CLOSES
        depth -= token.kind == "sign" and token.text in _CLOSES.values()
        depth += token.kind == "template" and token.text.endswith("${")
        depth -= token.kind == "template" and token.text.startswith("}")
        if depth == 0 and token.text in ("const", "let", "class", "function"):
            found.add(tokens[place + 1].text)
    return found


def _unused(known: set[str]) -> Iterator[str]:
    for length in count(1):
        for letters in product(string.ascii_lowercase, repeat=length):
            if "".join(letters) not in known:
                yield "".join(letters)


def _closing(tokens: list[Token], at: int) -> int:
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for place in range(at, len(tokens)):
        text = tokens[place].text if tokens[place].kind == "sign" else ""
        depth += (text in _CLOSES) - (text in _CLOSES.values() and text != "")
        if not depth:
            return place
    raise ValueError("a bracket of the script is not closed")


def _declared(tokens: list[Token]) -> set[str]:
    """Names that the script declares, but for those in braces."""
    found: set[str] = set()

    def targets(start: int, end: int) -> None:
        """Names between brackets that are bound: those that follow a bracket or a comma."""
        place = start
        while place < end:
            token, before = tokens[place], tokens[place - 1].text
            if token.kind == "name" and before in ("(", "[", ",", "..."):
                found.add(token.text)
            if token.text == "=" and tokens[place + 1].text in _CLOSES:
                place = _closing(tokens, place + 1)
            elif token.text in ("(", "{") and place > start:
                place = _closing(tokens, place)
            place += 1

    for place, token in enumerate(tokens[:-1]):
        following = tokens[place + 1]
        if token.text in ("const", "let", "class", "function") and following.kind == "name":
            found.add(following.text)
        elif token.text in ("const", "let") and following.text == "[":
            targets(place + 2, _closing(tokens, place + 1))
        elif token.kind == "name" and following.text == "=>":
            found.add(token.text)
        elif token.text == "(" and token.kind == "sign":
            end = _closing(tokens, place)
            after = tokens[end + 1].text if end + 1 < len(tokens) else ""
            statement = tokens[place - 1].text in ("if", "for", "while", "switch")
            if after == "=>" or (after == "{" and not statement):
                targets(place + 1, end)
    return found


def _exported(tokens: list[Token]) -> set[str]:
    """Names that others use."""
    found: set[str] = set()
    for place, token in enumerate(tokens):
        if token.text == "export":
            after = (each.text for each in tokens[place + 1 : place + 4])
            found.add(next(name for name in after if name not in _KEYWORDS))
    return found


def _roles(tokens: list[Token]) -> list[str]:
    """What each name stands for: "plain", "property", or both as "shorthand" (`{name}`)."""
    roles: list[str] = []
    brackets = ["block"]
    heads = 0  # how many `class` wait for their brace
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else Token("sign", ";", False)
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        roles.append("")
        if token.kind == "template":
            if token.text.startswith("}"):
                brackets.pop()
            if token.text.endswith("${"):
                brackets.append("(")
        elif token.kind == "sign" and token.text == "{":
            if heads and before.kind == "name":
                heads -= 1
                brackets.append("class")
            else:
                value = before.text in _BEFORE_OBJECT or before.text.endswith("${")
                brackets.append("object" if value else "block")
        elif token.kind == "sign" and token.text in _CLOSES:
            brackets.append(token.text)
        elif token.kind == "sign" and token.text in _CLOSES.values():
            brackets.pop()
        elif token.kind == "name":
            heads += token.text == "class" and after != ":"
            member = brackets[-1] == "class" and before.text in _BEFORE_MEMBER
            key = brackets[-1] == "object" and before.text in ("{", ",")
            if token.text.startswith("#"):
                roles[-1] = "plain"
            elif before.text in (".", "?.") or member or (key and after in (":", "(")):
                roles[-1] = "property"
            else:
                roles[-1] = "shorthand" if key and after in (",", "}", "=") else "plain"
    return roles
