from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rasa.core.tracker_store import (
    InMemoryTrackerStore,
    TrackerStore,
    check_if_tracker_store_async,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import text

from bot.store import database
from bot.store.conversations import ConversationChanged
from bot.store.database import DatabaseUnavailable
from bot.store.tracker_store import UsherTrackerStore
from bot.store.viewers import ViewerStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, recommend]
slots:
  language: {type: text, mappings: [{type: custom}]}
  shown: {type: any, mappings: [{type: custom}]}
  focus: {type: text, initial_value: nothing, mappings: [{type: custom}]}
  pinned: {type: bool, mappings: [{type: custom}]}
forms: {rating_form: {required_slots: []}}
actions: [action_recommend]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""
)
LISTEN = "action_listen"
BOUND = 20


def store_on(url: str, hot: int = 100, bound: int = BOUND) -> UsherTrackerStore:
    return UsherTrackerStore(DOMAIN, url=url, hot_conversations=hot, history_events=bound)


def session() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]


def turn(number: int, words: str = "something funny", **slots: Any) -> list[Event]:
    parsed = {
        "intent": {"name": "recommend", "confidence": 0.9},
        "entities": [{"entity": "genre", "value": "Comedy", "start": 10, "end": 15}],
        "text": words,
        "language": "en",
    }
    return [
        UserUttered(
            words,
            parsed["intent"],
            parsed["entities"],
            parsed,
            input_channel="web",
            message_id=str(number),
        ),
        ActionExecuted("action_recommend"),
        *(SlotSet(name, value) for name, value in slots.items()),
        BotUttered(f"answer {number}", {"custom": {"type": "cards", "ids": ["tt0113277"]}}),
        ActionExecuted(LISTEN),
    ]


async def say(store: TrackerStore, sender: str, events: list[Event]) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the next turn depends on, apart from the events themselves."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "paused": tracker.is_paused(),
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop else None,
        "action": tracker.latest_action,
        "message": (tracker.latest_message.text, tracker.latest_message.message_id),
        "followup": tracker.followup_action,
    }


def dumped(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(event.as_dict())) for event in tracker.events]


# -- the same as Rasa's own store -----------------------------------------------------------------

values = st.one_of(st.none(), st.text(max_size=6), st.integers(), st.lists(st.text(max_size=3)))
any_event = st.one_of(
    st.builds(lambda n: ("turn", n), st.integers(0, 9)),
    st.builds(
        lambda n, v: ("slot", (n, v)), st.sampled_from(["language", "shown", "focus"]), values
    ),
    st.sampled_from([("reset", None), ("pause", None), ("resume", None), ("session", None)]),
    st.sampled_from([("loop", "rating_form"), ("loop", None), ("followup", None), ("save", None)]),
    st.sampled_from([("reverted", None), ("rewound", None), ("restarted", None)]),
)


def events_of(step: tuple[str, Any]) -> list[Event]:
    kind, value = step
    made: dict[str, Callable[[], list[Event]]] = {
        "turn": lambda: turn(value),
        "slot": lambda: [SlotSet(*value)],
        "reset": lambda: [AllSlotsReset()],
        "pause": lambda: [ConversationPaused()],
        "resume": lambda: [ConversationResumed()],
        "session": session,
        "loop": lambda: [ActionExecuted(value or "action_recommend"), ActiveLoop(value)],
        "followup": lambda: [ActionExecuted("action_recommend"), FollowupAction(LISTEN)],
        "reverted": lambda: [*turn(0), ActionReverted(), ActionExecuted(LISTEN)],
        "rewound": lambda: [*turn(0), UserUtteranceReverted(), ActionExecuted(LISTEN)],
        "restarted": lambda: [Restarted(), *session()],
    }
    return made[kind]()


@given(st.lists(any_event, max_size=12), st.sampled_from([0, 100]))
@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_it_keeps_what_the_stock_store_keeps(
    new_url: Callable[[str], str], steps: list[tuple[str, Any]], hot: int
) -> None:
    url = _one_database(new_url)
    ours, stock = store_on(url, hot, bound=10_000), InMemoryTrackerStore(DOMAIN)
    sender = f"viewer-{time.perf_counter_ns()}"
    await _say_in_turns(ours, stock, sender, steps)
    expected = await stock.retrieve(sender)
    for store in (ours, store_on(url, 0, bound=10_000)):
        found = await store.retrieve(sender)
        if expected is None or not expected.events:
            assert found is None
            continue
        assert found is not None
        assert dumped(found) == dumped(expected)
        assert state(found) == state(expected)
        full, stock_full = (
            await store.retrieve_full_tracker(sender),
            await stock.retrieve_full_tracker(sender),
        )
        assert full is not None and stock_full is not None


