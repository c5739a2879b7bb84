"""Acts as sentences: en.yml, zh.yml and mixed.yml, written for these viewers.

Nothing is taken from the assistant's training sentences; a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.simulator.acts import Act
from bot.simulator.goal import Constraint
from bot.simulator.typos import misspell

FOLDER = Path(__file__).parent
_LATIN_BESIDE_HAN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?=[A-Za-z])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
# The order of what stands before the noun in Chinese, and after it in English.
_BEFORE = ("years", "like", "person", "runtime", "audience", "language", "country", "genre")
_AFTER = ("language", "person", "years", "runtime", "audience", "like")
_VOWELS = "aeiou"


@cache
def texts(language: str) -> Mapping[str, Any]:
    """The wording file of "en", "zh" or "mixed".

    Raises:
        FileNotFoundError: there is none.
    """
    with (FOLDER / f"{language}.yml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def variations(language: str, name: str) -> Sequence[str]:
    """The sentences for an act; what mixed.yml lacks is said as in zh.yml.

    Raises:
        KeyError: there is no such act.
    """
    acts = texts(language)["acts"]
    if name not in acts and language == "mixed":
        acts = texts("zh")["acts"]
    return acts[name]


def sentences(language: str) -> Iterator[str]:
    """Every sentence of a language, with its places unfilled."""
    for group in texts(language)["acts"].values():
        yield from group


class Voice:
    """How one viewer puts things; no sentence is used again before the others have been."""

    def __init__(
        self,
        language: str,
        catalogue: Catalogue,
        rng: Random,
        slips: float = 0.0,
        series: bool = False,
    ) -> None:
        self.language, self.catalogue, self.rng, self.slips = language, catalogue, rng, slips
        self._words = texts(language)["words"]
        self._unused: dict[str, list[str]] = {}
        self._noun = "series" if series else "film"

    def say(self, acts: Sequence[Act], shown: Sequence[Title], at_hand: str | None = None) -> str:
        """`acts` as one message; a button pressed is its payload.

        Args:
            shown: the titles shown last, which ordinals count.
            at_hand: id of the title talked about last, which "it" means.
        """
        if acts and acts[0].kind == "press":
            return acts[0].detail
        said = [self._sentence(act, shown, at_hand) for act in acts]
        said = [*(each.rstrip("?？!！.。") for each in said[:-1]), *said[-1:]]
        text = (", " if self.language == "en" else "，").join(said)
        if self.language == "mixed":
            text = re.sub(" +", " ", _LATIN_BESIDE_HAN.sub(" ", text))
        return misspell(text, self.slips, self.rng) if self.slips else text

    def _sentence(self, act: Act, shown: Sequence[Title], at_hand: str | None) -> str:
        title = self.catalogue.get(act.about) if act.about else None
        values: dict[str, str] = {}
        if title is not None:
            values = {
                "title": title.name("en" if self.language == "en" else "zh"),
                "year": str(title.year or ""),
                "it": self._reference(title, shown, at_hand),
            }
        if act.kind == "which":
            values["place"] = self._pick(self._words["ordinal"][int(act.detail)])
        name, more = self._named(act)
        return self._choose(name).format_map({**values, **more})

    def _named(self, act: Act) -> tuple[str, dict[str, str]]:
        """Which sentences say an act, and what its constraints fill in."""
        first = act.constraints[0] if act.constraints else None
        if act.kind == "open":
            return self._opening(act)
        if act.kind == "restate":
            return "restate", {"wish": self._wish(act.constraints)}
        if act.kind == "ask":
            return act.detail, {}
        if act.kind == "aside":
            return f"aside_{act.detail}", {}
        if first is None:
            return act.kind, {}
        if act.kind == "inform":
            return f"inform_{first.slot}", self._fill(first)
        if act.kind == "insist" and first.negative and self.language != "en":
            return "insist_not", self._fill(first)
        filled = self._fill(first)
        if first.slot == "like" and self._english:
            filled["what"] = f"something {filled['what']}"
        if first.slot == "country" and not self._english:
            filled["what"] += "的"
        return act.kind, filled

    def _opening(self, act: Act) -> tuple[str, dict[str, str]]:
        name = "open" if act.detail == "open" else f"open_{act.detail}"
        every = list(act.constraints)
        if act.detail == "couple":
            first, second = (self._what(each) for each in every[:2])
            return name, {"first": first, "second": second}
        if act.detail == "person":
            return name, {"person": self._name(every[0].value[0])}
        if act.detail == "like":
            return name, {"title": self._title_name(every[0].value[0])}
        if act.detail == "parent":
            every = [each for each in every if each.slot != "audience"]
        return name, {"wish": self._wish(every)} if every or act.detail == "parent" else {}

    def _fill(self, constraint: Constraint) -> dict[str, str]:
        filled = {"what": self._what(constraint)}
        if constraint.negative:
            filled["refused"] = self._refused(constraint)
        return filled

    def _what(self, constraint: Constraint) -> str:
        """A constraint by itself, as it can stand after "I said": "from the 90s", 90年代的."""
        slot = constraint.slot
        if constraint.negative:
            no = {"en": "nothing {}" if slot == "not_country" else "no {}"}
            pattern = no.get(self.language, "不要{}" if slot == "not_genre" else "不要{}的")
            return pattern.format(self._refused(constraint))
        if slot == "kind":
            return (
                f"a {self._noun_word(constraint.value)}"
                if self._english
                else self._noun_word(constraint.value)
            )
        if slot == "genre" and not self._english:
            return self._word(constraint) + self._pick(self._words[self._noun]["one"])
        return self._word(constraint)

    def _wish(self, constraints: Sequence[Constraint]) -> str:
        """Constraints put together: "a French horror film from the 80s, but no …"."""
        kinds = [each.value for each in constraints if each.slot == "kind"]
        self._noun = kinds[0] if kinds else self._noun
        words: dict[str, list[str]] = {}
        for each in constraints:
            if not each.negative and each.slot != "kind":
                words.setdefault(each.slot, []).append(self._word(each))
        refused = [self._what(each) for each in constraints if each.negative]
        if self._english:
            return self._english_wish(words, refused)
        before = [word for slot in _BEFORE for word in words.get(slot, ())]
        wish = "".join(before) + self._noun_word(self._noun)
        if self.language == "mixed":
            wish = " ".join([*before, self._noun_word(self._noun)])
        return "，".join([wish, *refused])

    def _english_wish(self, words: Mapping[str, list[str]], refused: Sequence[str]) -> str:
        many = self.rng.random() < 0.35
        noun = self._pick(self._words[self._noun]["many" if many else "one"])
        before = [*words.get("country", ()), *words.get("genre", ()), noun]
        after = [word for slot in _AFTER for word in words.get(slot, ())]
        phrase = " ".join([*before, *after])
        article = "some" if many else "an" if phrase[0].lower() in _VOWELS else "a"
        return ", ".join([f"{article} {phrase}", *refused])

    def _word(self, constraint: Constraint) -> str:
        slot, value = constraint.slot, constraint.value
        if slot == "years":
            return self._years(*value)
        if slot == "person":
            return self._pick(self._words["person"][value[1]]).format(name=self._name(value[0]))
        if slot == "like":
            return self._pick(self._words["like"]).format(title=self._title_name(value[0]))
        if slot == "audience":
            return self._pick(self._words["audience"])
        return self._pick(self._words[slot][value])

    def _years(self, first: int | None, last: int | None) -> str:
        if first is not None and last is not None:
            # Of this century nobody says the two digits alone.
            now = first >= 2000
            name = "decade_now" if now and "decade_now" in self._words else "decade"
            patterns = [p for p in self._words[name] if not (now and "{short}" in p)]
            short = f"{first % 100:02d}"
            return self._pick(patterns).format(decade=first, short=short, last=last)
        year = first if first is not None else last
        return self._pick(self._words["since" if last is None else "until"]).format(year=year)

    def _refused(self, constraint: Constraint) -> str:
        topic = "refused" if constraint.slot == "not_genre" else "country"
        return self._pick(self._words[topic][constraint.value])

    def _reference(self, title: Title, shown: Sequence[Title], at_hand: str | None) -> str:
        """ "It" for what was talked about last, else the place of the title or its name."""
        places = [place for place, other in enumerate(shown, 1) if other.id == title.id]
        if at_hand == title.id and self.rng.random() < 0.75:
            return self._pick(self._words["it_series" if title.kind == "series" else "it"])
        if places and len(shown) > 1 and places[0] <= 5 and self.rng.random() < 0.6:
            return self._pick(self._words["ordinal"][places[0]])
        return self._title_name(title.id)

    def _title_name(self, title_id: str) -> str:
        title = self.catalogue.titles[title_id]
        if self._english:
            return title.title
        name = title.name("en" if self.language == "mixed" and self.rng.random() < 0.5 else "zh")
        return name

    def _name(self, person_id: str) -> str:
        person = self.catalogue.people[person_id]
        return person.name if self._english else person.label("zh")

    def _noun_word(self, kind: str) -> str:
        return self._pick(self._words[kind]["one"])

    @property
    def _english(self) -> bool:
        return self.language == "en"

    def _choose(self, name: str) -> str:
        unused = self._unused.get(name)
        if not unused:
            unused = self._unused[name] = list(variations(self.language, name))
            self.rng.shuffle(unused)
        return unused.pop()

    def _pick(self, words: Sequence[str]) -> str:
        return self.rng.choice(list(words))
