"""The widget's files: two scripts, put together when the server starts.

The scripts in `bot/widget` are plain modules without a build step. What is sent is the same code,
joined and shortened, with style and words: `widget.js`, the launcher, and `chat.js`, which it loads
when the chat is opened. Every address but the launcher's holds a hash of
all files, so that browsers may keep what they have; the launcher knows the integrity hash of the
chat.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import shorter
from bot.channels.files import FOR_EVER, File, send
from bot.channels.guard import Origins
from bot.channels.problem import Problem
from bot.settings import settings

FOLDER = Path(__file__).resolve().parent.parent / "widget"
LAUNCHER, CHAT = "widget.js", "chat.js"
# Without a version in its address the launcher may be older by so much (seconds).
_LAUNCHER_AGE = 300
# Pages that isolate themselves take only what says so; who may read it is CORS's matter.
_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin"}
_IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./([a-z]+\.js)";\n', re.MULTILINE)
# Modules in whose place the server puts what it knows.
_STUBS = ("files.js", "packs.js", "style.js")
_DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)


class WidgetError(ValueError):
    """The modules cannot be joined; the message says why."""


@dataclass(frozen=True)
class Widget:
    """The files as they are sent, by name, and their common version."""

    files: dict[str, File]
    version: str

    @property
    def integrity(self) -> str:
        """The hash of the launcher, as the attribute `integrity` has it."""
        return integrity(self.files[LAUNCHER].body)

    def tag(self, address: str, pinned: bool = False) -> str:
        """What a web site puts into its pages; `pinned` to exactly this version."""
        base = address.rstrip("/")
        if not pinned:
            return f'<script type="module" src="{base}/{LAUNCHER}"></script>'
        return (
            f'<script type="module" src="{base}/widget/{self.version}/{LAUNCHER}" '
            f'integrity="{self.integrity}" crossorigin="anonymous"></script>'
        )


def integrity(body: bytes) -> str:
    """The hash of a file, as browsers check it (Subresource Integrity)."""
    return f"sha384-{base64.b64encode(hashlib.sha384(body).digest()).decode()}"


def build(folder: Path = FOLDER) -> Widget:
    """Put the files together.

    Raises:
        WidgetError: two modules of a script declare the same name.
    """
    keys, packs = read_words(folder / "words")
    chat = sent(folder, "chat.js", KEYS=keys, PACKS=packs)
    version = hashlib.sha256(chat + sent(folder, "loader.js", FILES={})).hexdigest()[:12]
    files = {"chat": f"widget/{version}/{CHAT}", "integrity": integrity(chat)}
    bodies = {CHAT: chat, LAUNCHER: sent(folder, "loader.js", FILES=files)}
    return Widget({name: File(body, name) for name, body in bodies.items()}, version)


def sent(folder: Path, entry: str, **known: Any) -> bytes:
    """A script as it is sent: `joined`, shortened."""
    return shorter.script(joined(folder, entry, **known)).encode()


def read_words(folder: Path) -> tuple[list[str], dict[str, list[Any]]]:
    """The words' keys, and each language's words in their order; what one lacks is in English."""
    packs = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }
    english = packs["en"]
    return list(english), {
        name: [pack.get(key, english[key]) for key in english] for name, pack in packs.items()
    }


def joined(folder: Path, entry: str, **known: Any) -> str:
    """A module with all it imports as one script, as written; what it exports stays exported.

    Args:
        folder: where the modules are.
        entry: the module to begin with; its style sheet has the same name.
        known: what stands in the place of the modules that stand for it.

    Raises:
        WidgetError: two modules declare the same name.
    """
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order or name in _STUBS:
            return
        for imported in _IMPORT.findall((folder / name).read_text(encoding="utf-8")):
            visit(imported)
        order.append(name)

    visit(entry)
    pieces: list[str] = []
    owners: dict[str, str] = {}
    for name in order:
        code = _IMPORT.sub("", (folder / name).read_text(encoding="utf-8"))
        if name != entry:
            code = re.sub(r"^export ", "", code, flags=re.MULTILINE)
        for declared in _DECLARED.findall(re.sub(r"^export ", "", code, flags=re.MULTILINE)):
            if owners.setdefault(declared, name) != name:
                raise WidgetError(f"{declared} is declared in {owners[declared]} and in {name}")
        pieces.append(code)
    known["STYLE"] = shorter.style((folder / entry).with_suffix(".css").read_text(encoding="utf-8"))
    for name, value in known.items():
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        pieces.insert(0, f"const {name} = {text};\n")
    return "".join(pieces)


def blueprint(widget: Widget) -> Blueprint:
    """The routes of the widget."""
    routes = Blueprint("widget")
    origins = Origins(settings().cors_origins)

    @routes.middleware("response")
    async def mark(request: Request, response: HTTPResponse) -> None:
        origins.mark(request, response)

    async def launcher(request: Request) -> HTTPResponse:
        return send(request, widget.files[LAUNCHER], f"public, max-age={_LAUNCHER_AGE}", _SHARED)

    async def file(request: Request, version: str, name: str) -> HTTPResponse:
        found = widget.files.get(name)
        # Another version would not match the hash that its page expects.
        if found is None or version != widget.version:
            raise Problem(404, "not_found", "There is no such file.")
        return send(request, found, FOR_EVER, _SHARED)

    routes.add_route(launcher, f"/{LAUNCHER}", methods=["GET", "HEAD"])
    routes.add_route(file, "/widget/<version:str>/<name:str>", methods=["GET", "HEAD"])
    return routes
