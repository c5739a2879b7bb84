"""The pretrained sentence encoder: what it consists of, and where it comes from (see CARD.md)."""

from __future__ import annotations

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
FILES = {
    MODEL: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The files of an encoder's folder, and their SHA-256."""
