"""Linear STRFs by deepSTRF (written for 0.1.0) on tensors of rxephys.

    python linear_deepstrf.py CELLS.json VALUES.f32 LAGS

`bench/linear_peer.ts` writes both files. Fits each cell with deepSTRF's `Linear`
and `Fitter` at their defaults, on stimuli scaled as `standardize_stims` does,
and prints JSON: the test cc_norm of each cell, the mean, and the seconds that the
fits took.
"""

import json
import sys
import time
import warnings

import numpy as np
import torch
from deepSTRF.models.audio import Linear
from deepSTRF.training import Fitter
from torch.utils.data import DataLoader


def main(cells_path, values_path, lags):
    warnings.simplefilter("ignore")
    with open(cells_path) as file:
        table = json.load(file)
    values = torch.from_numpy(np.fromfile(values_path, np.float32))

    def tensor(entry):
        size = int(np.prod(entry["shape"]))
        return values[entry["offset"] : entry["offset"] + size].reshape(entry["shape"])

    scores, started = {}, time.perf_counter()
    for cell in table:
        torch.manual_seed(0)
        pairs = {
            use: [(tensor(pair["stim"]), tensor(pair["response"])) for pair in cell[use]]
            for use in ("train", "val", "test")
        }
        levels = torch.cat([stim for stim, _ in pairs["train"]], -1)
        mean, std = levels.mean(-1, keepdim=True), levels.std(-1, keepdim=True)

        def loader(use, shuffle=False):
            items = [
                {"stims": (s - mean) / std, "responses": [r]}
                for s, r in pairs[use]
            ]
            return DataLoader(items, 1, shuffle=shuffle, collate_fn=collate)

        model = Linear(mean.shape[1], lags, 1)
        fitter = Fitter(
            model,
            loader("train", shuffle=True),
            loader("val"),
            max_epochs=300,
            ckpt_path=f"{cells_path}.pt",
            log_fn=lambda _: None,
        )
        fitter.fit()
        score = fitter.evaluate(loader("test"))["cc_norm"]
        scores[cell["label"]] = float(score[0])
    seconds = time.perf_counter() - started
    mean_score = float(np.nanmean(list(scores.values())))
    print(json.dumps({"scores": scores, "mean": mean_score, "seconds": seconds}))


def collate(items):
    """Batches of one stimulus: nothing is padded."""
    (item,) = items
    (response,) = item["responses"]
    return {"stims": item["stims"][None], "responses": response[None, None]}


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
