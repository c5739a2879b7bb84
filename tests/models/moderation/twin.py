"""The same weights in the Keras network, for comparison."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.moderation.scorer import Scorer


def keras_logits(scorer: Scorer, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Logits and errors of the Keras network loaded with the weights of `scorer`."""
    from models.moderation.network import FOLDED, AutoencoderHead
    from models.moderation.scorer import fold
    from models.moderation.train import sparse_tensor

    found = scorer.hasher.occurrences([scorer.hasher.tokens(text) for text in texts])
    vectors = scorer.vectors(scorer.hasher.counts(found))
    network = AutoencoderHead()
    network.restore(scorer.weights)
    outputs, kinds, errors = network((sparse_tensor(vectors), sparse_tensor(fold(vectors, FOLDED))))
    return {"outputs": outputs.numpy(), "kinds": kinds.numpy(), "errors": errors.numpy()}
