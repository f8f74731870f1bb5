"""Reads files that hold ramps with h5py: `k / 30000 + i` in dataset number i.

    python3 wingert_synthetic_hdf5_reference.py FILE...

Prints per file the datasets as [shape, chunks, chunks that h5py would take].
Written with Python 3.11, h5py 3.16.0 and numpy 2.4.6.
"""

import json
import sys

import h5py
import numpy as np
from h5py._hl.filters import guess_chunk


def read(path):
    found = {}
    with h5py.File(path, "r") as file:
        for name in file:
            data = file[name]
            ramp = np.arange(data.size) / 30000 + int(name.split("-")[1])
            assert (data[()].ravel() == ramp).all(), name
            wanted = guess_chunk(data.shape, data.shape, 8)
            found[name] = [data.shape, data.chunks, wanted]
    return found


print(json.dumps([read(path) for path in sys.argv[1:]]))