@given(st.lists(any_event, min_size=15, max_size=50))
@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_cutting_a_long_conversation_keeps_its_state(
    new_url: Callable[[str], str], steps: list[tuple[str, Any]]
) -> None:
    url = _one_database(new_url)
    steps = [step for step in steps if step[0] != "session"]
    ours, whole = store_on(url), store_on(url, 0, bound=10_000)
    sender = f"viewer-{time.perf_counter_ns()}"
    twin = f"twin-{time.perf_counter_ns()}"
    for step in steps:
        if step[0] == "save":
            continue
        made = events_of(step)
        await say(ours, sender, made)
        await say(whole, twin, made)
    expected = await whole.retrieve(twin)
    for store in (ours, store_on(url, 0)):
        found = await store.retrieve(sender)
        if expected is None:
            assert found is None
            continue
        assert found is not None
        assert len(found.events) <= 4 * BOUND + 10
        assert state(found) | {"message": None} == state(expected) | {"message": None}
        # What an action is handed is a copy, made of the events alone.
        assert state(found.copy())["slots"] == state(found)["slots"]


async def _say_in_turns(
    ours: UsherTrackerStore,
    stock: InMemoryTrackerStore,
    sender: str,
    steps: list[tuple[str, Any]],
) -> None:
    waiting: list[Event] = []
    for step in [*steps, ("save", None)]:
        if step[0] != "save":
            waiting += events_of(step)
        elif waiting:
            for store in (ours, stock):
                await say(store, sender, waiting)
            waiting = []


_made: dict[int, str] = {}


def _one_database(new_url: Callable[[str], str]) -> str:
    # The fixture is made once for all examples of a test.
    return _made.setdefault(id(new_url), new_url("sqlite"))


# -- a bounded window ----------------------------------------------------------------------------


async def test_what_is_read_is_bounded_and_begins_with_a_turn(url: str) -> None:
    store = store_on(url)
    await say(store, "mei", session())
    for number in range(60):
        await say(store, "mei", turn(number, language="zh", shown=[f"tt{number:07d}"]))
        for reader in (store, store_on(url, 0)):
            tracker = await reader.retrieve("mei")
            assert tracker is not None
            real = [event for event in tracker.events if not event.metadata.get("carried")]
            assert len(real) <= BOUND
            assert isinstance(real[0], ActionExecuted)
            assert real[0].action_name in (LISTEN, "action_session_start")
            assert tracker.get_slot("shown") == [f"tt{number:07d}"]
            assert tracker.get_slot("language") == "zh"
    full = await store.retrieve_full_tracker("mei")
    assert full is not None
    assert sum(isinstance(event, UserUttered) for event in full.events) == 60
    assert not any(event.metadata.get("carried") for event in full.events)


async def test_a_slot_set_long_ago_and_one_emptied_long_ago_stay_so(url: str) -> None:
    store = store_on(url)
    await say(store, "mei", session() + turn(0, pinned=True, focus=None, language="zh"))
    for number in range(30):
        await say(store, "mei", turn(number))
    for reader in (store, store_on(url, 0)):
        tracker = await reader.retrieve("mei")
        assert tracker is not None
        for each in (tracker, tracker.copy()):  # an action is handed a copy
            slots = each.current_slot_values()
            assert slots["pinned"] is True and slots["focus"] is None
            assert slots["language"] == "zh"


async def test_states_that_policies_see_are_the_end_of_the_whole_conversations(url: str) -> None:
    short, whole = store_on(url), store_on(url, 0, bound=10_000)
    for number, events in enumerate([session(), *(turn(n, language="zh") for n in range(25))]):
        await say(short, "short", events)
        await say(whole, "whole", events)
        if number < 2:
            continue
        seen = (await short.retrieve("short")).past_states(DOMAIN)  # type: ignore[union-attr]
        every = (await whole.retrieve("whole")).past_states(DOMAIN)  # type: ignore[union-attr]
        # The first is what there was before the window: slots, and no action yet.
        assert len(seen) >= 3
        assert seen[1:] == every[1 - len(seen) :]


