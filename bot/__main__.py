"""`python -m bot <command>`: everything an operator does with Usher."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot import quiet
from bot.console import commands as console
from bot.settings import SettingError, settings


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(
        prog="python -m bot",
        description="Usher, a bilingual assistant for the audiences of films and TV.",
        epilog="Settings are read from USHER_* variables; the README lists them.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="command")

    run = commands.add_parser("run", help="set up what is missing, then serve")
    run.add_argument("--setup-only", action="store_true", help="stop before serving")
    run.add_argument("--port", type=int, help="port to listen on (USHER_PORT)")
    run.add_argument("--host", help="address to listen on (USHER_HOST)")

    chat = commands.add_parser("chat", help="talk to Usher in the terminal")
    chat.add_argument("--sender", default="terminal", help="who is talking (default: terminal)")

    train = commands.add_parser("train", help="build the catalogue and train the models")
    train.add_argument("--force", action="store_true", help="train again although nothing changed")

    importing = commands.add_parser(
        "import", help="add titles and ratings to the catalogue from files"
    )
    importing.add_argument("kind", choices=("movielens", "imdb", "tmdb", "csv"))
    importing.add_argument("path", help="folder or file to read")
    importing.add_argument(
        "--max-bad", type=int, default=100, help="malformed rows to skip before giving up"
    )

    widget = commands.add_parser("widget", help="print the tag that puts the chat into a page")
    widget.add_argument(
        "address", nargs="?", help="where browsers reach Usher (default: USHER_HOST, USHER_PORT)"
    )

    parse = commands.add_parser(
        "parse", help="lines on standard input → what is understood, one JSON object a line"
    )
    parse.add_argument("--file", help="read lines from this file instead")

    say = commands.add_parser(
        "say", help="lines on standard input → Usher's answers, one JSON object a line"
    )
    say.add_argument("--sender", help="who is talking (default: a new viewer)")
    say.add_argument("--file", help="read lines from this file instead")

    console.add_to(commands)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = parser().parse_args(arguments)
    quiet.python_and_tensorflow()
    try:
        settings()
    except SettingError as error:
        print(f"usher: {error}", file=sys.stderr)
        return 2
    try:
        return _run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _run(options: argparse.Namespace) -> int:
    # Each command imports what it needs: TensorFlow alone takes seconds.
    if options.command == console.COMMAND:
        return console.run(options)
    if options.command in ("run", "train"):
        from bot import listening, provision, server

        if options.command == "run" and not options.setup_only:
            # Said now rather than after minutes of set-up.
            problem = listening.cannot_listen(
                options.host or settings().host,
                settings().port if options.port is None else options.port,
            )
            if problem:
                print(f"usher: {problem}", file=sys.stderr)
                return 1
        status = provision.main(force=options.command == "train" and options.force)
        if status or options.command == "train" or options.setup_only:
            return status
        return server.main(host=options.host, port=options.port)
    if options.command == "import":
        from bot.catalogue import importing

        return importing.main(options.kind, options.path, options.max_bad)
    if options.command == "widget":
        from bot.channels.widget import build

        made, configuration = build(), settings()
        address = options.address or f"http://{configuration.host}:{configuration.port}"
        print(f"{made.tag(address)}\n\nPinned to this version:\n\n{made.tag(address, True)}")
        return 0
    from bot import terminal
    from bot.agent import NoModelError

    try:
        if options.command == "chat":
            return asyncio.run(terminal.chat(options.sender))
        lines = terminal.read_lines(options.file)
        if options.command == "parse":
            return asyncio.run(terminal.parse(lines))
        return asyncio.run(terminal.say(lines, options.sender))
    except (NoModelError, OSError) as error:
        print(f"usher: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
