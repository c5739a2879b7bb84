from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.database import writing
from bot.store.messages import ABANDONED_SECONDS, MessagesSeen, Outbox


def test_a_message_is_new_once_and_its_answer_comes_again(engine: Engine) -> None:
    seen = MessagesSeen(engine)
    assert seen.first_time("web", "mei", "m1")
    assert not seen.first_time("web", "mei", "m1")
    assert seen.reply("web", "mei", "m1") is None
    answer = [{"text": "你好 😀", "buttons": [{"title": "a", "payload": "/b"}]}]
    seen.store_reply("web", "mei", "m1", answer)
    assert not seen.first_time("web", "mei", "m1")
    assert MessagesSeen(engine).reply("web", "mei", "m1") == answer
    assert seen.first_time("web", "tom", "m1")
    assert seen.first_time("telegram", "mei", "m1")


def test_exactly_one_of_many_callers_is_first(engine: Engine) -> None:
    def ask(_: int) -> bool:
        return MessagesSeen(engine).first_time("web", "mei", "m1")

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(48))) == 1


def test_exactly_one_of_many_processes_is_first(url: str) -> None:
    program = (
        "import sys; from bot.store.database import engine;"
        "from bot.store.messages import MessagesSeen;"
        "seen = MessagesSeen(engine(sys.argv[1]));"
        "print([seen.first_time('web', 'mei', str(n)) for n in range(50)].count(True))"
    )
    racing = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program, url], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert sum(int(process.communicate(timeout=60)[0]) for process in racing) == 50


def test_a_message_that_could_not_be_answered_may_be_sent_again(engine: Engine) -> None:
    seen = MessagesSeen(engine)
    assert seen.first_time("web", "mei", "m1")
    seen.forget("web", "mei", "m1")
    assert seen.first_time("web", "mei", "m1")
    seen.store_reply("web", "mei", "m1", [])
    seen.forget("web", "mei", "m1")
    assert seen.reply("web", "mei", "m1") == []


def test_a_message_whose_server_died_may_be_sent_again(engine: Engine) -> None:
    seen = MessagesSeen(engine)
    seen.first_time("web", "mei", "lost")
    seen.first_time("web", "mei", "answered")
    seen.store_reply("web", "mei", "answered", [{"text": "hi"}])
    with writing(engine) as connection:
        late = {"late": ABANDONED_SECONDS + 1}
        connection.execute(text("UPDATE messages_seen SET at = at - :late"), late)
    assert seen.first_time("web", "mei", "lost")
    assert not seen.first_time("web", "mei", "lost")
    assert not seen.first_time("web", "mei", "answered")


def test_the_outbox_gives_what_comes_after(engine: Engine) -> None:
    outbox = Outbox(engine)
    ids = [outbox.append("mei", {"text": f"第{number}条"}) for number in range(5)]
    outbox.append("tom", {"text": "other"})
    assert ids == sorted(set(ids))
    assert outbox.last_id("mei") == ids[-1]
    assert outbox.last_id("nobody") == 0
    assert [each[0] for each in outbox.after("mei")] == ids
    assert outbox.after("mei", ids[2]) == [(ids[3], {"text": "第3条"}), (ids[4], {"text": "第4条"})]
    assert [each[0] for each in outbox.after("mei", ids[0], limit=2)] == ids[1:3]
    assert outbox.after("mei", ids[-1]) == []
