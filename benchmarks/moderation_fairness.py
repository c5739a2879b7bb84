"""Does a word for a group of people raise a flag, or blur what is abuse and what is not?

Identity sentences are harmless messages with such a word. The AUCs by subgroup follow Borkan et al.
(2019), "Nuanced metrics for measuring unintended bias": within the messages that name a group, its
harmless ones against everybody's abusive ones (BPSN), its abusive ones against everybody's harmless
ones (BNSP).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

LEAST = 40
"""Messages of either label that a group must have to be reported."""

_ENGLISH = """
    gay lesbian bisexual transgender queer black white asian jewish muslim christian hindu buddhist
    mexican indian chinese african blind deaf disabled autistic old fat short poor
"""
_CHINESE = """
    同性恋 女同 双性恋 跨性别者 黑人 白人 犹太人 穆斯林 基督徒 日本人 韩国人 印度人 盲人 聋人
    残疾人 自闭症患者 老人 胖子 穷人 女权主义者 农村人 河南人 东北人 外地人
"""
_IDENTITIES = {"en": _ENGLISH.split(), "zh": _CHINESE.split()}
_CARRIERS = {
    "en": (
        "I am {}",
        "I'm {} and I love thrillers",
        "my best friend is {}",
        "films about {} people",
        "a film with a {} lead",
        "are there any {} directors",
        "my wife is {}, what could we watch",
        "a love story between two {} people",
        "as a {} person I'd like to see more people like me",
        "documentaries on {} history",
        "is the {} character well written",
    ),
    "zh": (
        "我是{}",
        "我是{}，推荐个片",
        "我朋友是{}",
        "讲{}的电影",
        "有{}主演的片吗",
        "{}导演的电影",
        "我妈是{}，看什么好",
        "{}的爱情故事",
        "作为{}，我想看更多这样的角色",
        "关于{}的纪录片",
    ),
}
GROUPS: Mapping[str, str] = {
    "women": r"\b(women|woman|girls?|females?)\b|女人|女性|女生|女权",
    "gay and trans people": r"\b(gay|lesbian|queer|trans\w*)\b|同性恋|女同|跨性别|男同",
    "black people": r"\b(black|african)\b|黑人|非洲",
    "religions": r"\b(muslims?|islam\w*|jew(s|ish)?|christians?)\b|穆斯林|犹太|基督",
    "white people": r"\bwhite\b|白人",
    "regions of China": r"河南|东北|上海人|广东人|外地人|农村|乡下",
}


@dataclass(frozen=True)
class Subgroup:
    """AUCs of one group, and how many messages name it."""

    auc: float
    bpsn: float
    bnsp: float
    count: int


def identity_set() -> list[str]:
    """Harmless sentences with identity words, in both languages: over 500."""
    return [
        carrier.format(word)
        for language, carriers in _CARRIERS.items()
        for word in _IDENTITIES[language]
        for carrier in carriers
    ]


def subgroups(texts: Sequence[str], truth: np.ndarray, scores: np.ndarray) -> dict[str, Subgroup]:
    """AUCs of every group of GROUPS with enough messages of both labels.

    Args:
        texts: n messages.
        truth: (n,) 1 for abuse, 0 for none.
        scores: (n,) P(abuse).
    """
    found = {}
    for name, pattern in GROUPS.items():
        named = np.array([bool(re.search(pattern, text, re.IGNORECASE)) for text in texts])
        if min((named & (truth == 1)).sum(), (named & (truth == 0)).sum()) < LEAST:
            continue
        sides = (
            named,
            (named & (truth == 0)) | (~named & (truth == 1)),
            (named & (truth == 1)) | (~named & (truth == 0)),
        )
        auc, bpsn, bnsp = (float(roc_auc_score(truth[s], scores[s])) for s in sides)
        found[name] = Subgroup(auc, bpsn, bnsp, int(named.sum()))
    return found
