"""Genres, countries and languages under the one name that Usher uses for each."""

from __future__ import annotations

from collections.abc import Iterable

from bot.catalogue.title import GENRES

_GENRES: dict[str, tuple[str, ...]] = {
    **{genre.casefold(): (genre,) for genre in GENRES},
    "children's": ("Family",),
    "children": ("Family",),
    "kids": ("Family",),
    "biopic": ("Biography",),
    "martial arts": ("Martial-Arts",),
    "reality-tv": ("Reality",),
    "science fiction": ("Sci-Fi",),
    "scifi": ("Sci-Fi",),
    "sports": ("Sport",),
    "action & adventure": ("Action", "Adventure"),
    "sci-fi & fantasy": ("Sci-Fi", "Fantasy"),
    "war & politics": ("War",),
}

_COUNTRIES = {
    "people's republic of china": "China",
    "mainland china": "China",
    "british hong kong": "Hong Kong",
    "hong kong sar china": "Hong Kong",
    "macao": "Macau",
    "republic of china": "Taiwan",
    "taiwan island": "Taiwan",
    "taiwan, province of china": "Taiwan",
    "united states of america": "United States",
    "usa": "United States",
    "us": "United States",
    "uk": "United Kingdom",
    "great britain": "United Kingdom",
    "kingdom of great britain": "United Kingdom",
    "england": "United Kingdom",
    "scotland": "United Kingdom",
    "wales": "United Kingdom",
    "west germany": "Germany",
    "east germany": "Germany",
    "german democratic republic": "Germany",
    "korea": "South Korea",
    "republic of korea": "South Korea",
    "korea, republic of": "South Korea",
    "kingdom of the netherlands": "Netherlands",
    "the netherlands": "Netherlands",
    "kingdom of italy": "Italy",
    "czechia": "Czech Republic",
    "federal republic of yugoslavia": "Yugoslavia",
    "socialist federal republic of yugoslavia": "Yugoslavia",
    "occupied palestinian territory": "Palestine",
    "palestinian territories": "Palestine",
    "georgian ssr": "Soviet Union",
    "ussr": "Soviet Union",
    "the bahamas": "Bahamas",
    "türkiye": "Turkey",
    "viet nam": "Vietnam",
    "iran, islamic republic of": "Iran",
    "russian federation": "Russia",
    "uae": "United Arab Emirates",
}

_LANGUAGES = {
    "chinese": "Mandarin",
    "standard chinese": "Mandarin",
    "mandarin chinese": "Mandarin",
    "standard taiwanese mandarin": "Mandarin",
    "putonghua": "Mandarin",
    "yue chinese": "Cantonese",
    "wu chinese": "Shanghainese",
    "taiwanese hokkien": "Hokkien",
    "singaporean hokkien": "Hokkien",
    "min nan": "Hokkien",
    "hakka chinese": "Hakka",
    "modern greek": "Greek",
    "ancient greek": "Greek",
    "modern hebrew": "Hebrew",
    "bangla": "Bengali",
    "filipino": "Tagalog",
    "flemish": "Dutch",
    "flemish dutch": "Dutch",
    "farsi": "Persian",
    "dari": "Persian",
    "brazilian portuguese": "Portuguese",
    "quebec french": "French",
    "swiss german": "German",
    "american english": "English",
    "british english": "English",
    "australian english": "English",
    "australian aboriginal english": "English",
    "egyptian arabic": "Arabic",
    "moroccan arabic": "Arabic",
    "classical arabic": "Arabic",
    "norwegian bokmål": "Norwegian",
    "slovene": "Slovenian",
    "castilian": "Spanish",
    # ISO 639-1, and TMDB's own "cn"
    "en": "English",
    "zh": "Mandarin",
    "cn": "Cantonese",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "hi": "Hindi",
    "ru": "Russian",
    "pt": "Portuguese",
    "ar": "Arabic",
    "fa": "Persian",
    "he": "Hebrew",
    "tr": "Turkish",
    "pl": "Polish",
    "nl": "Dutch",
    "sv": "Swedish",
    "da": "Danish",
    "no": "Norwegian",
    "nb": "Norwegian",
    "fi": "Finnish",
    "is": "Icelandic",
    "cs": "Czech",
    "hu": "Hungarian",
    "ro": "Romanian",
    "el": "Greek",
    "th": "Thai",
    "vi": "Vietnamese",
    "id": "Indonesian",
    "tl": "Tagalog",
    "ta": "Tamil",
    "te": "Telugu",
    "ml": "Malayalam",
    "bn": "Bengali",
    "ur": "Urdu",
    "uk": "Ukrainian",
    "la": "Latin",
}
_NOT_LANGUAGES = {"multiple languages", "artistic language", "no linguistic content", "xx"}


def genres(words: Iterable[str]) -> tuple[str, ...]:
    """Canonical genres, in the order given; words that are no genre of ours are dropped."""
    return _unique(g for word in words for g in _GENRES.get(word.strip().casefold(), ()))


def countries(words: Iterable[str]) -> tuple[str, ...]:
    """Canonical countries, in the order given; a country we have no other name for is kept."""
    return _unique(_named(word, _COUNTRIES) for word in words)


def languages(words: Iterable[str], in_countries: Iterable[str] = ()) -> tuple[str, ...]:
    """Canonical languages, in the order given.

    Plain "Chinese" is Cantonese in a title of Hong Kong alone (`in_countries`, canonical).
    """
    only_hong_kong = tuple(in_countries) == ("Hong Kong",)
    return _unique(_language(word, only_hong_kong) for word in words)


def _language(word: str, only_hong_kong: bool) -> str:
    plain = word.strip().removesuffix(" language")
    if plain.casefold() in _NOT_LANGUAGES or plain.casefold() == "artistic":
        return ""
    if only_hong_kong and plain.casefold() == "chinese":
        return "Cantonese"
    return _named(plain, _LANGUAGES)


def _named(word: str, others: dict[str, str]) -> str:
    word = word.strip()
    return others.get(word.casefold(), word)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
