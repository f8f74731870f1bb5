"""Writes `src/nwb/schema.json`: the schema that pynwb 4.2.0 stores in its files.

Run: `$NWB_PYTHON tests/nwb/make_schema.py`
"""

import json
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import h5py
import pynwb

TARGET = Path(__file__).parents[2] / "src/nwb/schema.json"


def schema(path):
    """The texts below /specifications, by path."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item.asstr()[()]

    with h5py.File(path) as file:
        file["specifications"].visititems(visit)
    return found


start = datetime(2020, 1, 1, tzinfo=timezone.utc)
nwb = pynwb.NWBFile("any", "any", start)
# A table brings in hdmf-common.
nwb.add_trial(start_time=0.0, stop_time=1.0)
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/any.nwb"
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(nwb)
    TARGET.write_text(json.dumps(schema(path)))
