"""Tables of disguises: look-alike characters, leet signs, emoji and variant spellings."""

from __future__ import annotations

LEET = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "i",
    "+": "t",
    "€": "e",
    "£": "l",
}

_SAME_SHAPE = {
    "a": "аαɑᴀДⱥ",
    "b": "вьбβʙƅ",
    "c": "сϲᴄ¢ҫ",
    "d": "ԁɗᴅđ",
    "e": "еєεҽᴇɛə",
    "f": "ƒғꜰ",
    "g": "ɡցɢǥ",
    "h": "һнհʜħ",
    "i": "іιıɪӏ¡ɩ",
    "j": "јϳᴊ",
    "k": "кκᴋƙ",
    "l": "ⅼʟłӏɭ",
    "m": "мᴍɱ",
    "n": "пηոɴʜñ",
    "o": "оοσօᴏøө",
    "p": "рρᴘþ",
    "q": "ԛզ",
    "r": "гᴦʀɾя",
    "s": "ѕꜱʂ§",
    "t": "тτᴛŧ",
    "u": "υսᴜцʊ",
    "v": "ѵνᴠ",
    "w": "ԝшωᴡɯ",
    "x": "хχ×ҳ",
    "y": "уγүʏ¥ý",
    "z": "ᴢʐƶ",
}
LOOKALIKES = {sign: letter for letter, signs in _SAME_SHAPE.items() for sign in signs}
LOOKALIKES |= {chr(0x1F170 + i): chr(97 + i) for i in range(26)}  # negative squared letters
LOOKALIKES |= {chr(0x1F150 + i): chr(97 + i) for i in range(26)}  # negative circled letters
LOOKALIKES |= {chr(0x1F130 + i): chr(97 + i) for i in range(26)}  # squared letters
LOOKALIKES |= {chr(0x1F1E6 + i): chr(97 + i) for i in range(26)}  # flag letters
LOOKALIKES |= {"肏": "操", "艹": "操", "妳": "你", "祢": "你", "佢": "他"}
# Traditional forms of the characters that matter here.
LOOKALIKES |= dict(
    zip(
        "媽罵們傢幹殺廢賤腦殘癡瘋醜豬雞髒噁爛騙強姦婦樣還沒來給個這麼說話電視劇為對會歡愛錢應該謝讓覺時間"
        "國語華萬東長門問開關過進運動點號碼買賣聽讀寫見親兒嗎啲喺樓頭臉體變態種滾戲齣導員觀後無聊鬧蠢"
        "賣婊幾誰賠償壞選擇評論歲藥",
        "妈骂们家干杀废贱脑残痴疯丑猪鸡脏恶烂骗强奸妇样还没来给个这么说话电视剧为对会欢爱钱应该谢让觉时间"
        "国语华万东长门问开关过进运动点号码买卖听读写见亲儿吗的在楼头脸体变态种滚戏出导员观后无聊闹蠢"
        "卖婊几谁赔偿坏选择评论岁药",
        strict=True,
    )
)

EMOJI = {
    "🖕": "fuck",
    "🐎": "妈",
    "🐴": "妈",
    "🐶": "狗",
    "🐕": "狗",
    "🐷": "猪",
    "🐖": "猪",
    "🐔": "鸡",
    "🐓": "鸡",
    "🦆": "鸭",
    "🐢": "龟",
    "💩": "屎",
    "🐛": "虫",
    "🤡": "丑",
    "🧠": "脑",
    "🅱": "b",
}

_STRONG_WORDS = """
    fuck fucks fucked fucker fuckers fucking fuckin fuckface fuckhead motherfucker motherfuckers
    motherfucking shit shits shitty shithead shitface bullshit bitch bitches bitching cunt cunts
    asshole assholes ass asses dumbass jackass dick dicks dickhead cock cocks cocksucker pussy
    pussies whore whores slut sluts slutty bastard bastards nigger niggers nigga niggas faggot
    faggots fag fags retard retards retarded idiot idiots stupid moron morons dumb loser losers
    wanker wankers twat twats prick pricks tranny trannies chink chinks kike kikes spic spics
    rape raped rapist kill suicide sex sexy porn tits boobs cum penis vagina nazi scum trash
    garbage worthless useless pathetic ugly
"""
STRONG = frozenset(_STRONG_WORDS.split())
"""Words worth unmasking; unmasking decides nothing by itself."""

_JOINED_WORDS = """
    fuck fucking fucker motherfucker bitch bitches cunt asshole bastard nigger faggot retard
    idiot moron whore slut wanker dickhead stupid shit
"""
JOINED = frozenset(_JOINED_WORDS.split())
"""Words joined again when one space splits them."""


