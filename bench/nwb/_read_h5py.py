"""Reads all traces of a file that `toNwb` wrote; prints seconds and sums as JSON."""

import json
import re
import sys
import time

import h5py
import numpy as np

start = time.perf_counter()
with h5py.File(sys.argv[1]) as file:
    traces = file["acquisition"]
    names = sorted(traces, key=lambda name: int(re.search(r"\d+", name)[0]))
    sums = [int(traces[name]["data"][()].sum(dtype=np.int64)) for name in names]
print(json.dumps({"seconds": time.perf_counter() - start, "sums": sums}))
