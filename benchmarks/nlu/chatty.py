"""Chinese messages that lead up to a question with much else: is the question heard?

`chatty_questions.tsv` (the right intent, the message) is written for this and learned by nothing;
what a question at the end counts (`bot/nlu/intent_classifier.py`) was chosen with it in view.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.nlu.measures import share
from benchmarks.nlu.report import Report
from benchmarks.nlu.understanding import Assistant, intent

FILE = Path(__file__).parent / "chatty_questions.tsv"


def measure(report: Report, assistant: Assistant, path: Path = FILE) -> None:
    """Print the share of messages whose question is heard."""
    if not path.exists():
        report.skip(f"chatty questions: {path} is not there")
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.partition("\t")[::2] for line in lines if line]
    said = [intent(parsed) for parsed in assistant.parse([text for _, text in rows])]
    right = share(found == label for found, (label, _) in zip(said, rows, strict=True))
    report.title(f"{len(rows)} messages with a question at their end")
    report.value("chatty_questions_right", "right", right)
    for found, (label, text) in zip(said, rows, strict=True):
        if found != label:
            report.mistake("chatty", f"{label} → {found}", text)
