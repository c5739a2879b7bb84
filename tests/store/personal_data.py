"""A seeded corpus: sentences with personal data, and harmless ones full of numbers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Example:
    """A sentence and the words in it that must not be stored."""

    text: str
    secret: str
    kind: str


# # is a digit, N a digit from 2 to 9.
PHONES = {
    "China": ["1{3}#########", "1{3}# #### ####", "+86 1{3}# #### ####", "010-N#######"],
    "United States": ["(N##) N##-####", "N##-N##-####", "+1 N## N## ####", "N##.N##.####"],
    "Britain": ["+44 7### ######", "07### ######", "020 7### ####", "01632 960 ###"],
    "France": ["+33 6 ## ## ## ##", "06 ## ## ## ##", "01.##.##.##.##"],
    "Germany": ["+49 151 #######", "0171 #######", "030 ########"],
    "Japan": ["+81 90-####-####", "090-####-####", "03-####-####"],
    "India": ["+91 9#### #####", "9#### #####", "09#### #####"],
    "Australia": ["+61 4## ### ###", "04## ### ###", "(02) 9### ####"],
    "Brazil": ["+55 11 9####-####", "(11) 9####-####", "(21) N###-####"],
    "Russia": ["+7 9## ###-##-##", "8 (9##) ###-##-##", "89#########"],
    "Hong Kong": ["+852 9### ####", "+852 2#######", "+852-6###-####"],
    "Singapore": ["+65 8### ####", "+65 9#######", "+65-6###-####"],
}
CARRIERS = {
    "email": [
        "my e-mail is {}",
        "write to {} please",
        "{} is my address",
        "我的邮箱是{}谢谢",
        "发到{}吧",
        "please send the receipt to <{}>",
        "邮箱：{}",
        "I signed up with {} and can't log in",
    ],
    "phone": [
        "call me on {}",
        "my number is {}",
        "{}",
        "I can be reached at {} after six",
        "我的电话是{}",
        "手机号{}，请回电",
        "打给{}就行",
        "is {} still the number on my account?",
        "这是我的号码：{}。",
    ],
    "id": ["我的身份证号是{}", "身份证{}", "my ID number is {}", "{}", "实名认证填的是{}对吗"],
    "card": [
        "my card is {}",
        "{} was charged twice",
        "我的银行卡号{}",
        "卡号：{}，扣了两次",
        "I paid with {} yesterday",
    ],
    "url": ["I clicked {} and nothing happened", "链接是{} 打不开", "{}", "the page {} is blank"],
    "wechat": [
        "我的微信号是{}",
        "加我微信{}",
        "微信：{}",
        "wechat: {}",
        "my WeChat ID is {}",
        "vx {}",
        "微信号 {}，聊聊电影",
    ],
    "qq": ["我的QQ号是{}", "QQ：{}", "加QQ{}", "my qq is {}", "QQ号码{}", "扣扣{}"],
    "address": ["I live at {}", "my address is {}", "please deliver it to {}", "We live at {}."],
    "zh_address": ["我住在{}", "地址：{}", "寄到{}", "我家在{}"],
}


def personal(count: int = 12, seed: int = 7) -> list[Example]:
    """At least `count` examples of every kind, telephones of every country among them."""
    draw = random.Random(seed)
    made: list[Example] = []

    def add(kind: str, secret: str, carriers: str | None = None) -> None:
        carrier = draw.choice(CARRIERS[carriers or kind])
        made.append(Example(carrier.format(secret), secret, kind))

    for shapes in PHONES.values():
        for shape in shapes:
            for _ in range(3):
                add("phone", _number(shape, draw))
    for _ in range(count * 3):
        add("email", _email(draw))
        add("id", chinese_id(draw))
        add("card", _card(draw))
    for _ in range(count * 2):
        add("wechat", _handle(draw))
        add("qq", str(draw.randint(10_000, 3_999_999_999)))
        text, secret = _url(draw)
        made.append(Example(draw.choice(CARRIERS["url"]).format(text), secret, "url"))
        add("address", _address(draw))
        add("address", _chinese_address(draw), "zh_address")
    return made


def chinese_id(draw: random.Random) -> str:
    """A made-up identity number with a right check digit."""
    region = draw.choice(["110105", "310104", "440305", "510107", "330106", "420111"])
    day = f"{draw.randint(1950, 2012)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    digits = f"{region}{day}{draw.randint(1, 999):03d}"
    weights = [2**power % 11 for power in range(17, 0, -1)]
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def harmless(count: int = 2000, seed: int = 11) -> list[str]:
    """Sentences that a viewer may well write, with numbers that are nobody's."""
    draw = random.Random(seed)
    made = list(HARMLESS)
    while len(made) < count:
        made.append(_fill(draw.choice(PATTERNS), draw))
    return made


