"""Prints how well personal data is masked: `python -m tests.store.redaction`.

A seeded corpus of made-up personal data in both languages, and harmless sentences full of numbers.
Ends in one JSON line: {"redaction": {"examples", "recall", "kinds", "harmless", "false_masks"}}.
"""

from __future__ import annotations

import json
import sys

from bot.store.privacy import mask

from .personal_data import PHONES, harmless, personal


def main() -> int:
    """Print the figures; 1 when they are below what is promised (0.98, 0.1 %)."""
    examples = personal()
    kinds: dict[str, list[bool]] = {}
    for each in examples:
        kinds.setdefault(each.kind, []).append(each.secret not in mask(each.text))
    sentences = harmless()
    changed = [each for each in sentences if mask(each) != each]
    recall = sum(map(sum, kinds.values())) / len(examples)
    print(f"{'kind':12}{'examples':>10}{'recall':>9}")
    for kind, hits in sorted(kinds.items()):
        print(f"{kind:12}{len(hits):>10}{sum(hits) / len(hits):>9.3f}")
    print(f"telephones of {len(PHONES)} countries: {', '.join(PHONES)}")
    print(f"harmless: {len(sentences):,} sentences, {len(changed)} changed {changed[:5]}")
    figures = {
        "examples": len(examples),
        "recall": round(recall, 4),
        "kinds": {kind: round(sum(hits) / len(hits), 4) for kind, hits in sorted(kinds.items())},
        "harmless": len(sentences),
        "false_masks": round(len(changed) / len(sentences), 5),
    }
    print(json.dumps({"redaction": figures}))
    return int(recall < 0.98 or figures["false_masks"] > 0.001)


if __name__ == "__main__":
    sys.exit(main())