async def test_a_loop_and_a_pause_survive_cutting_and_a_restart(url: str) -> None:
    store = store_on(url)
    begun = [ActionExecuted("rating_form"), ActiveLoop("rating_form"), ActionExecuted(LISTEN)]
    await say(store, "mei", [*session(), *turn(0)[:1], *begun])
    for number in range(20):
        loop = [turn(number)[0], ActionExecuted("rating_form"), ActionExecuted(LISTEN)]
        await say(store, "mei", loop)
    await say(store, "mei", [ConversationPaused()])
    for number in range(60):  # a person has taken over: there is nothing but messages
        await say(store, "mei", [turn(number)[0]])
    for reader in (store, store_on(url, 0)):
        tracker = await reader.retrieve("mei")
        assert tracker is not None
        assert tracker.active_loop_name == "rating_form"
        assert tracker.is_paused()
        assert len(tracker.events) <= 2 * BOUND + 5


async def test_a_new_session_drops_the_events_before_it(url: str) -> None:
    store = store_on(url, bound=1000)
    await say(store, "mei", session() + turn(1, language="zh"))
    await say(store, "mei", [*session()[:2], SlotSet("language", "zh"), *session()[2:], *turn(2)])
    for reader in (store, store_on(url, 0)):
        tracker = await reader.retrieve("mei")
        assert tracker is not None
        assert tracker.events[0].action_name == "action_session_start"
        assert sum(isinstance(event, UserUttered) for event in tracker.events) == 1
        assert tracker.get_slot("language") == "zh"


# -- restarts, several processes, failures -----------------------------------------------------


async def test_a_restart_goes_on_where_it_stopped(url: str) -> None:
    await say(store_on(url), "mei", session() + turn(1, language="zh", shown=["a", "b"]))
    after = store_on(url)
    tracker = await after.retrieve("mei")
    assert tracker is not None
    assert tracker.get_slot("shown") == ["a", "b"]
    assert tracker.latest_action_name == LISTEN
    assert tracker.latest_message.text == "something funny"
    assert tracker.get_latest_input_channel() == "web"
    await say(after, "mei", turn(2))
    full = await store_on(url).retrieve_full_tracker("mei")
    assert full is not None and len(full.events) == len(session()) + 6 + 4


async def test_several_processes_see_each_others_turns(url: str) -> None:
    stores = [store_on(url, 0), store_on(url, 0)]
    for number in range(30):
        await say(stores[number % 2], "mei", turn(number, shown=[number]))
        other = await stores[(number + 1) % 2].retrieve("mei")
        assert other is not None and other.get_slot("shown") == [number]
    full = await stores[0].retrieve_full_tracker("mei")
    assert full is not None
    texts = [event.text for event in full.events if isinstance(event, BotUttered)]
    assert texts == [f"answer {number}" for number in range(30)]


async def test_two_writers_without_a_lock_do_not_mix_their_turns(url: str) -> None:
    first, second = store_on(url, 100), store_on(url, 0)
    await say(first, "mei", session())
    mine, theirs = await first.retrieve("mei"), await second.retrieve("mei")
    assert mine is not None and theirs is not None
    for event in turn(1):
        theirs.update(event)
    for event in turn(2):
        mine.update(event)
    await second.save(theirs)
    with pytest.raises(ConversationChanged):
        await first.save(mine)
    tracker = await first.retrieve("mei")
    assert tracker is not None and tracker.latest_message.message_id == "1"


async def test_a_failed_save_is_raised_and_leaves_nothing_behind(
    new_url: Callable[[str], str],
) -> None:
    url = new_url("sqlite")
    store = store_on(url)
    await say(store, "mei", session() + turn(1))
    with database.engine(url).begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON events BEGIN"
                " SELECT RAISE(ABORT, 'disk I/O error'); END"
            )
        )
    with pytest.raises(Exception, match="disk"):
        await say(store, "mei", turn(2))
    with database.engine(url).begin() as connection:
        connection.execute(text("DROP TRIGGER full"))
    tracker = await store.retrieve("mei")
    assert tracker is not None and tracker.latest_message.message_id == "1"
    await say(store, "mei", turn(3))
    full = await store.retrieve_full_tracker("mei")
    assert full is not None
    said = [event.message_id for event in full.events if isinstance(event, UserUttered)]
    assert said == ["1", "3"]


async def test_a_turn_that_went_wrong_half_way_never_happened(url: str) -> None:
    store = store_on(url)
    await say(store, "mei", session() + turn(1))
    half = await store.retrieve("mei")
    assert half is not None
    half.update(turn(2)[0])  # and then something raised
    tracker = await store.retrieve("mei")
    assert tracker is not None and tracker.latest_message.message_id == "1"
    assert tracker.latest_action_name == LISTEN


