"""Masks personal data in what people write, before anything is stored or logged.

What is masked: e-mail addresses, telephone numbers, identity numbers, cards and accounts (by
their check digits), home addresses, 微信号 and QQ号, tokens and personal values in web addresses,
passwords said aloud. Years, ratings, titles made of numbers and catalogue ids stay as they are.

Every expression is bounded or begins at a boundary, so that the time is linear in the length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.store.numbers import account_spans, card_spans, identity_spans, phone_spans

Span = tuple[int, int]

# Full-width letters, digits and signs, as typed with a Chinese keyboard; one character each, so
# that positions stay.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,200}(?:@|%40)"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}",
    re.IGNORECASE,
)
_SPOKEN_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64} {0,2}(?:\(at\)|\[at\]| at |#|艾特| @ |\{at\}) {0,2}"
    r"[A-Za-z0-9-]{1,63} {0,2}(?:\(dot\)|\[dot\]| dot |\.|点| \. ) {0,2}"
    r"(?:com|net|org|edu|cn|de|fr|jp|in|uk|ru|br|au|hk|io|me)\b",
    re.IGNORECASE,
)

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；）】》]{1,4000}", re.IGNORECASE)
_URL_LOGIN = re.compile(r"(?<=://)[^/\s@]{1,200}(?=@)")
_URL_SECRET = re.compile(
    r"[?&#;](?:[a-z0-9.\-]{0,30}_)?(?:[a-z]{0,12}token|key|api_?key|sig|signature|password|passwd|pwd"
    r"|secret|auth|session|sessionid|sid|code|otp|ticket|jwt|credential|hash)=([^&#\s]{1,4000})",
    re.IGNORECASE,
)
_URL_PERSONAL = re.compile(
    r"[?&#;](?:[a-z0-9.\-]{0,30}_)?(?:e?mail|phone|mobile|tel|user|username|account|name|firstname|lastname"
    r"|addr|address|street|birthday|dob|idcard|id_number|ssn|card|wechat|weixin|qq"
    r"|openid|unionid)=([^&#\s]{1,4000})",
    re.IGNORECASE,
)
_URL_PART = re.compile(r"(?<=/)(?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{24,400}(?=[/?#]|$)")
_TOKEN = re.compile(
    r"\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{2,2000}(?:\.[A-Za-z0-9_-]{0,2000})?"
    r"|\b(?:sk|pk|ghp|gho|xox[abp]|glpat)[-_][A-Za-z0-9_-]{16,200}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|(?<=\bBearer )[A-Za-z0-9._~+/=-]{12,2000}",
)

_SECRET = re.compile(
    r"(?:\b(?:password|passwd|pwd|passcode|pin code)|密码|口令|验证码)"
    r" {0,2}(?:is|was|:|=|是|为|：) {0,2}((?=[^\s，。,]{0,60}\d)[^\s，。,]{4,64})",
    re.IGNORECASE,
)

_WECHAT = re.compile(
    r"(?:微信|薇信|威信|v信|(?<![a-z])(?:wechat|weixin|we chat|wx|vx)(?![a-z]))"
    r" {0,2}(?:号码?|账号|id|account|number)?"
    r"(?P<said> {0,2}(?:是|为|叫|:|=|is|->|加我?) {0,2}| {1,2})?"
    r"(?P<handle>[a-z][a-z0-9_-]{5,19}|\d{6,12})(?![a-z0-9_-])",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?:(?<![a-z])qq|扣扣|企鹅)(?:群|邮箱)? {0,2}(?:号码?|number|id)? {0,2}"
    r"(?:是|为|:|=|is|加)? {0,2}([1-9]\d{4,11})(?!\d)",
    re.IGNORECASE,
)

_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq"
    r"|terrace|way|close|crescent|highway|hwy|parkway|pkwy)\b\.?"
)
_HOUSE = rf"\d{{1,5}}[a-z]?,? (?:[a-z0-9][a-z0-9'.-]{{0,20}} ){{1,4}}{_STREET}"
_REST = (
    r"(?:,? {0,2}(?:apt|apartment|unit|suite|flat|floor|#)\.? {0,2}[a-z0-9-]{1,6})?"
    r"(?:, {0,2}[a-z][a-z .'-]{1,30}){0,2}(?:,? {0,2}\d{5}(?:-\d{4})?\b)?"
)
_ADDRESS_SAID = re.compile(
    r"\b(?:(?:live|lives|living|lived|reside|resides|staying|located|house is|home is) (?:at|on)"
    r"|address(?: is|:| =)?|(?:deliver|ship|mail|post|send)(?:p?ed)?(?: it| this| them)? to"
    r"|home is)"
    rf" {{0,2}}({_HOUSE}{_REST})",
    re.IGNORECASE,
)
_ADDRESS_FULL = re.compile(
    rf"(?<![a-z0-9])({_HOUSE}"
    r"(?:,? {0,2}(?:apt|apartment|unit|suite|flat|#)\.? {0,2}[a-z0-9-]{1,6}"
    r"(?:, {0,2}[a-z][a-z .'-]{1,30}){0,2}(?:,? {0,2}\d{5}(?:-\d{4})?\b)?"
    r"|(?:, {0,2}[a-z][a-z .'-]{1,30}){1,2},? {0,2}\d{5}(?:-\d{4})?\b"
    r"|(?:, {0,2}[a-z][a-z .'-]{1,30}){1,2},? {0,2}[a-z]{1,2}\d[a-z0-9]? {0,1}\d[a-z]{2}\b))",
    re.IGNORECASE,
)
_ZH_ROOM = r"(?:[一-鿿a-z0-9#-]{0,12}?\d{1,4} {0,1}(?:号楼|栋|幢|座|单元|层|楼|室|房|户)){1,4}"
_ZH_STREET = r"[一-鿿]{1,12}(?:路|街|大道|道|巷|弄|胡同|里)\d{1,5}(?:弄|号|巷)"
_ZH_PLACE = r"[一-鿿]{2,12}(?:省|市|自治区|区|县|镇|乡|村)"
_ZH_ADDRESS_SAID = re.compile(
    r"(?:住在|住址|地址|寄到|送到|邮寄|家在|收货)(?:是|为|:|：| |在){0,2}"
    rf"((?:{_ZH_PLACE}){{0,3}}(?:{_ZH_STREET}(?:{_ZH_ROOM})?|[一-鿿]{{2,12}}{_ZH_ROOM}))",
    re.IGNORECASE,
)
_ZH_ADDRESS_FULL = re.compile(
    rf"((?:{_ZH_PLACE}){{1,3}}{_ZH_STREET}(?:{_ZH_ROOM})?|{_ZH_STREET}{_ZH_ROOM})",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """`text` with personal data replaced by what it was: `[email]`, `[phone]`, `[id]`, `[card]`,
    `[account]`, `[address]`, `[wechat]`, `[qq]`, `[token]`, `[secret]`.

    Masking twice changes nothing more.
    """
    if not _may_hold(text):
        return text
    narrow = text if text.isascii() else text.translate(_NARROW)
    found: list[tuple[int, int, str]] = []
    for label, spans in _DETECTORS:
        for start, end in spans(narrow):
            if all(end <= known[0] or start >= known[1] for known in found):
                found.append((start, end, label))
    if not found:
        return text
    pieces: list[str] = []
    position = 0
    for start, end, label in sorted(found):
        pieces += (text[position:start], f"[{label}]")
        position = end
    return "".join([*pieces, text[position:]])


def _may_hold(text: str) -> bool:
    return bool(_HINT.search(text))


# Most messages hold none of this and are done after one pass.
_HINT = re.compile(
    r"\d(?:[^\d\n]{0,3}\d){4}|[@＠%]|://|www\.|\bat\b|艾特|eyJ|[-_][A-Za-z0-9_]{16}"
    r"|微信|薇信|威信|[vV]信|[wW][eE] ?[cC]|[wW][eE][iI][xX]|[wWvV][xX]|密码|口令|验证码"
    r"|passw|passc|pwd|PIN|pin code|\d[^\n]{0,60}(?:号|[室房栋]|[A-Za-z])",
    re.IGNORECASE,
)


def _whole(expression: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (match.span() for match in expression.finditer(text))


def _group(expression: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (match.span(1) for match in expression.finditer(text))


def _in_urls(*expressions: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    def spans(text: str) -> Iterator[Span]:
        for url in _URL.finditer(text):
            for expression in expressions:
                for match in expression.finditer(url[0]):
                    start, end = match.span(expression.groups)
                    yield url.start() + start, url.start() + end

    return spans


def _wechat(text: str) -> Iterator[Span]:
    for match in _WECHAT.finditer(text):
        said = (match["said"] or "").strip().casefold()
        # "WeChat is broken" is a complaint, "wechat: filmfan" a handle.
        if said in ("", "is") and match["handle"].isalpha():
            continue
        yield match.span("handle")


_DETECTORS: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("token", _in_urls(_URL_LOGIN, _URL_SECRET)),
    ("personal", _in_urls(_URL_PERSONAL)),
    ("token", _in_urls(_URL_PART)),
    ("email", _whole(_EMAIL)),
    ("token", _whole(_TOKEN)),
    ("secret", _group(_SECRET)),
    ("id", identity_spans),
    ("card", card_spans),
    ("account", account_spans),
    ("wechat", _wechat),
    ("qq", _group(_QQ)),
    ("phone", phone_spans),
    ("email", _whole(_SPOKEN_EMAIL)),
    ("address", _group(_ADDRESS_SAID)),
    ("address", _group(_ADDRESS_FULL)),
    ("address", _group(_ZH_ADDRESS_SAID)),
    ("address", _group(_ZH_ADDRESS_FULL)),
)
