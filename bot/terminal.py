"""Usher on the terminal: a chat to read, and line-by-line commands for other programs."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.agent import answer, load


def read_lines(path: str | None) -> Iterator[str]:
    """Lines of `path`, or of standard input; bytes that are not UTF-8 are replaced.

    Raises:
        OSError: the file cannot be read.
    """
    with Path(path).open("rb") if path else nullcontext(sys.stdin.buffer) as stream:
        for line in stream:
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")


async def parse(lines: Iterable[str]) -> int:
    """Print what is understood of each line as JSON."""
    from bot.nlu.parsing import parse_result

    agent = await load()
    for line in lines:
        print(json.dumps(parse_result(await agent.parse_message(line)), ensure_ascii=False))
        sys.stdout.flush()
    return 0


async def say(lines: Iterable[str], sender: str | None) -> int:
    """Print Usher's answer to each line as JSON; the lines are one conversation."""
    agent = await load()
    sender = sender or f"say-{uuid.uuid4().hex[:12]}"
    for line in lines:
        said = asdict(await answer(agent, line, sender))
        del said["messages"]
        print(json.dumps({"text": line, **said}, ensure_ascii=False))
        sys.stdout.flush()
    return 0


async def chat(sender: str) -> int:
    """Talk until the viewer says goodbye with Ctrl-D or an empty /quit."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.patch_stdout import patch_stdout
    from rich.console import Console

    console = Console(highlight=False)
    with console.status("Loading Usher …"):
        agent = await load()
    console.print(
        "[bold]Usher[/bold]  ·  English or 中文  ·  a number picks a button  ·  Ctrl-D ends\n"
    )
    session: PromptSession[str] = PromptSession("you  › ")
    buttons: Sequence[Mapping[str, str]] = ()
    while True:
        try:
            with patch_stdout():
                line = (await session.prompt_async()).strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return 0
        if not line:
            continue
        if line in ("/quit", "/exit"):
            return 0
        if line.isdigit() and 0 < int(line) <= len(buttons):
            line = buttons[int(line) - 1]["payload"]
        said = await answer(agent, line, sender)
        buttons = said.buttons
        _print(console, said.messages)


def _print(console: Any, messages: Sequence[Mapping[str, Any]]) -> None:
    number = 0
    for message in messages:
        if message.get("text"):
            console.print(f"[cyan]usher ›[/cyan] {_escape(message['text'])}")
        for place, card in enumerate((message.get("custom") or {}).get("cards") or (), start=1):
            facts = (card.get("year"), " / ".join(card.get("genres", ())), card.get("runtime"))
            line = " · ".join(str(fact) for fact in facts if fact)
            other = f" {card['other_title']}" if card.get("other_title") else ""
            console.print(f"  {place}. [bold]{_escape(card['title'])}[/bold]{_escape(other)}")
            console.print(f"     {_escape(line)}", style="dim")
            if card.get("why"):
                console.print(f"     {_escape(card['why'])}", style="green")
        for button in message.get("buttons") or ():
            number += 1
            console.print(f"  [yellow]\\[{number}][/yellow] {_escape(button['title'])}")
    console.print()


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)
