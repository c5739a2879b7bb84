"""Scores of other filters, by the interpreter of their own environment.

Reads a JSON list of texts from standard input, writes {name: [score]} to standard output.
"""

import json
import sys


def main() -> None:
    """Score with alt-profanity-check (a linear model) and better-profanity (a word list)."""
    from better_profanity import profanity
    from profanity_check import predict_prob

    texts = json.load(sys.stdin)
    profanity.load_censor_words()
    scores = {
        "alt-profanity-check": [float(score) for score in predict_prob(texts)],
        "better-profanity": [float(profanity.contains_profanity(text)) for text in texts],
    }
    json.dump(scores, sys.stdout)


if __name__ == "__main__":
    main()
