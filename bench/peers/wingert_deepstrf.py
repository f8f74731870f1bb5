"""Wingert et al. 2026 as deepSTRF loads it (written for 0.1.0).

    python wingert_deepstrf.py FOLDER dataset [--check]

FOLDER holds cell_list.csv and recordings.zip. deepSTRF reads an unpacked zip
only; unpacking takes a figure of its own. Prints figures as JSON; with --check the
sums of all stimuli and responses are among them.
"""

import json
import os
import sys
import tempfile
import time
import warnings
import zipfile

STARTED = time.perf_counter()

import torch
from deepSTRF.datasets.audio.wingert2026 import Wingert2026Dataset


def real_responses(dataset):
    """Responses of pairs that were presented: the others are the one NaN."""
    for row in dataset.responses:
        for response in row:
            if response.numel() > 1:
                yield response


def main(release, check):
    imported = time.perf_counter()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        cells = os.path.realpath(os.path.join(release, "cell_list.csv"))
        os.symlink(cells, os.path.join(folder, "cell_list.csv"))
        with zipfile.ZipFile(os.path.join(release, "recordings.zip")) as packed:
            packed.extractall(folder)
        unpacked = time.perf_counter()
        dataset = Wingert2026Dataset(folder)
        loaded = time.perf_counter()
        cpu = time.process_time()
    result = {
        "stimuli": len(dataset.stims),
        "cells": dataset.N_neurons,
        "responses": sum(1 for _ in real_responses(dataset)),
    }
    if check:
        result["sound"] = sum(float(s.double().sum()) for s in dataset.stims)
        result["spikes"] = sum(
            float(r.double().sum()) for r in real_responses(dataset)
        )
    print(json.dumps({
        "importSeconds": imported - STARTED,
        "unpackSeconds": unpacked - imported,
        "seconds": loaded - unpacked,
        "cpuSeconds": cpu,
        "versions": {"torch": torch.__version__},
        "result": result,
    }))


if __name__ == "__main__":
    main(sys.argv[1], "--check" in sys.argv)