def _masks(words: frozenset[str]) -> dict[str, str]:
    """Every way to hide letters of a word behind signs, to the word; doubtful ones left out."""
    masks: dict[str, str | None] = {}
    for word in sorted(words, key=lambda word: (word not in JOINED, len(word), word)):
        if len(word) < 4:
            continue
        for start in range(1, len(word)):
            for end in range(start + 1, len(word) + 1):
                mask = f"{word[:start]}*{word[end:]}"
                shown = len(mask) - 1
                if shown < 2 and word not in {"fuck", "shit"}:
                    continue
                if shown < 2 and end == len(word) and word != "fuck":
                    continue
                masks.setdefault(mask, word)
    return {mask: word for mask, word in masks.items() if word is not None}


MASKED = _masks(STRONG - {"kill", "sexy", "trash", "garbage", "ugly", "useless", "rape", "raped"})

_TORN_WORDS = """
    傻逼 妈逼 操你 你妈 去死 垃圾 废物 脑残 智障 贱人 婊子 畜生 白痴 滚蛋 自杀 裸照
    约炮 尼玛 鸡巴
"""
TORN = frozenset(_TORN_WORDS.split())
"""Chinese words joined again across a dot, which otherwise parts the names of people."""

VARIANTS = {
    "fxck": "fuck",
    "fvck": "fuck",
    "fucc": "fuck",
    "phuck": "fuck",
    "fuk": "fuck",
    "fck": "fuck",
    "fcking": "fucking",
    "fkn": "fucking",
    "azzhole": "asshole",
    "biatch": "bitch",
    "biotch": "bitch",
    "cnut": "cunt",
    "stoopid": "stupid",
    "stupit": "stupid",
    "idoit": "idiot",
    "retart": "retard",
    "kys": "kill yourself",
    "kms": "kill myself",
    "stfu": "shut the fuck up",
    "gtfo": "get the fuck out",
    "煞笔": "傻逼",
    "煞逼": "傻逼",
    "煞比": "傻逼",
    "傻比": "傻逼",
    "傻笔": "傻逼",
    "傻屄": "傻逼",
    "傻b": "傻逼",
    "傻x": "傻逼",
    "傻叉": "傻逼",
    "傻哔": "傻逼",
    "沙币": "傻逼",
    "沙逼": "傻逼",
    "啥逼": "傻逼",
    "傻币": "傻逼",
    "杀币": "傻逼",
    "杀逼": "傻逼",
    "鲨臂": "傻逼",
    "操尼玛": "操你妈",
    "草泥马": "操你妈",
    "草你妈": "操你妈",
    "草尼玛": "操你妈",
    "草拟吗": "操你妈",
    "草拟妈": "操你妈",
    "曹尼玛": "操你妈",
    "曹你妈": "操你妈",
    "操你吗": "操你妈",
    "操你麻": "操你妈",
    "操泥马": "操你妈",
    "干你娘": "操你妈",
    "亻尔": "你",
    "你吗死": "你妈死",
    "尼玛死": "你妈死",
    "尼玛逼": "你妈逼",
    "泥马逼": "你妈逼",
    "他马的": "他妈的",
    "他妈滴": "他妈的",
    "马勒戈壁": "妈的逼",
    "脑惨": "脑残",
    "脑餐": "脑残",
    "辣鸡": "垃圾",
    "拉圾": "垃圾",
    "垃级": "垃圾",
    "勒色": "垃圾",
    "智帐": "智障",
    "制杖": "智障",
    "质障": "智障",
    "志障": "智障",
    "费物": "废物",
    "婊砸": "婊子",
    "碧池": "婊子",
    "biao子": "婊子",
    "biao 子": "婊子",
    "贱ren": "贱人",
    "jian人": "贱人",
    "畜牲": "畜生",
    "王8蛋": "王八蛋",
    "忘八蛋": "王八蛋",
    "王吧蛋": "王八蛋",
    "去4": "去死",
    "去si": "去死",
    "死ma": "死妈",
    "白chi": "白痴",
    "sha逼": "傻逼",
    "sha比": "傻逼",
    "shabi": "傻逼",
    "sha bi": "傻逼",
    "shab": "傻逼",
    "caonima": "操你妈",
    "cao ni ma": "操你妈",
    "cnm": "操你妈",
    "nmsl": "你妈死了",
    "tmd": "他妈的",
    "wcnm": "我操你妈",
    "滚dan": "滚蛋",
    "gun蛋": "滚蛋",
    "约pao": "约炮",
    "luo照": "裸照",
    "裸zhao": "裸照",
    "自s": "自杀",
    "自鲨": "自杀",
    "自刹": "自杀",
    "紫砂了": "自杀了",
    "想紫砂": "想自杀",
    "鲨了你": "杀了你",
    "傻der": "傻逼",
    "憨批": "傻逼",
    "哈批": "傻逼",
}
"""Spellings used to pass filters, to the plain words. None is an ordinary word."""
