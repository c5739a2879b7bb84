"""Whether a sentence means a name where the name is also an ordinary word.

"Is it good?" does not ask about the film It; "is 'It' good?" does, and so does "It (2017)".
"""

from __future__ import annotations

import re

from bot.catalogue.ordinary import EVERYDAY, GIVEN, REPLY, ordinary
from bot.catalogue.spelling import fold, is_ideograph

_QUOTES = {
    "《": "》", "〈": "〉", "「": "」", "『": "』", "“": "”", '"': '"', "‘": "’", "'": "'",
    "«": "»", "*": "*", "_": "_",
}  # fmt: skip

_CALLED = re.compile(r"(?:\b(?:called|titled|named|entitled)|名叫|叫做|片名是|名为)\s*$", re.I)
_YEAR_AFTER = re.compile(r"^\s*[(（](?:19|20)\d\d")

_BEFORE = re.compile(
    r"(?:\bthe\s+(?:movie|film|show|series|tv\s+show|sitcom|classic)"
    r"|\b(?:re)?watch(?:ed|ing)?|\bsaw|\bseen|\b(?:co-?)?direct(?:s|ed|ing)|\bstream(?:ed)?"
    r"|\b(?:director|cast|plot|ending|star|stars|lead|story|runtime|sequel|score|synopsis|year"
    r"|genre|title|name|rating|seasons|creator|episodes|version|adaptation)\s+(?:of|for|to)"
    r"|\bstarr(?:ed|ing)\s+in|\b(?:is|was|are|were|acts?|acted|plays?|played|appears?|stars?|who's)"
    r"\s+in|\b(?:loved|hated|enjoyed|disliked|adored|finished|rated?|rating|review(?:ed)?)"
    r"|\b(?:something|anything|movies?|films?|shows?|series|stuff|ones?|more|much|lot)\s+like"
    r"|\bsimilar\s+to|\b(?:tell\s+me|know|talk|heard|hear|info|information|more)\s+about"
    r"|\bhow\s+(?:is|was|about|long\s+is|good\s+is|old\s+is|does)|\bwhen\s+(?:was|did|is)"
    r"|\bwho\s+(?:made|wrote|created|did|plays\s+in)|^\s*(?:is|was|are|add|remove|rate|play)"
    r"|\b(?:stars|points|out\s+of\s+(?:5|10)|/10|/5|%|give|gave|points)\s*(?:for|to)?"
    r"|\b(?:19|20)\d\d|\badd|\bremove|\b(?:not\s+)?(?:recommended|suggested))\s*(?:the\s+)?$",
    re.I,
)
_AFTER = re.compile(
    r"^\s*(?:[,:-]\s*)?(?:[(（]?(?:19|20)\d\d\b"
    r"|the\s+(?:movie|film|show|series)\b(?!\s+(?!is|was|from|by|that|with|please|again|too|on\b)\w)"
    r"|(?:movie|film|tv\s+show|sitcom)\b(?!\s+(?:about|with|for|from))"
    r"|(?:'s|’s)?\s*\b(?:cast|director|plot|ending|runtime|synopsis|sequel|trailer|seasons?)\b"
    r"|starring\b|directed\b|came\s+out\b|(?:is|was)\s+about\b|to\s+(?:my|the)\s+(?:watch)?list"
    r"|from\s+my\s+(?:watch)?list"
    r"|(?:broke|ruined|blew|made|gave|left|had)\s+(?:me|my|us)\b|deserve[sd]\b|(?:still\s+)?holds?\s+up\b"
    r"|drag(?:s|ged)\b|gets\s+too\b|seemed\s+like\b|felt\s+like\b"
    r"|(?:is|was)\s+(?:my|such\s+a|an?)\s+(?:\w+\s+){0,3}(?:movie|film|watch|show|series|comedy|drama)\b"
    r"|(?:is|was)\s+(?:(?:a|an|so|really|very|too|such|absolutely|pretty|quite|just|not)\s+)*"
    r"(?:great|good|bad|boring|amazing|awful|terrible|awesome|brilliant|wonderful|fantastic|fun"
    r"|overrated|underrated|masterpiece|excellent|disappointing|okay|ok|fine|incredible)\b"
    r"|\d+(?:\.\d)?\s*(?:/|out\s+of)\s*\d+)",
    re.I,
)
# "a good disaster movie" names no film called Disaster.
_INDEFINITE = re.compile(
    r"\b(?:an?|any|some|every|another|more|very|really|good|best|new|great|classic|popular|rated"
    r"|\d{4}s?|other|these|those|all|my|your)\s+$",
    re.I,
)
_TOPIC = re.compile(
    r"\b(?:movies?|films?|shows?|documentar(?:y|ies))\s+(?:is\s+|are\s+|was\s+|were\s+)?about\s+(?:the\s+)?$"
    r"|\b(?:character|songs?)\s+(?:of\s+|called\s+|named\s+)?$|\bduring\s+(?:the\s+)?$",
    re.I,
)
_BEFORE_ZH = re.compile(
    r"(?:这部|那部|一部叫|电影|影片|片子|看过|看完了?|看了|刚看|重温|导演了?|导过|主演了?|出演了?|参演了?|演过|评价"
    r"|介绍一下|介绍|聊聊|说说|讲讲|查一下|查查|搜一下|搜|找一下|类似|类似于|像|加入|添加|收藏|移除|删掉|删除"
    r"|打分|给|执导了?|拍了|拍的|重看|二刷|(?:刚|没|接着|还没)(?:刷|追)完?|弃了|(?:部|片|片子|电影|剧)叫|除去|(?:播|看)返|點映|点映|片单里有?"
    r"|(?:一|几)(?:集|季)|(?:19|20)\d\d年?(?:版|版本)?的?)\s*$"
)
_AFTER_ZH = re.compile(
    r"^\s*(?:[（(]?(?:19|20)\d\d|(?:这|那)(?:部|(?:部|个|种)?\w{0,2}(?:电影|影片|片子?|剧))|当年(?:太|真|很|特别)?[火红]|(?:韩国|日本|美国|英国|香港|台湾|老|新|原)版|值不值得|值得(?:看|一看|去)|的?(?:导演|主演|演员|剧情|结局|评分|片长|类型"
    r"|上映|主角|豆瓣|情节|英文名|中文名|原名|续集|编剧|简介|年份)|是?谁(?:演|导|拍|主演)|讲的?是?(?:了|什么|啥)|讲了"
    r"|好看|好不好看|难看|怎么样|咋样|如何|多长|多少分钟|有多长|哪(?:一)?年|什么时候|几(?:季|分|集)|有几|第.季|是哪"
    r"|是什么(?:片|电影|类型)|加(?:入|到)|里的(?:演员|主角|角色|人物|那个|音乐|歌)|这样的|那样的|一样的|之类的|类似的|(?:太|真)(?:好|棒|烂|难|感人|精彩|经典|无聊|闷|牛|绝|虐|搞笑|长|短|催泪|震撼|恐怖|吓人)|打.{0,2}分|[0-9一-十]+分|还不错"
    r"|不错|无聊|很(?:好|棒|差|烂|闷|无聊|精彩)"
    r"|里面?(?:的|演|谁|一共|\w{0,6}(?:谁|哪|什么|饰|演|幻想|真的))|(?:我|都|早|几年前|已经)?(?:就|是)?看(?:过|完|得|哭|懵|不懂|懂)"
    r"|(?:也|就|是)?(?:拿|得)(?:了|过)?\w{0,8}(?:奖|獎|奥斯卡|金[马馬像鸡棕]|影[帝后])|票房|适合\w{1,8}(?:看|不|吗)|[比跟和]\w{1,8}(?:比|哪|谁|原版|更|好)"
    r"|(?:一共|总共|共|到底|最新)?(?:拍|有|出|到|出到)?了?(?:第?几|多少|每一?|[一二三四五六七八九十\d]+)[季部集]|续集|前传|原声|原著|主题曲|插曲|片尾曲?|配乐"
    r"|的故事|的?(?:结尾|大结局|最后(?:一[幕集季]|那|谁|怎)|主要内容|梗概|预告片?|海报|分比|中文|英文|日语|原版|词条|评价|片段)|几分钟|(?:绝|神)了|[真太就]?不?(?:感人|吓人|耐看|好睇)|是\w{1,8}(?:导|拍|演|改编)的"
    r"|(?:mark|OST|genre|release)\b)"
)
_WISH_ZH = re.compile(r"(?:看|睇|追|刷|(?<!在)放|播|播放|喜欢|讨厌|推)\s*$")
_CLAUSE_END = re.compile(r"^\s*(?:$|[，。！？,.!?吗吧了呢啊])")
_FILM_BEFORE = re.compile(r"(?:\bthe\s+(?:movie|film)|电影|影片|看过)\s*$", re.I)
_PERSON_BEFORE = re.compile(
    r"(?:\b(?:with|w/|by|starring|stars?|actor|actress|director|feat(?:uring|\.)?|who\s+is|who's|did)"
    r"|导演|演员|主演|明星|影帝|影后|和|与|跟|喜欢|关于|、)\s*$",
    re.I,
)
_PERSON_AFTER = re.compile(
    r"^\s*(?:(?:'s|’s|')?\s*(?:best\s+|new(?:est)?\s+|latest\s+)?"
    r"(?:films?|movies?|shows?|series|work)\b"
    r"|(?:direct|star|act|play|appear)(?:ed|s|ing)?\b"
    r"|的?(?:电影|片子|作品|戏|剧|新片|代表作|喜剧)|主演|导演|演|拍|执导|是谁|合作|和|跟|与)",
    re.I,
)
_FILLER_BEFORE = re.compile(r"^(?:那|那么|就|嗯|ok|okay|um|uh|please)?[\s，,]*", re.I)
_FILLER_AFTER = re.compile(r"(?:吧|吗|呢|啊|怎么样|如何|please|\W)*$", re.I)
_NEAR = 80  # characters on either side that are looked at
# Words that no name begins or ends in the middle of: 片长大概 does not name 长大.
_WHOLE_WORDS_TEXT = """
    片长 时长 片名 片子 电影 影片 演员 导演 主演 评分 类型 剧情 结局 故事 年代 年份 上映 推荐
    喜欢 好看 没有 有没 什么 怎么 时候 那部 这部 哪部 一部 这个 那个 哪个 一个 一下 今天 今晚
    明天 周末 朋友 孩子 时间 分钟 小时 最近 现在 知道 觉得 可以 还有 还是 已经 不要 不想 想看
    看过 第一 第二 第三 第四 第五
"""
_WHOLE_WORDS = frozenset(_WHOLE_WORDS_TEXT.split())
_SMALL = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "the", "to"}
)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?。！？…\n:：])[\s\"'“‘(]*$")