async def test_a_long_write_elsewhere_is_waited_for_without_stopping_the_loop(
    new_url: Callable[[str], str],
) -> None:
    url = new_url("sqlite")
    store = store_on(url)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with database.writing(database.engine(url)):
        saving = asyncio.create_task(say(store, "mei", session() + turn(1)))
        await asyncio.sleep(0.4)
        assert not saving.done()
    await asyncio.wait_for(saving, 5)
    ticking.cancel()
    assert ticks >= 15
    assert await store_on(url).exists("mei")


async def test_a_database_that_is_away_says_so() -> None:
    with pytest.raises(DatabaseUnavailable):
        store_on("postgresql://usher@127.0.0.1:1/usher")


# -- deletion ------------------------------------------------------------------------------------


async def test_deleting_forgets_a_conversation(url: str) -> None:
    store = store_on(url)
    for number in range(20):
        await say(store, "mei", turn(number, language="zh"))
    await say(store, "tom", turn(1))
    assert await store.delete("mei") == 100
    assert await store.retrieve("mei") is None
    assert not await store.exists("mei")
    assert list(await store.keys()) == ["tom"]
    await say(store, "mei", turn(1))
    tracker = await store.retrieve("mei")
    assert tracker is not None and tracker.get_slot("language") is None


async def test_what_a_viewer_deletes_within_a_turn_stays_deleted(url: str) -> None:
    store = store_on(url)
    for number in range(20):
        await say(store, "mei", turn(number, "private words", language="zh"))
    tracker = await store.retrieve("mei")
    assert tracker is not None
    last = turn(99, "yes, delete it", shown=None)
    tracker.update(last[0])
    ViewerStore(database.engine(url)).delete("mei")
    for event in last[1:]:
        tracker.update(event)
    await store.save(tracker)
    for reader in (store, store_on(url)):
        after = await reader.retrieve("mei")
        assert after is not None
        assert "private" not in json.dumps(dumped(after))
        assert after.get_slot("language") is None
        assert after.latest_message.text == "yes, delete it"
    await say(store, "mei", turn(100))


# -- what is stored ------------------------------------------------------------------------------


async def test_personal_data_is_masked_before_it_is_stored(url: str) -> None:
    published: list[dict[str, Any]] = []

    class Broker:
        def publish(self, event: dict[str, Any]) -> None:
            published.append(event)

    store = store_on(url)
    store.event_broker = Broker()
    words = "write to mei@example.com or 13812345678"
    events = turn(1, words, focus=words, shown=["tt0113277", {"text": words}])
    events[0].parse_data["entities"].append({"entity": "title", "value": words})
    for number in range(12):
        await say(store, "mei", events if number == 0 else turn(number))
    with database.engine(url).connect() as connection:
        kept = str(connection.execute(text("SELECT data FROM events")).all())
        kept += str(connection.execute(text("SELECT state FROM tracker_snapshots")).all())
    assert "mei@example" not in kept + str(published) and "13812345678" not in kept + str(published)
    assert "[email]" in kept and "tt0113277" in kept
    assert len(published) == 12 * 4 + 2


async def test_rows_can_be_searched_by_intent_action_language_and_channel(url: str) -> None:
    await say(store_on(url), "mei", [*session(), SlotSet("language", "zh"), *turn(1)])
    with database.engine(url).connect() as connection:
        rows = connection.execute(
            text(
                "SELECT seq, type_name, intent, action, language, channel FROM events ORDER BY seq"
            )
        ).all()
    assert [row.seq for row in rows] == list(range(1, 9))
    user = next(row for row in rows if row.type_name == "user")
    assert (user.intent, user.language, user.channel) == ("recommend", "en", "web")
    assert [row.action for row in rows if row.action] == [
        "action_session_start",
        LISTEN,
        "action_recommend",
        LISTEN,
    ]
    assert {row.language for row in rows if row.type_name == "bot"} == {"zh"}


async def test_an_exported_file_is_not_kept_a_second_time(url: str) -> None:
    file = {"type": "file", "name": "usher.json", "text": "everything about mei"}
    sent = BotUttered(None, {"custom": file})
    await say(store_on(url), "mei", [*session(), sent])
    with database.engine(url).connect() as connection:
        kept = str(connection.execute(text("SELECT data FROM events")).all())
    assert "usher.json" in kept and "everything" not in kept
    assert sent.data["custom"]["text"] == "everything about mei"


