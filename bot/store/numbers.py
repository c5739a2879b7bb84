"""Finds numbers that belong to a person: telephones, identity numbers, cards, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

Span = tuple[int, int]

# -- identity numbers -------------------------------------------------------------------------

_CHINESE_ID = re.compile(r"(?<![\dA-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dA-Za-z])")
_CHINESE_ID_15 = re.compile(r"(?<![\dA-Za-z.])\d{15}(?![\dA-Za-z.])")
_SOCIAL_SECURITY = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_DOCUMENT = re.compile(
    r"(?:\b(?:passport|driving licen[cs]e|id card|identity card|national id)"
    r"|护照|驾照|通行证|身份证)"
    r"(?: {0,2}(?:number|no\.?|num|号码?))?(?: {0,2}(?:is|:|=|是|为|：))? {0,2}"
    r"((?=[A-Z0-9]{0,8}\d)[A-Z0-9]{7,18})(?![A-Z0-9])",
    re.IGNORECASE,
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def identity_spans(text: str) -> Iterator[Span]:
    """Chinese identity numbers (check digit and birthday verified), US social security numbers,
    and passports and the like where the document is named."""
    for match in _CHINESE_ID.finditer(text):
        if is_chinese_id(re.sub(r"[ -]", "", match[0])):
            yield match.span()
    for match in _CHINESE_ID_15.finditer(text):
        number = match[0]
        if _PROVINCES.match(number) and _is_day("19" + number[6:12]):
            yield match.span()
    for match in _SOCIAL_SECURITY.finditer(text):
        yield match.span()
    for match in _DOCUMENT.finditer(text):
        yield match.span(1)


def is_chinese_id(number: str) -> bool:
    """Whether 18 characters are an identity number: province, birthday and check digit."""
    if not _PROVINCES.match(number) or not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == number[17].upper()


def _is_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not 1900 <= year <= 2099:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


# -- cards and accounts -----------------------------------------------------------------------

_CARD = re.compile(r"(?<![\dA-Za-z.])[2-6]\d{3}(?:[ -]?\d{2,6}){2,4}\d?(?![\dA-Za-z])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")


def card_spans(text: str) -> Iterator[Span]:
    """Payment cards: 13 to 19 digits with a right check digit (Luhn)."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 13 <= len(digits) <= 19 and is_luhn(digits):
            yield match.span()


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def account_spans(text: str) -> Iterator[Span]:
    """International bank account numbers with right check digits (ISO 13616)."""
    for match in _IBAN.finditer(text):
        number = match[0].replace(" ", "")
        moved = number[4:] + number[:4]
        if 15 <= len(number) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1:
            yield match.span()


# -- telephones -------------------------------------------------------------------------------

# Something that may be dialled: digits in groups. What it is, _is_phone decides.
_DIALLED = re.compile(
    r"(?<![\dA-Za-z_$€£¥￥#/])(?<!\d\.)(?:\+ ?)?\(?\d(?:[ ()./·‑–-]{0,3}\d){6,15}(?![\dA-Za-z_])"
)
_SAID_BEFORE = re.compile(
    r"(?:\b(?!phone\])(?:phone|tel|telephone|mobile|cell|call|calling|text me|txt|ring|whatsapp"
    r"|number|reach me|contact|fax|sms|dial|hotline|line|at)"
    r"|电话|手机|号码?|致电|联系|打给|拨打|短信|热线|座机|拨)"
    # A number between ends its reach, masked as well as plain; "[phone]" is no such word itself.
    r"(?:(?!\[(?:phone|id|card|account|qq)\])[^\d\n]){0,24}$",
    re.IGNORECASE,
)
_SUM_AFTER = re.compile(
    r" {0,2}(?:%|元|块|美元|美金|人民币|票房|人|次|万|亿|票|views|votes|dollars"
    r"|usd|yuan|people|users|times|bytes|ms)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
# Written as people write them without their country's code, and like nothing else.
_NATIONAL = (
    re.compile(r"(?:86)?1[3-9]\d{9}"),  # China, mobile
    re.compile(r"0\d{8,11}"),  # China, Britain, France, Germany, Japan, Korea, Australia, …
    re.compile(r"00[1-9]\d{7,13}"),  # with a country's code, dialled
    re.compile(r"1?[2-9]\d{2}[2-9]\d{6}"),  # North America
    re.compile(r"[6-9]\d{9}"),  # India
    re.compile(r"[78]9\d{9}"),  # Russia
)


def phone_spans(text: str) -> Iterator[Span]:
    """Telephone numbers, national and international."""
    for match in _DIALLED.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _is_phone(match[0], before, text[match.end() : match.end() + 12]):
            yield match.span()


def _is_phone(dialled: str, before: str, after: str) -> bool:
    groups = re.findall(r"\d+", dialled)
    digits = "".join(groups)
    if _SUM_AFTER.match(after) or not 7 <= len(digits) <= 15:
        return False
    if dialled.startswith("+"):
        return len(digits) >= 8
    if _is_other(dialled, groups):
        return False
    if _SAID_BEFORE.search(before):
        return True
    if "(" in dialled and 9 <= len(digits) <= 11:
        return True
    return any(shape.fullmatch(digits) for shape in _NATIONAL) and _grouped_like_one(groups)


def _is_other(dialled: str, groups: list[str]) -> bool:
    """Years, dates, decimal numbers, thousands."""
    years = sum(1 for group in groups if _YEAR.fullmatch(group))
    if years and (years >= len(groups) - 1 or (len(groups) == 3 and len("".join(groups)) <= 8)):
        return True
    if re.fullmatch(r"\d+\.\d+", dialled) or re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", dialled):
        return True
    if re.fullmatch(r"(?:19|20)\d{2}[01]\d[0-3]\d", dialled):
        return True
    # "10 000 000"; but 06 12 34 … begins with a nought
    return not dialled.startswith("0") and bool(re.fullmatch(r"\d{1,3}(?:[ .]000)+", dialled))


def _grouped_like_one(groups: list[str]) -> bool:
    # Lists of small numbers ("1 2 3 4 5 6 7 8 9 0 1") are not dialled.
    return len(groups) <= 5 and all(len(group) > 1 for group in groups[1:])
