"""The recurrent part in NumPy: equal to `network.Network` to 1e-5 (a test holds it to that)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class Recurrent:
    """Hashed features of one text in, the heads' logits out."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take the weights that `network.Network.export` gives; others are left alone.

        Both GRUs are laid side by side, so that one step of both is one product. Gates are
        ordered z, r, h as in Keras; within a gate first forward, then backward. All that enters
        a gate is halved here, since a logistic curve is 0.5 + 0.5 · tanh(x / 2): in NumPy tanh
        is the quicker way to it, and cannot overflow.
        """
        self._table = arrays["table"].astype(np.float32)
        # Padding adds nothing to a token's sum.
        self._table[0] = 0
        self._attention = arrays["attention"].astype(np.float32)
        self._heads = {
            name.removesuffix(".kernel"): (
                arrays[name].astype(np.float32),
                arrays[name.removesuffix("kernel") + "bias"].astype(np.float32),
            )
            for name in arrays
            if name.endswith(".kernel") and not name.startswith(("forward.", "backward."))
        }
        self._kernels = {
            side: (arrays[f"{side}.kernel"].astype(np.float32), arrays[f"{side}.bias"][0])
            for side in ("forward", "backward")
        }
        units = arrays["forward.recurrent"].shape[0]
        self._units = units
        self._recurrent = np.zeros((2 * units, 6 * units), np.float32)
        self._inner = np.zeros(6 * units, np.float32)
        for number, side in enumerate(("forward", "backward")):
            for gate in range(3):
                source = slice(gate * units, (gate + 1) * units)
                target = slice((2 * gate + number) * units, (2 * gate + number + 1) * units)
                rows = slice(number * units, (number + 1) * units)
                self._recurrent[rows, target] = arrays[f"{side}.recurrent"][:, source]
                self._inner[target] = arrays[f"{side}.bias"][1, source]
        self._recurrent *= 0.5
        self._inner *= 0.5

    def logits(self, ids: np.ndarray) -> dict[str, np.ndarray]:
        """Raw outputs by head for one encoded text, int32 (tokens, WIDTH)."""
        body = self.body(ids)
        return {name: body @ kernel + bias for name, (kernel, bias) in self._heads.items()}

    def body(self, ids: np.ndarray) -> np.ndarray:
        """What the heads read: highest and attended states and mean input, (4 · units + n,)."""
        present = (ids > 0).sum(axis=1, keepdims=True)
        vectors = self._table[ids].sum(axis=1) / np.maximum(present, 1).astype(np.float32)
        states = self._states(vectors)
        score = (states @ self._attention)[:, 0]
        share = np.exp(score - score.max())
        share /= share.sum()
        return np.concatenate([states.max(axis=0), share @ states, vectors.mean(axis=0)])

    def _states(self, vectors: np.ndarray) -> np.ndarray:
        """Hidden states of both directions, (tokens, 2 · units)."""
        units, count = self._units, len(vectors)
        inputs = np.empty((count, 3, 2, units), np.float32)
        for number, side in enumerate(("forward", "backward")):
            kernel, bias = self._kernels[side]
            ordered = vectors if number == 0 else vectors[::-1]
            inputs[:, :, number, :] = (ordered @ kernel + bias).reshape(count, 3, units)
        both = 2 * units
        flat = inputs.reshape(count, 6 * units)
        gates = 0.5 * flat[:, : 2 * both] + self._inner[: 2 * both]
        fresh = flat[:, 2 * both :]
        bias = self._inner[2 * both :]
        state = np.zeros(both, np.float32)
        states = np.empty((count, both), np.float32)
        memory = np.empty(6 * units, np.float32)
        for step in range(count):
            np.dot(state, self._recurrent, out=memory)
            # 1 + tanh is twice a gate's value; what it multiplies is halved.
            gate = np.tanh(gates[step] + memory[: 2 * both])
            gate += 1.0
            candidate = memory[2 * both :] + bias
            candidate *= gate[both:]
            candidate += fresh[step]
            np.tanh(candidate, out=candidate)
            state = state - candidate
            state *= gate[:both]
            state *= 0.5
            state += candidate
            states[step] = state
        states[:, units:] = states[::-1, units:].copy()
        return states