@pytest.mark.parametrize("sender", ["用户", "nul\x00", "\ud800", "x" * 1000, "a'; --"])
async def test_any_sender_can_talk(url: str, sender: str) -> None:
    await say(store_on(url), sender, session() + turn(1, language=["not", "a", "word"]))
    assert await store_on(url).retrieve(sender) is not None


@pytest.mark.parametrize("words", ["\ud83d broken", "nul \x00 byte", "😀 " * 500, "'); --"])
async def test_any_text_can_be_stored(url: str, words: str) -> None:
    await say(store_on(url), "mei", session() + turn(1, words))
    tracker = await store_on(url).retrieve("mei")
    assert tracker is not None and tracker.latest_message.text == words


# -- Rasa's side ---------------------------------------------------------------------------------


def test_rasa_makes_it_from_endpoints_yml(url: str) -> None:
    config = EndpointConfig(
        type="bot.store.tracker_store.UsherTrackerStore", url=url, hot_conversations=3
    )
    store = TrackerStore.create(config, DOMAIN)
    assert isinstance(store, UsherTrackerStore)
    assert check_if_tracker_store_async(store)


async def test_a_tracker_made_elsewhere_is_continued_not_doubled(url: str) -> None:
    store = store_on(url)
    await say(store, "mei", session() + turn(1))
    stored = await store.retrieve_full_tracker("mei")
    assert stored is not None
    foreign = DialogueStateTracker.from_events("mei", list(stored.events), DOMAIN.slots)
    for event in turn(2):
        foreign.update(event)
    await store.save(foreign)
    full = await store.retrieve_full_tracker("mei")
    assert full is not None and len(full.events) == len(session()) + 8


async def test_a_new_domain_takes_effect_for_conversations_in_memory(url: str) -> None:
    store = store_on(url)
    await say(store, "mei", session() + turn(1, language="zh", shown=["a"]))
    store.domain = Domain.from_yaml(
        "version: '3.1'\nslots:\n  language: {type: text, mappings: [{type: custom}]}\n"
    )
    tracker = await store.retrieve("mei")
    assert tracker is not None and tracker.current_slot_values()["language"] == "zh"
    assert "shown" not in tracker.slots


async def test_memory_is_bounded(url: str) -> None:
    store = store_on(url, hot=5)
    for number in range(20):
        await say(store, f"viewer-{number}", turn(number))
    assert len(store._hot) == 5
    first = await store.retrieve("viewer-0")
    assert first is not None and first.latest_message.message_id == "0"


# -- many, and long ------------------------------------------------------------------------------


@pytest.mark.parametrize("hot", [0, 10])
async def test_many_senders_at_once_keep_their_own_order(url: str, hot: int) -> None:
    store = store_on(url, hot)

    async def talk(sender: str) -> None:
        for number in range(8):
            await say(store, sender, turn(number, shown=[sender, number]))
            await asyncio.sleep(0)

    senders = [f"viewer-{number}" for number in range(16)]
    await asyncio.gather(*(talk(sender) for sender in senders))
    for sender in senders:
        full = await store.retrieve_full_tracker(sender)
        assert full is not None and full.get_slot("shown") == [sender, 7]
        ids = [event.message_id for event in full.events if isinstance(event, UserUttered)]
        assert ids == [str(number) for number in range(8)]
    assert set(await store.keys()) == set(senders)


@pytest.mark.parametrize("hot", [0, 10])
async def test_turn_1000_costs_what_turn_1_costs(new_url: Callable[[str], str], hot: int) -> None:
    store = store_on(new_url("sqlite"), hot)
    costs: dict[str, list[float]] = {"long": [], "new": []}

    async def timed(sender: str, number: int) -> None:
        started = time.process_time()
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        reading = time.process_time() - started
        for event in session() * (number == 0) + turn(number, shown=[number]):
            tracker.update(event, DOMAIN)
        started = time.process_time()
        await store.save(tracker)
        costs[sender].append(reading + time.process_time() - started)

    for number in range(0, 950, 10):
        turns = [event for each in range(10) for event in turn(number + each, shown=[number])]
        await say(store, "long", session() * (number == 0) + turns)
    # In turns, since other programs share the machine: what slows one slows the other.
    for number in range(50):
        await timed("long", 950 + number)
        await timed("new", number)
    late, early = (sorted(costs[sender][-50:])[25] for sender in ("long", "new"))
    assert late <= 1.3 * early
