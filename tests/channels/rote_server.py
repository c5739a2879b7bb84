"""The channels and the page with an assistant that answers by rote, for tests and for looking.

Run as `python tests/channels/rote_server.py PORT`. It writes conversations to the same database
as the real one, in the form that the tracker store has.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from rasa.core.channels import channel
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic

from bot.channels import errors, internal, page, widget
from bot.channels.callers import LIMITS
from bot.settings import ROOT
from bot.store import event_rows
from bot.store.conversations import Conversations
from bot.store.database import engine, migrate
from bot.store.tracker_store import UsherTrackerStore

FILMS = yaml.safe_load(Path(__file__).with_name("films.yml").read_text(encoding="utf-8"))
LABELS = {
    "en": ("More like this", "Seen it", "Not for me", "Add to watchlist"),
    "zh": ("更多类似", "看过", "不感兴趣", "加入片单"),
}
INTENTS = ("recommend", "seen_title", "refuse_title", "watchlist_add")
WHY = {
    "en": ("Because you liked Collateral and The Insider", "Rated 4.5 by 812 viewers"),
    "zh": ("因为你喜欢《借刀杀人》", "812 位观众打了 4.5 分"),
}


def _cards(language: str) -> dict[str, Any]:
    return {"type": "titles", "cards": [_card(film, language) for film in FILMS]}


def _card(film: dict[str, Any], language: str) -> dict[str, Any]:
    zh = language == "zh"
    hours, minutes = divmod(film.get("minutes", 0), 60)
    length = f"{hours} 小时 {minutes} 分" if zh else f"{hours} h {minutes} min"
    if not film.get("minutes"):
        length = "10 季" if zh else "10 seasons"
    card = {
        "id": film["id"],
        "kind": "film" if film.get("minutes") else "series",
        "title": film["zh" if zh else "en"],
        "other_title": film["en" if zh else "zh"],
        "year": film["year"],
        "genres": film["genres_zh" if zh else "genres"],
        "runtime": length,
        "people": ["迈克尔·曼", "阿尔·帕西诺"] if zh else ["Michael Mann", "Al Pacino"],
        "synopsis": film.get("plot_zh" if zh else "plot"),
        "score": film["score"],
        "why": WHY[language][film["year"] % 2],
        "buttons": [
            {"title": label, "payload": f"/{intent}{json.dumps({'title': film['id']})}"}
            for label, intent in zip(LABELS[language], INTENTS, strict=True)
        ],
    }
    return {name: value for name, value in card.items() if value}


class RoteAgent:
    """Stands for the assistant: as slow, as wrong or as silent as a message asks it to be."""

    def __init__(self) -> None:
        domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
        self.domain: Any = SimpleNamespace(
            intents=[next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]]
            + ["restart", "back", "session_start"],
            entities=domain["entities"],
        )
        self.model_name = "usher-rote.tar.gz"
        self.conversations: Conversations | None = None
        self.lock_store = SimpleNamespace(lock=lambda _sender: nullcontext())
        self.processor = SimpleNamespace(fetch_tracker_and_update_session=self._tracker)
        self.turns = 0
        self.last_language = "en"

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        self.turns += 1
        text = message.text
        if any("\u4e00" <= c <= "\u9fff" for c in text):
            self.last_language = "zh"
        elif not text.startswith("/"):
            self.last_language = "en"
        said = UserUttered(
            text,
            {"name": "abuse"} if text == "you idiot" else None,
            input_channel=message.input_channel,
            message_id=message.message_id,
            metadata=message.metadata,
        )
        events: list[Event] = [said]
        tracker = await self.tracker_store.retrieve(message.sender_id)
        silent = tracker is not None and tracker.is_paused()
        for content in [] if silent else await self._contents(text, message):
            event = BotUttered(content.pop("text", None), content)
            events.append(event)
            await message.output_channel.send_response(message.sender_id, event.message())
        if text == "fail after speaking":
            raise RuntimeError("the assistant broke, alice@example.com saw it")
        await asyncio.to_thread(self._save, message.sender_id, events)

    async def _contents(self, text: str, message: UserMessage) -> list[dict[str, Any]]:
        zh = self.last_language == "zh"
        if text == "fail":
            raise RuntimeError("the assistant broke, alice@example.com saw it")
        if text.startswith("slow"):
            await asyncio.sleep(float(text.split()[1]))
        if text == "say nothing":
            return []
        if text == "two parts":
            return [{"text": "one\n\ntwo", "custom": {"type": "titles", "cards": []}}]
        if text == "remind me":
            output = message.output_channel

            async def later() -> None:
                await asyncio.sleep(0.3)
                await output.send_text_message(message.sender_id, "It starts now.")

            self._later = asyncio.create_task(later())
            return [{"text": "I will."}]
        if "funny" in text or "recommend" in text or "推荐" in text or "好看" in text:
            said = "今晚可以看这几部：" if zh else "How about one of these tonight?"
            return [{"text": said}, {"custom": _cards("zh" if zh else "en")}]
        if text.startswith("/seen_title"):
            said = "《盗火线》你打几星？" if zh else "How many stars for Heat?"
            buttons = [
                {"title": "★" * n, "payload": f'/rate_title{{"title": "tt0113277", "rating": {n}}}'}
                for n in range(5, 0, -1)
            ]
            return [{"text": said, "buttons": buttons}]
        if text.startswith("/rate_title"):
            said = "记下了：《盗火线》★★★★。" if zh else "Noted: Heat ★★★★ (4)."
            labels = ("撤回", "推荐影片") if zh else ("Take it back", "Recommend something")
            intents = ("/take_back_rating", "/recommend")
            buttons = [{"title": t, "payload": p} for t, p in zip(labels, intents, strict=True)]
            return [{"text": said, "buttons": buttons}]
        if "export" in text or "导出" in text:
            said = (
                "你的数据都在这个文件里。" if zh else "Here is everything that is kept about you."
            )
            kept = json.dumps({"viewer": message.sender_id})
            return [
                {"text": said},
                {"custom": {"type": "file", "name": "usher.json", "mime": "application/json",
                            "text": kept}},
            ]  # fmt: skip
        if "dune" in text.lower() or "沙丘" in text:
            buttons = [
                {"title": "Dune (1984)", "payload": '/choose{"title": "tt0087182"}'},
                {"title": "Dune (2021)", "payload": '/choose{"title": "tt1160419"}'},
            ]
            said = "你说的是哪一部？" if zh else "Which one do you mean?"
            return [{"text": said, "buttons": buttons}]
        return [{"text": f"You said: {text}"}]

    async def parse_message(self, text: str) -> dict[str, Any]:
        intent = {"name": "recommend", "confidence": 0.91}
        return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": []}

    def _save(self, sender: str, events: list[Event]) -> None:
        assert self.conversations is not None
        after = self.conversations.last_seq(sender)
        rows = [
            event_rows.row(
                sender, after + number, event, event_rows.masked(event), self.last_language
            )
            for number, event in enumerate(events, start=1)
        ]
        self.conversations.append(sender, after, rows, None)

    async def _tracker(self, sender: str, *_: Any) -> Any:
        return await self.tracker_store.get_or_create_tracker(sender)

    @cached_property
    def tracker_store(self) -> UsherTrackerStore:
        # Not kept in memory: the turns above are written past it.
        return UsherTrackerStore(Domain.empty(), hot_conversations=0)


def application() -> Sanic:
    """The application as `bot.server` puts it together."""
    app = Sanic("rote", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 64 * 1024
    app.config.FALLBACK_ERROR_FORMAT = "json"
    if os.environ.get("ROTE_UNLIMITED"):
        LIMITS["messages"] = (100_000, 1000.0)
    # As rasa.core.run makes them, without its import of TensorFlow.
    named = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    channels = [class_from_module_path(name).from_credentials(None) for name in named]
    channel.register(channels, app, route="/webhooks/")
    chat = widget.build(Path(os.environ.get("ROTE_WIDGET") or widget.FOLDER))
    app.blueprint(widget.blueprint(chat))
    app.blueprint(page.blueprint(chat))
    app.blueprint(internal.blueprint())
    errors.install(app)
    app.ctx.agent = RoteAgent()

    @app.listener("before_server_start")
    async def prepare(app: Sanic, _loop: Any) -> None:
        migrate(engine())
        app.ctx.agent.conversations = Conversations(engine())

    @app.get("/test/turns")
    async def turns(request: Any) -> Any:
        from sanic.response import json as as_json

        return as_json({"turns": app.ctx.agent.turns})

    @app.get("/test/crash")
    async def crash(request: Any) -> Any:
        raise ValueError("a secret inside: bob@example.com")

    return app


def serve(port: int, environment: dict[str, str] | None = None, log: str | None = None) -> None:
    """Serve until stopped, with these settings, the output going to the file `log`."""
    if log:
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, 1)
        os.dup2(file, 2)
    for name in [name for name in os.environ if name.startswith("USHER_")]:
        if environment is not None:
            del os.environ[name]
    os.environ.update(environment or {})
    application().run(host="127.0.0.1", port=port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
