"""Chinese titles that the catalogue does not have, where no marks show that they are titles.

Chinese has no capitals: a name is what is left of 我想看…… or of ……电视剧 when nothing in it is
a word of grammar, and words of wishes (genres, moods) are less than half of it.
"""

from __future__ import annotations

import re

from bot.nlu.fold import fold
from bot.nlu.tokenizer import CJK
from bot.nlu.words import find_words

_KIND = (
    "(?:电视连续剧|電視連續劇|连续剧|連續劇|电视剧|電視劇|电影|電影|影片|大电影|"
    "动画片|动画|动漫|卡通片|卡通|综艺|纪录片)"
)
_ASKED = re.compile(
    r"\s*(?P<verb>(?:请|帮我|给我|麻烦)?我?(?:想|要|想要)?再?(?:看|播放|放|点播)(?:一下)?)?"
    rf"(?P<before>{_KIND})?(?P<name>[{CJK}]{{2,12}}?)"
    r"(?P<episode>第?[一二三四五六七八九十百\d]+[集季])?"
    rf"(?P<after>(?:这部|那部|這部)?{_KIND})?\s*[。！!]?\s*"
)
_GRAMMAR = (
    "的了吗嗎呢吧啊呀哦么麼些点點个個几幾谁誰哪怎这這那我你您他她它们們有没沒不别想要看"
    "给給再还還就都也很太最更挺好多少是为新部集季片剧劇款类類种種试播"
)
_WORDS_TEXT = """
    什么 推荐 推薦 随便 隨便 类似 類似 关于 關於 适合 適合 一下 今晚 今天 明天 周末 现在 現在
    最近 直播 比赛 球赛 足球 篮球 新闻 天气 时间 情况 心情 评论 字幕 预告 花絮 海报 音乐 电台
    频道 电视 台词 会员 年代 经典 热门 人气 高分 口碑 国产 原著 动作 爱情 悬疑 轻松 搞笑 治愈
    烧脑 感人 温馨 下饭 继续 暂停 手机 平板 投屏 收藏 片单 清单 节目 记录 历史 去掉 排除 除了
    欧洲 亚洲 非洲 锁定 人工 真人 客服 广播 视频 影视 观影 影评 投影
"""
_NO_PART = re.compile(f"[{_GRAMMAR}]|{'|'.join(_WORDS_TEXT.split())}")


def asked_for(text: str) -> tuple[int, int] | None:
    """The span of the title in `text`, where it is asked for by nothing else: 我想看喜羊羊."""
    asked = _ASKED.fullmatch(text)
    if not asked or not any(asked[part] for part in ("verb", "before", "after", "episode")):
        return None
    name = asked["name"]
    # 的 joins the words of a title where nothing else than one can stand: 女人的颜色第九集.
    if _NO_PART.search(name.replace("的", "", 1) if asked["episode"] else name):
        return None
    wished = sum(find.end - find.start for find in find_words(fold(name), name))
    return asked.span("name") if 2 * wished < len(name) else None
