"""Vectors of English sentences by all-MiniLM-L6-v2 (Reimers, Gurevych 2019, arXiv:1908.10084), its
last layers tuned to intents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models import artefact
from models.artefact import ArtefactError
from models.encoder import FILES, MODEL, NAME, TOKENIZER, TUNED, VERSION, onnx_file

DIMENSIONS = 384
LONGEST = 64
"""Tokens that are read; what somebody wants is plain from fewer."""
_ENTRY = ("input_ids", "attention_mask", "token_type_ids")


class Encoder:
    """Turns a text into a vector; texts that want the same lie close to each other."""

    def __init__(self, tokenizer: Any, session: Any) -> None:
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def load(cls, folder: Path, tuned: Path | None = TUNED) -> Encoder:
        """Load the encoder whose `FILES` lie in `folder`, with the layers of the artefact `tuned`;
        without one it is as it was pretrained.

        Raises:
            ArtefactError: a file is missing, or is not the one that is meant.
        """
        arrays = {} if tuned is None else artefact.load(tuned, NAME, VERSION).arrays
        return cls.with_layers(folder, arrays)

    @classmethod
    def with_layers(cls, folder: Path, arrays: Mapping[str, np.ndarray]) -> Encoder:
        """The encoder in `folder` with `arrays` instead of those of the same names.

        Raises:
            ArtefactError: as `load`; or the arrays are not the encoder's.
        """
        model = checked(folder, MODEL)
        checked(folder, TOKENIZER)
        from onnxruntime import InferenceSession, SessionOptions

        try:
            model = onnx_file.changed(model, arrays)
        except ValueError as error:
            raise ArtefactError(f"the tuned layers are not this encoder's: {error}") from None
        options = SessionOptions()
        # Sentences come one at a time, and other requests want the other cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return cls(tokenizer(folder), InferenceSession(model, options))

    def has_word(self, word: str) -> bool:
        """Whether the vocabulary (30,522 of the most frequent) has the whole of a small word."""
        return self._tokenizer.token_to_id(word) is not None

    def vector(self, text: str) -> np.ndarray:
        """The mean of the tokens' states, shape (384,), of length 1."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = dict(zip(_ENTRY, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
        mean = self._session.run(None, given)[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def checked(folder: Path, name: str) -> bytes:
    """The content of one of the `FILES` in `folder`.

    Raises:
        ArtefactError: it is missing, or is not the one that is meant.
    """
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ArtefactError(
            f"no sentence encoder in {folder} ({error.strerror}): run `make run` again"
        ) from None
    if hashlib.sha256(content).hexdigest() != FILES[name]:
        raise ArtefactError(f"{folder / name} is damaged: delete it and run `make run`")
    return content


def tokenizer(folder: Path) -> Any:
    """The tokenizer (of the package `tokenizers`) of the encoder in `folder`."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(folder / TOKENIZER))
    made.no_padding()
    made.enable_truncation(LONGEST)
    return made