def _lines(name: str) -> tuple[str, ...]:
    return tuple((Path(__file__).parent / name).read_text(encoding="utf-8").splitlines())


HARMLESS = _lines("harmless_sentences.txt")
PATTERNS = _lines("harmless_patterns.txt")
TITLES = _lines("harmless_titles.txt")


def _fill(pattern: str, draw: random.Random) -> str:
    # One draw a place, so that no two numbers of a sentence have to be the same.
    return re.sub(r"\{(\w+)\}", lambda place: _value(place[1], draw), pattern)


def _value(name: str, draw: random.Random) -> str:
    return {
        "year": lambda: str(draw.randint(1910, 2026)),
        "decade": lambda: str(draw.choice([1950, 1960, 1970, 1980, 1990, 2000])),
        "title": lambda: draw.choice(TITLES),
        "score": lambda: str(draw.randint(1, 10)),
        "small": lambda: str(draw.randint(1, 9)),
        "minutes": lambda: str(draw.randint(60, 240)),
        "seven": lambda: f"{draw.randint(0, 9_999_999):07d}",
        "millions": lambda: f"{draw.randint(1, 2_900):,},{draw.randint(0, 999):03d},000",
        "big": lambda: str(draw.randint(1_000, 999_999)),
        "slug": lambda: draw.choice(["heat", "the-dark-knight", "ba-wang-bie-ji"]),
    }[name]()


def _number(shape: str, draw: random.Random) -> str:
    shape = shape.replace("{3}", draw.choice("3456789"))
    digits = {"#": "0123456789", "N": "23456789"}
    return "".join(draw.choice(digits[sign]) if sign in digits else sign for sign in shape)


def _email(draw: random.Random) -> str:
    name = draw.choice(
        ["mei", "tom.smith", "li_wei88", "j.o'neil".replace("'", ""), "a", "film+fan"]
    )
    host = draw.choice(["example.com", "qq.com", "163.com", "mail.example.co.uk", "ex-ample.de"])
    written = f"{name}{draw.choice(['', '1', '1990', '.x'])}@{host}"
    return written.upper() if draw.random() < 0.1 else written


def _card(draw: random.Random) -> str:
    prefix = draw.choice(["4", "51", "55", "37", "6212", "6011", "35"])
    length = 15 if prefix == "37" else draw.choice([16, 19]) if prefix == "6212" else 16
    digits = prefix + "".join(draw.choice("0123456789") for _ in range(length - len(prefix) - 1))
    total = sum(
        sum(divmod(int(digit) * (2 - position % 2), 10))
        for position, digit in enumerate(reversed(digits))
    )
    digits += str(-total % 10)
    if length == 15:
        return draw.choice([digits, f"{digits[:4]} {digits[4:10]} {digits[10:]}"])
    groups = [digits[start : start + 4] for start in range(0, length, 4)]
    return draw.choice(["", " ", "-"]).join(groups)


def _handle(draw: random.Random) -> str:
    return draw.choice(["filmfan", "mei_li", "wxid-", "Tom", "dianying"]) + str(
        draw.randint(100, 99_999)
    )


def _url(draw: random.Random) -> tuple[str, str]:
    secret = "".join(draw.choice("abcdef0123456789") for _ in range(draw.randint(16, 40)))
    name = draw.choice(["token", "access_token", "sig", "key", "session", "auth", "code"])
    return draw.choice(
        [
            (f"https://usher.example/play?id=3&{name}={secret}", secret),
            (f"https://usher.example/reset/{secret}9z8y7x6w5v", secret),
            (f"https://usher.example/me?email={secret}%40example.com&x=1", secret),
            (f"https://tom:{secret}@usher.example/", secret),
            (f"http://usher.example/#{name}={secret}", secret),
            (f"https://usher.example/u?phone=139{secret[:8]}", secret[:8]),
        ]
    )


def _address(draw: random.Random) -> str:
    street = draw.choice(["Baker", "Green Park", "Main", "St. John's", "5th", "Old Mill"])
    kind = draw.choice(["Street", "Road", "Ave", "Lane", "Drive", "Blvd"])
    rest = draw.choice(["", ", London", ", Apt 4B", ", Springfield, IL 62704", ", Flat 3, Leeds"])
    return f"{draw.randint(1, 999)} {street} {kind}{rest}"


def _chinese_address(draw: random.Random) -> str:
    place = draw.choice(["北京市朝阳区", "上海市徐汇区", "广东省深圳市南山区", "杭州市西湖区", ""])
    street = draw.choice(["建国路", "中山北路", "人民大道", "解放街", "学院南路"])
    room = draw.choice(["", "3单元502室", "2栋1801", "5号楼"]) if place else "3单元502室"
    return f"{place}{street}{draw.randint(1, 999)}号{room}"