def is_meant(text: str, start: int, end: int, level: str, person: bool = False) -> bool:
    """Whether `text[start:end]`, ordinary to the degree `level`, is meant as a name.

    `person`: as somebody's name, which other words announce than a title.
    """
    before, said, after = _near(text, start, end)
    if is_quoted(text, start, end):
        return True
    if is_whole(text, start, end):
        return level != REPLY
    if said.isdigit() and _FILM_BEFORE.search(before):
        return True
    if _CALLED.search(before) or _YEAR_AFTER.match(after):
        return True
    if _is_capitalised(before, said, after) and (
        level != GIVEN or _IN_FILM_TALK.search(before) or _IN_FILM_TALK.search(after)
    ):
        return True
    if level not in (EVERYDAY, GIVEN):
        return False
    if person:
        return has_person_cue(text, start, end)
    if any(map(is_ideograph, said)):
        if _BEFORE_ZH.search(before) or _AFTER_ZH.match(after):
            return True
        return bool(_WISH_ZH.search(before) and _CLAUSE_END.match(after))
    return has_cue(text, start, end)


def is_topic(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is what a film is about, or a part of one: "a film about Troy"."""
    return bool(_TOPIC.search(_near(text, start, end)[0])) and not is_quoted(text, start, end)


def cuts_word(text: str, start: int, end: int) -> bool:
    """Whether the Chinese name `text[start:end]` begins or ends inside an everyday word."""
    return text[max(start - 1, 0) : start + 1] in _WHOLE_WORDS or (
        text[end - 1 : end + 1] in _WHOLE_WORDS and text[end - 2 : end] not in _WHOLE_WORDS
    )


def has_person_cue(text: str, start: int, end: int) -> bool:
    """Whether the words beside `text[start:end]` announce somebody."""
    before, _, after = _near(text, start, end)
    return bool(_PERSON_BEFORE.search(before) or _PERSON_AFTER.match(after))


def has_cue(text: str, start: int, end: int) -> bool:
    """Whether the words beside `text[start:end]` announce a title."""
    before, said, after = _near(text, start, end)
    any_such = said[:1].islower() and _INDEFINITE.search(before)
    return bool(
        _BEFORE.search(before)
        or (_AFTER.match(after) and not any_such)
        or _BEFORE_ZH.search(before)
        or _AFTER_ZH.match(after)
    )


_IN_FILM_TALK = re.compile(
    r"\b(?:movies?|films?|shows?|series|seasons?|episodes?|act(?:or|ress|ing)s?|direct(?:or|ed)|critics?"
    r"|oscars?|starr?(?:s|ing)?|cast|scenes?|ending|watch(?:ed|ing)?|sequel|remake|cinema)\b"
    r"|\d\s*/\s*(?:10|5)\b|\bout\s+of\s+(?:10|ten|5|five)\b",
    re.I,
)
_SHORTEST_TOPIC = 3  # characters
_CLAUSE_START_ZH = re.compile(
    r"(?:^|[，。！？、；：,.!?;:\s])(?:听说|说真的|其实|那部|这部|还有|不过|就是|还是|最后|比起来)?$"
    r"|(?:看|放|播|追|找|上|搜|推|叫|重温|遍|就是|是不是|还是|把)$"
)
_IN_FILM_TALK_ZH = re.compile(
    r"演|导演|导的|拍的|第.{1,3}[季集部]|几[季集]|结局|主角|[男女]主|票房|台词|剧情|[首重]播|想看|已看"
    r"|[\d一二三四五六七八九十半](?:分(?!钟)|星)|打分|评价|片名|译|[类这那老新剧]版|系列|催泪|片吗|类吧|看过|看完|两遍|三遍|影[帝后]|金[马马像鸡棕]|奥斯卡"
)
_OPENS = re.compile(
    r"\s+(?:is|was|had|has|left|gave|made|deserve[sd]|need(?:s|ed)|felt|got|gets|still|really|never"
    r"|performance|actor|actress|scene|soundtrack|review)\b",
    re.I,
)


def opens_film_talk(text: str, start: int, end: int) -> bool:
    """Whether a name begins a sentence, or a Chinese clause, that is about a film.

    "Exorcist gave my mum nightmares, best film ever": the name has a capital letter.
    """
    before, said, after = _near(text, start, end)
    if any(map(is_ideograph, said)):
        return bool(
            len(said) >= _SHORTEST_TOPIC
            and _CLAUSE_START_ZH.search(before)
            and (_IN_FILM_TALK_ZH.search(after) or _IN_FILM_TALK_ZH.search(before))
        )
    return bool(
        said[0].isupper()
        and _SENTENCE_START.search(before)
        and _OPENS.match(after)
        and _IN_FILM_TALK.search(text, end)
    )


def _near(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands shortly before, in and shortly after `text[start:end]`."""
    before = text[:start] if start <= _NEAR else "…" + text[start - _NEAR : start]
    return before, text[start:end], text[end : end + _NEAR]


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or 《》 stand right around `text[start:end]`."""
    before, _, after = _near(text, start, end)
    before, after = before.rstrip(), after.lstrip(" .!?。！？")
    return bool(before) and bool(after) and _QUOTES.get(before[-1]) == after[0]


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """What stands between quotation marks or 《》, as (start, end) of the inside."""
    spans = []
    place = 0
    while place < len(text):
        closing = _QUOTES.get(text[place])
        # An apostrophe inside a word opens nothing.
        inside_word = place > 0 and text[place - 1].isalnum() and text[place] in "'_*"
        stop = text.find(closing, place + 1) if closing and not inside_word else -1
        if 0 < stop - place - 1 <= 120:
            spans.append((place + 1, stop))
            place = stop
        place += 1
    return spans


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether `text` says nothing else than `text[start:end]`."""
    if start > _NEAR or len(text) - end > _NEAR:
        return False
    rest = _FILLER_BEFORE.sub("", text[:start]) + _FILLER_AFTER.sub("", text[end:])
    return fold(rest) in ("", "the", "a")


def _is_capitalised(before: str, said: str, after: str) -> bool:
    """Whether capital letters mark `said` as a name, as they do in the middle of a sentence."""
    words = [word for word in _WORDS.findall(said) if word.casefold() not in _SMALL]
    if not words or not all(word[0].isupper() for word in words):
        return False
    others = [w for w in _WORDS.findall(before + " " + after) if w != "I" and w.isascii()]
    if sum(word[0].islower() for word in others) * 2 < len(others) or not others:
        return False  # Everything Is Written Like This
    shouted = said.isupper() and len(said) > 3
    if fold(said) in ordinary().capitals or (len(words) == 1 and shouted):
        return False
    return len(words) > 1 or not _SENTENCE_START.search(before)


def only_ordinary(text: str) -> bool:
    """Whether all Latin words of `text` are ordinary ones."""
    words = ordinary()
    return all(fold(word) in words for word in _WORDS.findall(text))
