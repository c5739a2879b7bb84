"""Reads a script of the widget: its tokens, what each name stands for, which names it declares.

It reads what our scripts are written in, not all of JavaScript: no statement is empty, no array has
holes, names are declared by `const`, `let`, `class`, `function` and parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = """
    async await break case catch class const constructor continue default delete do else export
    extends false finally for from function get if import in instanceof let new null of return set
    static super switch this throw true try typeof undefined void while yield
"""
KEYWORDS = frozenset(_WORDS.split())
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
CLOSES = {"(": ")", "[": "]", "{": "}"}
_BEFORE_OBJECT = frozenset("(,=:[?&|") | {"return", "const", "let", "await", "=", "new"}
_BEFORE_MEMBER = frozenset("{};") | {"static", "async", "get", "set"}


@dataclass
class Token:
    """A piece of a script; `line` says whether a new line begins before it."""

    kind: str
    text: str
    line: bool


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


def parts(tokens: list[Token]) -> list[int]:
    """The part each token is in: an outermost statement, or a member of a class there."""
    parts: list[int] = []
    depth = part = 0
    inside_class = False
    for token in tokens:
        parts.append(part)
        opens = (token.kind == "sign" and token.text in CLOSES) or token.text.endswith("${")
        closes = token.kind == "sign" and token.text in CLOSES.values()
        closes = closes or (token.kind == "template" and token.text.startswith("}"))
        if token.text == "class" and depth == 0:
            inside_class = True
        depth += opens - closes
        if depth <= inside_class and token.text in (";", "}"):
            part += 1
            inside_class = inside_class and depth > 0
    return parts


def outermost(tokens: list[Token]) -> set[str]:
    """Names that are declared at the outermost level."""
    found: set[str] = set()
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.kind == "sign" and token.text in CLOSES
        depth -= token.kind == "sign" and token.text in CLOSES.values()
        depth += token.kind == "template" and token.text.endswith("${")
        depth -= token.kind == "template" and token.text.startswith("}")
        if depth == 0 and token.text in ("const", "let", "class", "function"):
            found.add(tokens[place + 1].text)
    return found


def declared(tokens: list[Token]) -> set[str]:
    """Names that the script declares, but for those in braces."""
    found: set[str] = set()

    def targets(start: int, end: int) -> None:
        """Names between brackets that are bound: those that follow a bracket or a comma."""
        place = start
        while place < end:
            token, before = tokens[place], tokens[place - 1].text
            if token.kind == "name" and before in ("(", "[", ",", "..."):
                found.add(token.text)
            if token.text == "=" and tokens[place + 1].text in CLOSES:
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


def exported(tokens: list[Token]) -> set[str]:
    """Names that others use."""
    found: set[str] = set()
    for place, token in enumerate(tokens):
        if token.text == "export":
            after = (each.text for each in tokens[place + 1 : place + 4])
            found.add(next(name for name in after if name not in KEYWORDS))
    return found


def roles(tokens: list[Token]) -> list[str]:
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
        elif token.kind == "sign" and token.text in CLOSES:
            brackets.append(token.text)
        elif token.kind == "sign" and token.text in CLOSES.values():
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


def _begins_a_value(last: Token) -> bool:
    if last.kind == "sign":
        return last.text not in (")", "]", "}")
    return last.kind == "name" and last.text in KEYWORDS - {"this", "super"}


def _closing(tokens: list[Token], at: int) -> int:
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for place in range(at, len(tokens)):
        text = tokens[place].text if tokens[place].kind == "sign" else ""
        depth += (text in CLOSES) - (text in CLOSES.values() and text != "")
        if not depth:
            return place
    raise ValueError("a bracket of the script is not closed")
