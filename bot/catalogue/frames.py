"""Titles told by the words around them, whatever they are: "who directed splatter disco".

What is spoken or typed in a hurry has no capitals and no quotation marks; what stands in these
frames is a title all the same, be it an ordinary word ("what is hunger about") or a name that the
catalogue does not have.
"""

from __future__ import annotations

import re

_FILM = r"(?:movie|film|flick|show|tv\s+show|series|sitcom|documentary|musical)"
_THE_FILM = rf"(?:the\s+)?{_FILM}\s+(?:called\s+|titled\s+|named\s+)?"
_NAME = r"(?P<name>[^?!;,()\"]{2,60}?)"
_END = r"(?=\s*(?:$|[?!;,.(]))"
# What is about one title alone.
_TITLE_FRAMES = [
    re.compile(frame)
    for frame in (
        rf"\bwho(?:'s|s|\s+all|\s+else)?\s+(?:directed|directs|stars\s+in|starred\s+in|star\s+in|acts\s+in|acted\s+in"
        rf"|plays\s+in|played\s+in|starring\s+in)\s+(?:{_THE_FILM})?{_NAME}{_END}",
        rf"^\W*(?:(?:ok|okay|so|and|hey)\s+)?(?:tell\s+me\s+)?what(?:'s|s|\s+is|\s+was)\s+(?P<kind>{_THE_FILM})?{_NAME}"
        rf"\s+(?:all\s+)?about{_END}",
        rf"\bwhat\s+{_THE_FILM}{_NAME}\s+is\s+about{_END}",
        rf"\b{_FILM}\s+(?:called|titled|named|entitled|by\s+the\s+name\s+of|having\s+the\s+title|with\s+the\s+title)"
        rf"\s+{_NAME}{_END}",
        rf"\bwhat\s+(?:(?:movie|film)\s+)?(?:genre|(?:kind|type|sort)\s+of\s+(?:movie|film|show))\s+(?:is|was)"
        rf"\s+(?:{_THE_FILM})?{_NAME}{_END}",
        rf"\b(?:when|what\s+year)\s+(?:did|was|does|is|will)\s+(?:{_THE_FILM})?{_NAME}"
        rf"\s+(?:come\s+out|coming\s+out|(?:get\s+)?released|out\s+in\s+(?:cinemas|theaters)){_END}",
        rf"\b(?:plot|cast|director|synopsis|trailer|ending|storyline|runtime"
        rf"|reviews|soundtrack|theme\s+song)\s+(?:of|for|from)\s+(?:{_THE_FILM})?{_NAME}{_END}",
        rf"\b(?:mpaa\s+|average\s+|age\s+|viewers'?\s+)?rating\s+for\s+(?:{_THE_FILM})?{_NAME}{_END}",
        rf"\b(?:info|information|details)\s+(?:on|about)\s+{_THE_FILM}{_NAME}{_END}",
        rf"\b(?:about|in|of|is|was|was\s+in|from|see|seen|watch)\s+the\s+{_FILM}\s+{_NAME}{_END}",
    )
]
_CUT = re.compile(
    r"\s+(?:with|starring|directed\s+by|that|which|where|when|while|because|but|so|if|again|please|pls|plz|thanks|btw|by\s+the"
    r"\s+way|for\s+me|then|too|and\s+(?:who|what|when|how|is|was|also|add)|in\s+(?:it|general|\d{4})"
    r"|from\s+(?:the\s+)?\d\d+s?|on\s+(?:netflix|tv|dvd|my)|(?:funny|any\s+good|good|worth|suitable|an?\s+good)"
    r"|based\s+on)\b.*$"
)
_KIND_AFTER = re.compile(r"\s+(?:movies?|films?|flicks?|pictures?|shows?|series)$")
_NO_SINGLE = re.compile(r"an?\s|(?:the\s+)?(?:first|second|third|next|last|latest|new|only|best)\s")
_ARTICLE = re.compile(r"(?:the|an?)\s+")
# What stands beside a title and makes no other title of it: "the new Dune".
_DESCRIBES = re.compile(
    r"\b(?:the|an?|s|movies?|films?|shows?|series|trilogy|saga|franchise|remake|reboot|sequels?|prequels?|version"
    r"|edition|ones?|original|new|old|latest|first|last|second|third|next|classic|animated|live|action|tv|us|uk|bbc"
    r"|\d{4})\b|\W"
)
_MOST_WORDS = 9

Span = tuple[int, int]


def framed_title(text: str) -> Span | None:
    """The span of what must be a title by the words around it, without an article before it."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):
        return None
    for frame in _TITLE_FRAMES:
        for match in frame.finditer(lowered):
            said = _CUT.sub("", match["name"]).rstrip(" .'-:&")
            kind = _KIND_AFTER.search(said)
            if kind and _NO_SINGLE.match(said):
                continue  # "the trailer of a superhero flick"
            said = said[: kind.start()] if kind else said
            article = _ARTICLE.match(said)
            bare = said[article.end() :] if article else said
            named = "kind" not in frame.groupindex or match["kind"]
            if article and " " not in bare and not named:
                continue  # "what is the meeting about"
            if len(bare) > 1 and len(bare.split()) <= _MOST_WORDS:
                end = match.start("name") + len(said)
                return end - len(bare), end
    return None


def only_describes(said: str) -> bool:
    """Whether `said`, beside a title, tells more of the same title."""
    return not _DESCRIBES.sub("", said.lower())


def is_framed(text: str, start: int, end: int, frame: Span | None) -> bool:
    """Whether `text[start:end]` is what `frame` holds, described at most."""
    if frame is None or end != frame[1]:
        return False
    return start >= frame[0] and only_describes(text[frame[0] : start])
