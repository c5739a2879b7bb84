"""Vectors of English sentences by all-MiniLM-L6-v2 (Reimers, Gurevych 2019, arXiv:1908.10084)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from models.artefact import ArtefactError
from models.encoder import FILES, MODEL, TOKENIZER

DIMENSIONS = 384
LONGEST = 64
"""Tokens that are read; what somebody wants is plain from fewer."""
_ENTRY = ("input_ids", "attention_mask", "token_type_ids")


class Encoder:
    """Turns a text into a vector; texts that mean the same lie close to each other."""

    def __init__(self, tokenizer: Any, session: Any) -> None:
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Load the encoder whose `FILES` lie in `folder`.

        Raises:
            ArtefactError: a file is missing, or is not the one that is meant.
        """
        for name, sha256 in FILES.items():
            try:
                found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            except OSError as error:
                raise ArtefactError(
                    f"no sentence encoder in {folder} ({error.strerror}): run `make run` again"
                ) from None
            if found != sha256:
                raise ArtefactError(f"{folder / name} is damaged: delete it and run `make run`")
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        options = SessionOptions()
        # Sentences come one at a time, and other requests want the other cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return cls(tokenizer, InferenceSession(str(folder / MODEL), options))

    def has_word(self, word: str) -> bool:
        """Whether the vocabulary (30,522 of the most frequent) has the whole of a small word."""
        return self._tokenizer.token_to_id(word) is not None

    def vector(self, text: str) -> np.ndarray:
        """The mean of the tokens' states, shape (384,), of length 1."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = dict(zip(_ENTRY, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
        mean = self._session.run(None, given)[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
