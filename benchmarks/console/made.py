"""Conversations out of thin air: events as Rasa stores them, in both languages, by chance."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

WORDS = {
    "en": (
        *(
            "something",
            "funny",
            "film",
            "series",
            "about",
            "space",
            "with",
            "tom",
            "hanks",
            "short",
        ),
        *("old", "new", "french", "horror", "no", "please", "another", "one", "like", "inception"),
        *("heat", "alien", "dune", "tonight", "kids", "family", "war", "love", "crime", "music"),
        *(
            "who",
            "directed",
            "long",
            "subtitles",
            "cancel",
            "account",
            "refund",
            "download",
            "sound",
        ),
    ),
    "zh": (
        *("推荐", "几部", "科幻片", "喜剧", "电影", "有没有", "九十年代", "的", "国产", "悬疑"),
        *("不要", "恐怖", "导演", "是谁", "多长", "霸王别姬", "沙丘", "盗梦空间", "适合", "孩子"),
        *("看过", "加入", "片单", "字幕", "取消", "会员", "退款", "下载", "声音", "梁朝伟"),
    ),
}
RARE = [f"quokka{number}" for number in range(200)]
SHARES = (
    *(("recommend", 30), ("refine", 14), ("more_options", 6), ("refuse_title", 7)),
    *(("watchlist_add", 5), ("ask_director", 6), ("ask_runtime", 4), ("service_question", 8)),
    *(("thank", 6), ("greet", 5), ("out_of_scope", 4), ("nlu_fallback", 3), ("abuse", 1)),
    ("talk_to_person", 1),
)
ACTIONS = {"nlu_fallback": "action_not_understood", "talk_to_person": "action_handoff"}
GENRES = ("Comedy", "Drama", "Horror", "Sci-Fi", "Crime", "War", "Romance", "Animation")
KINDS = ("insult", "hate", "sexual", "threat", "spam", "self_harm")


def conversation(rng: Random, at: float) -> list[dict[str, Any]]:
    """The events of a conversation of some ten messages that begins at `at`."""
    language = rng.choices(("en", "zh"), (6, 5))[0]
    channel = rng.choices(("web", "rest", "widget"), (7, 2, 1))[0]
    version = {"model_id": rng.choice(("winter", "spring")), "assistant_id": "usher"}
    made: list[dict[str, Any]] = [
        {"event": "action", "name": "action_session_start"},
        {"event": "session_started"},
        {"event": "action", "name": "action_listen"},
    ]
    for each in made:
        each |= {"timestamp": at, "metadata": version}
    shown: list[str] = []
    for _ in range(max(1, min(14, round(rng.expovariate(1 / 3.6) + 1)))):
        at += rng.uniform(5, 60)
        for event in _turn(rng, language, channel, shown):
            at += event.pop("after", 0.0)
            made.append({**event, "timestamp": at, "metadata": version})
    return made


def _turn(rng: Random, language: str, channel: str, shown: list[str]) -> Iterator[dict[str, Any]]:
    names, weights = zip(*SHARES, strict=True)
    intent = rng.choices(names, weights)[0]
    spoken = language if rng.random() < 0.93 else "en"
    blank = " " if spoken == "en" else ""
    said = blank.join(rng.choices(WORDS[spoken], k=rng.randint(2, 9)))
    if rng.random() < 0.02:
        said += " " + rng.choice(RARE)
    sure = rng.betavariate(8, 1)
    rival = {"name": rng.choice(names), "confidence": (1 - sure) * rng.random()}
    genre = rng.choice(GENRES)
    entities = [{"entity": "genre", "value": genre, "start": 0, "end": 4}]
    if shown and rng.random() < 0.4:
        entities.append({"entity": "title", "value": shown[-1], "id": shown[-1]})
    flagged = intent == "abuse"
    yield {
        "event": "user",
        "text": said,
        "input_channel": channel,
        "message_id": f"{rng.getrandbits(48):x}",
        "parse_data": {
            "text": said,
            "language": spoken,
            "intent": {"name": intent, "confidence": sure},
            "intent_ranking": [{"name": intent, "confidence": sure}, rival],
            "entities": entities if intent in ("recommend", "refine", "refuse_title") else [],
            "moderation": {
                "flagged": flagged,
                "category": rng.choice(KINDS) if flagged else None,
                "score": 0.97 if flagged else 0.02,
            },
        },
    }
    action = ACTIONS.get(intent, f"action_{intent}")
    yield {"event": "action", "name": action, "policy": "RulePolicy", "confidence": 1.0,
           "after": rng.lognormvariate(-3.2, 0.8)}  # fmt: skip
    answer = (
        " ".join(rng.choices(WORDS["en"], k=8))
        if spoken == "en"
        else "".join(rng.choices(WORDS["zh"], k=6))
    )
    yield {"event": "bot", "text": answer, "data": {}}
    if intent in ("recommend", "refine", "more_options"):
        cards = []
        for _ in range(4):
            title = f"tt{int(rng.paretovariate(1.1) * 900) % 18_000:07d}"
            shown.append(title)
            cards.append(
                {"id": title, "title": f"Title {title[-4:]}", "why": f"because of {genre}"}
            )
        yield {"event": "bot", "text": None, "data": {"custom": {"type": "titles", "cards": cards}}}
        yield {"event": "slot", "name": "shown", "value": [card["id"] for card in cards]}
        yield {"event": "slot", "name": "request", "value": {"filters": {"genres": [genre]}}}
    elif shown and rng.random() < 0.5:
        yield {"event": "slot", "name": "focus", "value": shown[-1]}
    yield {"event": "action", "name": "action_listen"}
