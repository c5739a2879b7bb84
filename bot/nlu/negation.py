"""What of a message is refused: "not horror", "anything but Nolan", 别给我恐怖片, 爱情片看腻了.

A cue refuses the first thing after it within its clause, and what is listed with it ("no horror
or war"); it does not reach over a turn to something wanted ("not horror, something funny").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Entities that can be refused; of a rating or an ordinal there is nothing to refuse.
_CONTENT = frozenset(
    {
        "title", "person", "genre", "mood", "country", "spoken_language", "years", "runtime",
        "audience",
    }
)  # fmt: skip
REFUSABLE = _CONTENT | {"kind", "direction"}


@dataclass(frozen=True)
class Mention:
    """An entity as negation sees it."""

    entity: str
    start: int
    end: int


_CUE = re.compile(
    r"(?P<asking>(?:^|[.!?]\s*)(?:why\s+)?(?:don't|didn't|isn't|aren't|wasn't|can't|couldn't|won't|doesn't|"
    r"haven't|hasn't|why\s+not)\b(?!\s+(?:want|give|show|recommend|like|suggest|need|feel|do|care|bother|"
    r"include|make|watch|put|pick|mind)\b))"
    r"|(?P<harmless>\bnot\s+(?:only|just|sure|bad|necessarily|half)\b|\bno\s+(?:matter|idea|problem|worries|"
    r"doubt|wonder|clue|way\b|thanks|rush|one\b)|\b(?:don't|do\s+not|doesn't|didn't)\s+(?:mind|care|know|you)\b|"
    r"\bcan't\s+(?:wait|get\s+enough|get\b(?=.{1,80}\bout\s+of\s+(?:my|our)\s+(?:head|mind))|go\s+wrong|you|believe|remember|recall|think)\b|\bwhy\s+(?:not|don't)\b|"
    r"\bif\s+not\b|\bor\s+not\b|\bno(?=\s*[,.!?]|\s+(?:the|i|it|that|that's|not|this|my|he|she|you)\b))"
    r"|(?P<wide>\b(?:anything|anyone|anybody|everything|nothing|all|any\s+\w+)\s+(?:but|except|besides)\b|"
    r"\bexcept(?:\s+for)?\b|\bother\s+than\b|\bapart\s+from\b|\baside\s+from\b|\bexcluding\b|\bbesides\b|"
    r"\bwithout\b|\binstead\s+of\b|\brather\s+than\b|\bavoid(?:ing)?\b|\bskip(?:\s+the)?\b|\bminus\b|"
    r"\bnon-?(?=\w)|\b(?:i\s+)?(?:hate|dislike|loathe|despise)\b|\bcan(?:'t|not)\s+stand\b|"
    r"\b(?:tired|sick|bored|weary)\s+of\b|\bbored\s+with\b|\bfed\s+up\s+with\b|\b(?:had\s+)?enough\s+of\b|"
    r"\bleave\s+out\b|\bexclude\b|\bnot?\s+(?:a\s+)?(?:big\s+)?fan\s+of\b|\bkeep\s+away\s+from\b|\boverdosed\s+on\b)"
    r"|(?P<plain>\bnot\b|\bno\b|\bnever\b|\bnothing\b|\bnone\s+of\b|\bneither\b|\bnor\b|n't\b|\bdont\b|"
    r"\bcannot\b|\bisnt\b|\barent\b|\bwithout\b)"
)
_CUE_ZH = re.compile(
    r"(?P<harmless>特别|别的|别人|级别|分别|区别|告别|性别|类别|个别|离别|识别|不错|不如|差不多|不过(?!于)|不管|不限|不仅|不但|"
    r"不光|不只|不妨|不知道|不一样|不同|不用客气|不好意思|不要紧|要不要|想不想|能不能|好不好|是不是|有没有|会不会|喜不喜欢|看不看|可不可以|"
    r"爱不爱|行不行|对不对|要不|忍不住|受不住|不得不|不太清楚|不记得|不确定|不敢相信|不介意|不介意|没关系|没问题|没错|没事|没想到|"
    r"非常|非洲|不停|不断|不少|不愧)"
    r"|(?P<wide>除了|除开|除去|除(?=.{1,12}(?:以外|之外|外))|排除|去掉|剔除|看腻了?|看够了?|看烦了?|看厌了?|腻了|厌倦了?|烦透了?|"
    r"讨厌|受不了|拒绝|避开|远离|跳过|少来|过滤掉?|不含|不包括|不带|屏蔽)"
    r"|(?P<plain>不想再看|不想看|不想要|不要看|不要|不看|不喜欢|不爱看?|不想|不太想|不太喜欢|不怎么(?:喜欢|爱看|想看)?|不是(?:很)?|"
    r"不需要|不用|不能|不准|不那么|没那么|不太|不|别再|别给我|别给|别推荐|别来|别放|别|没有|没|非(?!常|洲|诚|同)|而不是|而非|勿|休想)"
)
_BREAK = re.compile(
    r"[.;!?。；！？\n]|\bbut\b|\bbecause\b|\bsince\b|\bjust\b|\bonly\b|\bhow\s+about\b|\bi'd\b|\bi\s+(?:want|would|"
    r"like|need|love|prefer)\b|\bgive\s+me\b|\bsomething\b|\bshow\s+me\b|\blet's\b|\bmaybe\b|\bplease\s+(?=\w)|\bmore\s+like\b"
    r"|但是?|不过|可是|而是|只要|只想|只看|想看|要看|来点|来个|来部|换成?|给我(?!推荐)|要(?!求|是|素)|就看|多来|其他|别的|推荐"
)
# What a cue may lead with before it refuses: "don't give me …", 别给我推荐….
_LEADS = (
    re.compile(
        r"\s*(?:(?:ever|want\s+to|to|you\s+to|please)\s+)*(?:give\s+(?:me|us)|show\s+(?:me|us)|"
        r"recommend(?:\s+me)?|suggest(?:\s+me)?|like|want|need)\b"
    ),
    re.compile(r"\s*(?:再|总|老)?(?:给我|跟我)?(?:推荐|安利|来点|来个|来部|想看|要看|放|来)?"),
)
# Cues that belong to one adjective: 不恐怖的悬疑片 is still a mystery, "non-violent action" action.
_OF_ADJECTIVE = re.compile(r"non-?|不|不太|不那么|没那么|非")
_DEGREE = re.compile(r"\s*(?:too|very|so|that|overly|super|really|particularly)\s+$")
_ADJACENT = re.compile(r"\s*的?\s*")
# What may stand between a cue and an audience that is refused: "won't scare my kids" is for them.
_FOR_WHOM = re.compile(
    r"\s*(?:(?:a|an|any|really|very|suitable|meant|made|good|okay|appropriate|with|for|the|my|our|those|"
    r"these|more)\s+)*|(?:太|很|那么|再)?(?:适合|给|带|和|跟|要|看)?(?:我们?)?的?"
)
_COMMA = re.compile(r"[,，]|\s-+\s")
# Between two listed things: a joint, with words that belong to the second.
_LIST = re.compile(
    r"\s*(?:[,，、/&+]|\bor\b|\bnor\b|\band\b|和|或者?|跟|与|以及|还有|也|都|\s)*\s*"
    r"(?:\b(?:any|anything|a|an|the|too|very|really|more|other|of|overly|so|super|also|either|that's|is|"
    r"by|with|from|in|no|not|kind|stuff|things|all)\b\s*)*"
    r"(?:太|很|那种|那么|特别|这种|这类|那类|类|的|片|电影|片子)*\s*"
)
_OR = re.compile(r"\b(?:or|nor|and)\b|[、和或跟与]|还有|以及")
_AFTER = re.compile(
    r"\s*(?:films?|movies?|stuff|ones|genre|shows?|series)?\s*"
    r"(?:(?:is|are|'s)(?:n't|\s+not|\s+never)\s+(?:really\s+|quite\s+|exactly\s+)?(?:my|for\s+me|what|something)\b"
    r"|(?:is|are)\s+out\b|(?:not|no)\s+(?:for\s+me|my\s+thing|thanks|please)\b|[?,.]\s*no\s*(?:thanks|way|please)\b|"
    r"free\b|(?:i|we)\s+(?:hate|can't\s+stand|don't\s+(?:like|want|need))\s*(?:$|[.,!?;]))"
)
_AFTER_ZH = re.compile(
    r"(?:片子?|类型?|电影|题材|演的|拍的|导的|主演的|剧|这种|那种|的|之类的?|什么的)*\s*(?:我们?|咱|就|都|也|已经|最近|实在|真的|可以|"
    r"暂时|还是|请|，|,|\s)*"
    r"(?:(?:不要|不想看|不想要|不看|不喜欢|不爱看?|不太喜欢|不感兴趣|没兴趣|看腻|看够|看烦|看厌|看吐|腻了|不用|不行|别来|受不了|无感|"
    r"不考虑|看太多|看多)(?=了|啦|啊|哈|吧|\s*(?:$|[,，。.!！;；]))|就?算了|除外|免了|pass\b|以外|之外)"
)
_REACH, _REACH_ZH = 7, 12  # words, characters that may stand between a cue and what it refuses


def negated(folded: str, mentions: Sequence[Mention]) -> list[bool]:
    """For each mention, in the order of the text, whether it is refused."""
    refused = [False] * len(mentions)
    for cue, pattern in ((_CUE, "en"), (_CUE_ZH, "zh")):
        for match in cue.finditer(folded):
            if match.lastgroup in ("harmless", "asking") or _inside(match, mentions):
                continue
            for index in _scope(match, folded, mentions, pattern == "zh"):
                refused[index] = True
    for index, mention in enumerate(mentions):
        if _AFTER.match(folded, mention.end) or _AFTER_ZH.match(folded, mention.end):
            refused[index] = True
            _list_back(index, folded, mentions, refused)
    for index, mention in enumerate(mentions):
        if mention.entity not in REFUSABLE:
            refused[index] = False
    return refused


def _inside(match: re.Match[str], mentions: Sequence[Mention]) -> bool:
    return any(m.start < match.end() and match.start() < m.end for m in mentions)


def _scope(
    match: re.Match[str], folded: str, mentions: Sequence[Mention], chinese: bool
) -> list[int]:
    """Indices of the mentions that a cue refuses."""
    ahead = [i for i, m in enumerate(mentions) if m.start >= match.end()]
    scope: list[int] = []
    at = match.end()
    adjective = bool(_OF_ADJECTIVE.fullmatch(match[0]))
    for index in ahead:
        mention = mentions[index]
        between = folded[at : mention.start]
        if mention.start < at:  # a second reading of the same word
            if scope and mentions[scope[-1]].start == mention.start:
                scope.append(index)
            continue
        if not scope:
            if not _reaches(between, match, chinese):
                break
            if mention.entity == "audience" and not _FOR_WHOM.fullmatch(between):
                continue
            adjective = adjective or bool(_DEGREE.fullmatch(between))
        elif (adjective and _ADJACENT.fullmatch(between)) or not _listed(
            between, at, ahead, index, folded, mentions
        ):
            break
        scope.append(index)
        at = mention.end
    content = [i for i in scope if mentions[i].entity in _CONTENT]
    # "No horror movies" refuses horror, not films.
    return content or scope


def _reaches(between: str, match: re.Match[str], chinese: bool) -> bool:
    leads = [lead.end() for lead in (pattern.match(between) for pattern in _LEADS) if lead]
    if _BREAK.search(between, max(leads)):
        return False
    comma = _COMMA.search(between)
    if comma and (match.lastgroup != "wide" or between[: comma.start()].strip()):
        return False
    if chinese:
        return len(between) <= _REACH_ZH
    reach = 2 if match[0] == "no" else _REACH
    return len(between.split()) <= reach


def _listed(
    between: str,
    at: int,
    ahead: Sequence[int],
    index: int,
    folded: str,
    mentions: Sequence[Mention],
) -> bool:
    """Whether what follows is listed with what was refused before it."""
    if not _LIST.fullmatch(between):
        return False
    if not _COMMA.search(between) or _OR.search(between):
        return True
    # "Nothing scary, violent or sad": a comma lists only when a joint follows.
    later = [i for i in ahead if i > index]
    if not later:
        return False
    gap = folded[mentions[index].end : mentions[later[0]].start]
    return bool(_LIST.fullmatch(gap)) and (
        bool(_OR.search(gap))
        or _listed(gap, mentions[index].end, ahead, later[0], folded, mentions)
    )


def _list_back(index: int, folded: str, mentions: Sequence[Mention], refused: list[bool]) -> None:
    """Refuse what is listed before a thing refused after it: 恐怖片和战争片都不要."""
    while index > 0:
        between = folded[mentions[index - 1].end : mentions[index].start]
        if not between or not _LIST.fullmatch(between) or not _OR.search(between):
            return
        index -= 1
        refused[index] = True
