"""Writes NWB files in many layouts, and what h5py and pynwb read in them.

Run: `$NWB_PYTHON tests/nwb/make_variants.py [FOLDER]`

Default folder: `tests/fixtures/nwb`. Each variant is `<name>.nwb`, its values
are `<name>.json`: `hdf5` as h5py reads it, `nwb` as pynwb does, `sessions` the
presentations that a reader makes of it (see `variants/sessions.py`).
With `--large PATH`: one file of 50 MB, for reads of parts.
"""

import json
import random
import sys
import uuid
import warnings
from pathlib import Path

import h5py
import hdmf.container
import pynwb

from variants import edited, series, tables  # noqa: F401  register theirs
from variants.base import VARIANTS, new_file
from variants.describe import hdf5, nwb
from variants.large import write_large
from variants.sessions import expected_sessions

FOLDER = Path(__file__).parents[1] / "fixtures/nwb"


def seed_ids(name):
    """Makes the ids of objects the same in every run."""
    numbers = random.Random(name)
    hdmf.container.uuid4 = lambda: uuid.UUID(
        int=numbers.getrandbits(128), version=4
    )


def write(name, variant, path):
    seed_ids(name)
    made = new_file(name)
    variant.make(made)
    with h5py.File(path, "w", **variant.file) as file:
        with pynwb.NWBHDF5IO(file=file, mode="w") as io:
            # The schema would be 180 KB of each file.
            io.write(made, cache_spec=False)
    if variant.edit is None:
        return
    with h5py.File(path, "r+") as file:
        variant.edit(file)


def expected(variant, path):
    found = {"hdf5": hdf5(path)}
    if variant.reads:
        found["nwb"] = nwb(path)
    found["sessions"] = [expected_sessions(path, of) for of in variant.sessions]
    return found


def main(arguments):
    warnings.simplefilter("ignore")
    if arguments[:1] == ["--large"]:
        seed_ids("large")
        write_large(arguments[1])
        return
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, variant in VARIANTS.items():
        path = folder / f"{name}.nwb"
        write(name, variant, path)
        values = json.dumps(expected(variant, path), separators=(",", ":"))
        path.with_suffix(".json").write_text(values + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
