"""The server: Rasa's own application with our channels, our actions in process, and the page."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from bot import quiet
from bot.agent import NoModelError, endpoints, trained_model
from bot.listening import cannot_listen
from bot.settings import ROOT, Settings, settings

# Bytes of a request: room for the longest message in any encoding, not for an upload.
MAX_BODY = 64 * 1024
# Seconds between two looks at who waits for a person, and at what need not be kept any longer.
HANDOFF_SECONDS, RETENTION_SECONDS = 10.0, 24 * 3600.0


def main(host: str | None = None, port: int | None = None) -> int:
    """Serve until interrupted; returns the exit status."""
    began = time.monotonic()
    configuration = settings()
    host = host or configuration.host
    port = configuration.port if port is None else port
    problem = cannot_listen(host, port)
    if problem:
        print(f"usher: {problem}", file=sys.stderr)
        return 1
    try:
        archive = trained_model()
    except NoModelError as error:
        print(f"usher: {error}", file=sys.stderr)
        return 1
    app = application(str(archive), configuration)

    async def announce(*_: Any) -> None:
        print(f"\n  Usher is ready ({time.monotonic() - began:.1f} s). Open:")
        for line in addresses(host, port, configuration):
            print(f"    {line}")
        print("  Ctrl-C stops it.\n", flush=True)

    app.register_listener(announce, "after_server_start")
    try:
        with _console(host, port, configuration):
            app.run(host=host, port=port, workers=1, access_log=False, motd=False, debug=False)
    except OSError as error:
        print(f"usher: cannot serve on {host}:{port}: {error.strerror or error}", file=sys.stderr)
        return 1
    print("  Usher has stopped.")
    return 0


def application(archive: str, configuration: Settings) -> Any:
    """The Sanic application, with the assistant loaded when it starts."""
    quiet.python_and_tensorflow()
    from functools import partial

    from rasa.core import run
    from rasa.core.channels import channel
    from sanic import Sanic

    from bot.channels import errors, internal, page, widget
    from bot.store.log_masking import install

    level = configuration.log_level.upper()
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    quiet.loggers(level)
    install()
    # An application of our own rather than Rasa's: its HTTP API (trackers, training, model
    # upload) is not for viewers, and its greeting at "/" makes way for the page.
    app = Sanic("usher", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.FALLBACK_ERROR_FORMAT = "json"
    available = endpoints(configuration)
    channels = run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    channel.register(channels, app, route="/webhooks/")
    chat = widget.build()
    app.blueprint(widget.blueprint(chat))
    app.blueprint(page.blueprint(chat))
    app.blueprint(internal.blueprint())
    errors.install(app)
    app.register_listener(
        partial(run.load_agent_on_start, archive, available, None), "before_server_start"
    )
    app.register_listener(_warm_up, "before_server_start")
    app.add_task(_keep_house)
    app.register_listener(run.close_resources, "after_server_stop")
    app.register_listener(_end_quietly, "after_server_stop")
    return app


def addresses(host: str, port: int, configuration: Settings) -> list[str]:
    """What to open, and what to call."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    base = f"http://{shown}:{port}"
    lines = [
        f"{base}/                       the chat page",
        f"{base}/widget.js              the widget, for other pages (python -m bot widget)",
        f"{base}/webhooks/rest/webhook  the REST channel",
        f"{base}/health                 is it well?",
    ]
    if configuration.console_port:
        console = f"http://{shown}:{configuration.console_port}/"
        lines.append(f"{configuration.console_url or console:<44} the staff's console")
        if _nobody_of_the_staff(configuration):
            lines.append(
                "    whose first administrator comes by: python -m bot console admin EMAIL"
            )
        if _nothing_was_said(configuration):
            lines.append(
                "    with viewers to look at by:         python -m bot console seed"
                " --conversations 200"
            )
    return lines


def _console(host: str, taken: int, configuration: Settings) -> AbstractContextManager[Any]:
    """The console beside this process; nothing when it is off or cannot be."""
    port = configuration.console_port
    if not port:
        return nullcontext()
    problem = cannot_listen(host, port, "USHER_CONSOLE_PORT")
    if port == taken:
        problem = f"port {port} is the assistant's; set USHER_CONSOLE_PORT to another"
    if problem:
        print(f"usher: the console stays off: {problem}", file=sys.stderr)
        return nullcontext()
    from bot.console.beside import Beside

    # Where the assistant is: the console asks it what it understands.
    return Beside(host, port, {"USHER_HOST": host, "USHER_PORT": str(taken)})


def _nothing_was_said(configuration: Settings) -> bool:
    from sqlalchemy import select

    from bot.store.database import DatabaseUnavailable, engine, reading
    from bot.store.schema import events

    try:
        with reading(engine(configuration.database)) as connection:
            return connection.execute(select(events.c.id).limit(1)).first() is None
    except DatabaseUnavailable:
        return False


def _nobody_of_the_staff(configuration: Settings) -> bool:
    from bot.store.database import DatabaseUnavailable, engine
    from bot.store.staff import Staff

    try:
        return not Staff(engine(configuration.database)).count_active("admin")
    except DatabaseUnavailable:
        return False


async def _end_quietly(*_: Any) -> None:
    """Sanic leaves tasks of its own behind when it stops; asyncio need not complain of them."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


async def _keep_house(app: Any) -> None:
    """Do what is due in the background for as long as the server runs."""
    import asyncio
    from functools import partial

    from bot.desk.collecting import keep_collecting
    from bot.desk.keeping import keep_doing
    from bot.desk.lapses import lapse
    from bot.desk.projector import keep_following
    from bot.store.database import engine
    from bot.store.retention import delete_old

    configuration = settings()
    store = engine(configuration.database)
    wait, away = configuration.handoff_wait_minutes * 60, configuration.person_away_minutes * 60
    work = [
        keep_doing(partial(delete_old, store), "what is kept for long enough", RETENTION_SECONDS),
        keep_doing(partial(lapse, store, wait, away), "the queue of handoffs", HANDOFF_SECONDS),
    ]
    if not configuration.console_port:  # else the console does it, in its own process
        work += [keep_following(store), keep_collecting(store)]
    await asyncio.gather(*work)


async def _warm_up(app: Any, _: Any) -> None:
    """Load the models now; `app.ctx.away` names those that could not be, for /health."""
    from bot.nlu import moderation, sentence_vectors

    away = [] if moderation.moderator(moderation.SHIPPED) else ["moderation"]
    away += [] if sentence_vectors.shared() else ["sentence encoder"]
    if not settings().action_url:
        from actions.services import services

        away += services().warm_up()
    app.ctx.away = away
