"""The sentence encoder: what it consists of, and where it comes from (see CARD.md)."""

from __future__ import annotations

from pathlib import Path

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
FILES = {
    MODEL: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The files of a pretrained encoder's folder, and their SHA-256."""
NAME, VERSION = "encoder", 1
TUNED = Path(__file__).resolve().parent / "tuned"
"""The artefact with the layers that were tuned to intents."""
ANYONE = {"title": "the film", "person": "the actor"}
"""What the encoder reads for a name: it knows what names are about, and "who is in Memories of
Murder" asks for no plot."""
