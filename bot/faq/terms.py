"""What of a question counts for retrieval: words, word pairs, and pieces of both languages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:'[^\W_{_HAN}]+)*")

# Words of politeness and grammar: they tell how one asks, not what.
_SILENT_ZH = re.compile(
    "请问一下|请问|请帮我|帮我|麻烦|一下|谢谢|你们的|你们|你好|我的|能不能|可不可以|是不是|可以|应该|[吗呢啊呀吧嘛哦了]"
)
_WORDS = (
    "a an the i i'm im me my you your u it it's its is are am was be do does did please pls plz "
    "hi hello hey thanks to of for and so just really there this that with at"
)
_SILENT_EN = frozenset(_WORDS.split())
# Different words for one thing, so that one way of asking finds the other.
_SAME = {
    **dict.fromkeys(("movie", "movies", "films", "titles", "title"), "film"),
    **dict.fromkeys(("shows", "series", "serie"), "show"),
    **dict.fromkeys(("television", "telly", "tvs"), "tv"),
    **dict.fromkeys(("subtitle", "subs", "sub", "captions", "caption", "cc"), "subtitles"),
    **dict.fromkeys(
        ("kid", "kids", "child", "child's", "children's", "son", "daughter"), "children"
    ),
    **dict.fromkeys(("cellphone", "mobile", "smartphone", "iphone", "android"), "phone"),
    **dict.fromkeys(("billed", "charge", "charges", "debited"), "charged"),
    **dict.fromkeys(("membership", "sub", "contract"), "subscription"),
    **dict.fromkeys(("can't", "cannot", "cant", "couldn't", "won't", "wont"), "cannot"),
    **dict.fromkeys(("don't", "dont", "doesn't", "doesnt", "isn't", "not"), "not"),
    **dict.fromkeys(("refunded", "refunds", "reimburse", "reimbursed"), "refund"),
    **dict.fromkeys(("disable", "deactivate"), "off"),
    **dict.fromkeys(("enable", "activate"), "on"),
}
_SAME_ZH = (
    (re.compile("影片|片子|视频|电影"), "片"),
    (re.compile("电视剧|剧集|连续剧"), "剧"),
    (re.compile("小孩子?|小朋友|儿童|孩子|宝宝|娃|儿子|女儿"), "孩"),
    (re.compile("怎么办|怎样|如何|咋|怎么才能|怎么"), "怎"),
    (re.compile("账户|帐户|帐号|账号"), "账号"),
    (re.compile("缓存"), "下载"),
    (re.compile("订阅|会员"), "会员"),
    (re.compile("扣钱|扣款|收费|扣费|划钱"), "扣费"),
    (re.compile("没法|无法|不能|没办法"), "不能"),
    (re.compile("哪里|哪儿|在哪|什么地方"), "哪"),
    (re.compile("为什么|为啥|干嘛|怎么会"), "为何"),
)


def terms(text: str) -> Counter[str]:
    """Terms of `text` with how often each occurs; empty when nothing in it counts."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    found: Counter[str] = Counter()
    words: list[str] = []
    for run in _RUN.findall(plain):
        if "\u3400" <= run[0] <= "\u9fff":
            found.update(_chinese(run))
        elif run not in _SILENT_EN:
            words.append(_SAME.get(run, run))
    for word in words:
        found[word] += 1
        found.update(_pieces(word))
    found.update(f"{a} {b}" for a, b in pairwise(words))
    return found


def _chinese(run: str) -> list[str]:
    """Characters, pairs and triples of a run of Chinese, without what is only polite."""
    plain = _SILENT_ZH.sub("", run) or run
    for pattern, one in _SAME_ZH:
        plain = pattern.sub(one, plain)
    return [plain[i : i + size] for size in (1, 2, 3) for i in range(len(plain) - size + 1)]


def _pieces(word: str) -> list[str]:
    """Inner pieces of a word, so that endings and slips of the finger still meet."""
    marked = f"<{word}>"
    return [f"~{marked[i : i + 4]}" for i in range(len(marked) - 3)] if len(word) > 3 else []
