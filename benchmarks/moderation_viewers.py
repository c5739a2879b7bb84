"""What viewers say to the bot: our own measured messages, and every title of the catalogue.

`data/moderation/measured.tsv` (text, category, language, set) is learned by nothing. Its sets:
"strong words" (harmless film talk), "quoted" (abuse reported or quoted, harmless) and the direct
abuse "beside quoted", "direct" (abuse, self-harm, spam).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.moderation.carriers import carry, catalogue_titles, place
from models.moderation.dataset import OWN
from models.moderation.evaluate import bar
from models.moderation.normalise import HAN
from models.moderation.predict import Moderator
from models.moderation.thresholds import FALSE_ALARMS

MEASURED = OWN / "measured.tsv"
CARRIERS = {
    False: (
        "have you got {}?",
        "where can I stream {} tonight",
        "I give {} four stars out of five",
        "tell me who's in {}",
        "anything along the lines of {}, please",
        "my sister keeps going on about {}, is it any good",
    ),
    True: (
        "《{}》在哪里看",
        "你们这儿能看{}不",
        "给{}打四星",
        "{}都有谁演",
        "类似{}的还有哪些",
        "同事老安利{}，值得看吗",
    ),
}
"""Questions around a title, none of them among the carriers that are learned."""


def measured(path: Path = MEASURED) -> list[dict[str, str]]:
    """The rows of `path`."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def report_measured(moderator: Moderator) -> dict[str, object]:
    """Print recall by category, false alarms and the confusion of quotation; return the bars."""
    rows = measured()
    verdicts = {row["text"]: moderator.check(row["text"]) for row in rows}
    print("\nour measured messages        flagged  of  with the right kind")
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        found = verdicts[row["text"]]
        count = counts.setdefault((row["set"], row["category"]), Counter())
        count["all"] += 1
        count["flagged"] += found.flagged
        count["right"] += found.category == row["category"]
    for (name, category), count in sorted(counts.items()):
        right = "" if category == "none" else f"{count['right']:6}"
        print(f"  {name:14}{category:12}{count['flagged']:6}{count['all']:6}{right}")
    for row in rows:
        if row["set"] == "strong words" and verdicts[row["text"]].flagged:
            print(f"    flagged: {verdicts[row['text']].reason} | {row['text']}")
    quoted = counts["quoted", "none"]
    direct = sum((c for (name, _), c in counts.items() if name == "beside quoted"), Counter())
    print(
        "  quotation confusion: "
        f"quoted {quoted['flagged']} flagged, {quoted['all'] - quoted['flagged']} passed; "
        f"direct {direct['flagged']} flagged, {direct['all'] - direct['flagged']} passed"
    )
    talk = counts["strong words", "none"]
    caught = sum((c for (name, _), c in counts.items() if name == "direct"), Counter())
    return {
        "measured_strong_words_flagged": bar(
            talk["flagged"] / talk["all"], FALSE_ALARMS, most=True
        ),
        "measured_quoted_flagged": bar(quoted["flagged"] / quoted["all"]),
        "measured_beside_quoted_recall": bar(direct["flagged"] / direct["all"]),
        "measured_direct_recall": bar(caught["flagged"] / caught["all"]),
    }


def report_titles(moderator: Moderator, database: Path) -> dict[str, object]:
    """Print how often each title in each of six carriers is flagged; return the bars.

    As known names (the way the bot asks) and as plain words; titles that were learned apart.
    """
    bars: dict[str, object] = {}
    for known in (True, False):
        told: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        examples: list[str] = []
        for title, carrier in _carried(database):
            text, spans = carry(carrier, title, known)
            count = told[place(title) == "test"]
            count["all"] += 1
            if moderator.check(text, spans).flagged:
                count["flagged"] += 1
                examples.append(text)
        every = told[True] + told[False]
        way = "known" if known else "plain"
        print(
            f"titles in six carriers, {way}: {every['flagged']} of {every['all']} flagged, "
            f"{told[True]['flagged']} of {told[True]['all']} of titles never learned {examples[:6]}"
        )
        share = told[True]["flagged"] / told[True]["all"]
        bars[f"false_alarms_titles_{way}"] = bar(share, FALSE_ALARMS, most=True)
    return bars


def _carried(database: Path) -> Iterator[tuple[str, str]]:
    for title in catalogue_titles(database):
        for carrier in CARRIERS[bool(re.search(f"[{HAN}]", title))]:
            yield title, carrier
