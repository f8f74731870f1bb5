"""The Wehr half of CRCNS AC1 as deepSTRF loads it (written for 0.1.0).

    python ac1_deepstrf.py FOLDER [PREFIX]

FOLDER holds the three zips. deepSTRF reads extracted archives only: its own
loader unpacks what is not yet unpacked, beside the zips; that takes a figure of
its own. Prints figures as JSON; with PREFIX, what was loaded goes to PREFIX.json
and PREFIX.f32, as bench/_arrays_file.ts describes them.
"""

import json
import sys
import time
import warnings

STARTED = time.perf_counter()

import numpy as np
import scipy
import torch
from deepSTRF.datasets.audio._crcns_ac1_native import ensure_extracted
from deepSTRF.datasets.audio.crcns_ac1 import CRCNSAC1Dataset


def is_missing(response):
    """A pair never presented is the one NaN."""
    return tuple(response.shape) == (1, 1) and bool(torch.isnan(response).all())


def write_arrays(prefix, dataset):
    arrays, offset = [], 0

    def listed(tensor):
        nonlocal offset
        array = np.ascontiguousarray(tensor.numpy(), np.float32)
        arrays.append(array.ravel())
        offset += array.size
        return {"shape": list(array.shape), "offset": offset - array.size}

    table = {
        "stims": [listed(stim) for stim in dataset.stims],
        "responses": [
            {"stim": s, "cell": n, **listed(response)}
            for s, row in enumerate(dataset.responses)
            for n, response in enumerate(row)
            if not is_missing(response)
        ],
        "cells": dataset.N_neurons,
        "tally": dataset._rejection_counter,
    }
    np.concatenate(arrays).tofile(prefix + ".f32")
    with open(prefix + ".json", "w") as file:
        json.dump(table, file)


def main(folder, prefix=None):
    imported = time.perf_counter()
    # It warns of what both loaders pass over.
    warnings.simplefilter("ignore")
    ensure_extracted(folder)
    unpacked = time.perf_counter()
    dataset = CRCNSAC1Dataset(folder, experimenter="wehr")
    loaded = time.perf_counter()
    cpu = time.process_time()
    if prefix:
        write_arrays(prefix, dataset)
    versions = {"scipy": scipy.__version__, "numpy": np.__version__}
    figures = {
        "importSeconds": imported - STARTED,
        "unpackSeconds": unpacked - imported,
        "seconds": loaded - unpacked,
        "cpuSeconds": cpu,
        "trials": sum(dataset._rejection_counter.values()),
        "versions": {**versions, "torch": torch.__version__},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
