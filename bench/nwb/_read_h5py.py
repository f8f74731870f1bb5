"""Reads all traces of a file that `toNwb` wrote; prints its figures as JSON."""

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
seconds = time.perf_counter() - start
with open("/proc/self/status") as status:
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]
peak = 1024 * int(kilobytes)
print(json.dumps({"seconds": seconds, "peakRss": peak, "sums": sums}))
