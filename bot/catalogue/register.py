"""People under one id each, whatever a source calls them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.catalogue.facts import PersonFacts
from bot.catalogue.spelling import fold, slug


@lru_cache(maxsize=200_000)
def person_id(name: str) -> str:
    """The id of the person called `name`: "robert-de-niro"."""
    return slug(name)[:120]


class Register:
    """Knows people by the names of `facts`, and registers those that credits name."""

    def __init__(self, facts: Iterable[PersonFacts] = ()) -> None:
        self.names: dict[str, str] = {}
        self.facts: dict[str, PersonFacts] = {}
        self._ids: dict[str, str] = {}
        for person in facts:
            self.facts.setdefault(person_id(person.name), person)
        claims: dict[str, set[str]] = {}
        for key, person in self.facts.items():
            for alias in (*person.aliases, person.name_zh or "", *person.aliases_zh):
                # A surname alone is too little to give somebody a credit.
                if " " in alias or not alias.isascii():
                    claims.setdefault(fold(alias), set()).add(key)
        self._aliases = {
            alias: next(iter(keys)) for alias, keys in claims.items() if alias and len(keys) == 1
        }

    def id_of(self, name: str) -> str:
        """The id of the person credited as `name`, registered from now on."""
        found = self._ids.get(name)
        if found is None:
            found = person_id(name)
            if found not in self.facts:
                found = self._aliases.get(fold(name), found)
            self._ids[name] = found
            known = self.facts.get(found)
            self.names.setdefault(found, known.name if known else name)
        return found

    def ids_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The ids of several people, each once."""
        return tuple(dict.fromkeys(map(self.id_of, names)))
