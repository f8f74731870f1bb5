"""Validates NWB files with pynwb, inspects them, and prints what they hold.

Arguments: folders. Output: one JSON object per file, by its path: what pynwb reads,
and as `arrays` every dataset of numbers as h5py reads it.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np
import pynwb
from nwbinspector import inspect_nwbfile_object

warnings.simplefilter("ignore")


def numbers(data):
    """Shape, type and checksum of an array."""
    values = np.asarray(data)
    return {
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
    }


def series(item):
    made = {
        "type": type(item).__name__,
        "unit": item.unit,
        "conversion": float(item.conversion),
        "rate": float(item.rate),
        "start": float(item.starting_time),
        **numbers(item.data[()]),
    }
    if hasattr(item, "electrode"):
        made["stimulus"] = item.stimulus_description
        made["location"] = item.electrode.location
    return made


def plain(value):
    if hasattr(value, "timeseries"):
        return [int(value.idx_start), int(value.count), value.timeseries.name]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def table(item):
    rows = item.to_dataframe()
    return {name: [plain(value) for value in rows[name]] for name in rows}


def sweeps(item):
    """Rows of the table of intracellular recordings."""
    if item is None:
        return None
    return {
        "trial": [plain(value) for value in item["trial"][:]],
        "electrode": [e.name for e in item["electrodes"]["electrode"][:]],
        "stimulus": [plain(value) for value in item["stimuli"]["stimulus"][:]],
        "response": [
            plain(value) for value in item["responses"]["response"][:]
        ],
    }


def members(objects):
    found = {}
    for name, item in objects.items():
        if isinstance(item, pynwb.TimeSeries):
            found[name] = series(item)
        else:
            found[name] = table(item)
    return found


def content(nwb):
    return {
        "session": nwb.session_id,
        "start": nwb.session_start_time.isoformat(),
        "lab": nwb.lab,
        "species": nwb.subject.species,
        "subject": nwb.subject.subject_id,
        "acquisition": members(nwb.acquisition),
        "stimulus": members(nwb.stimulus),
        "processing": {
            name: members(module.data_interfaces)
            for name, module in nwb.processing.items()
        },
        "intervals": {
            name: table(item) for name, item in nwb.intervals.items()
        },
        "sweeps": sweeps(nwb.intracellular_recordings),
        "units": table(nwb.units) if nwb.units is not None else None,
    }


def faults(nwb):
    return sorted({
        f"{m.importance.name}: {m.check_function_name}: {m.message}"
        for m in inspect_nwbfile_object(nwbfile_object=nwb)
        if m.importance.name != "BEST_PRACTICE_SUGGESTION"
    })


def stored(path):
    """NWB's schema in a file, and its datasets of numbers, as h5py reads them."""
    schema, arrays = {}, {}

    def visit(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        if name.startswith("specifications/"):
            schema[name] = item.asstr()[()]
        elif item.dtype.kind in "iuf":
            arrays[name] = numbers(item[()])

    with h5py.File(path) as file:
        file.visititems(visit)
    return schema, arrays


found = {}
checked = None
for folder in sys.argv[1:]:
    for file in sorted(Path(folder).glob("*.nwb")):
        path = str(file)
        schema, arrays = stored(path)
        # To load a file's own schema takes 0.5 s; the same one is loaded once.
        is_checked = schema == checked
        errors = pynwb.validate(path=path, use_cached_namespaces=not is_checked)
        checked = schema
        with pynwb.NWBHDF5IO(path, "r", load_namespaces=not is_checked) as io:
            nwb = io.read()
            found[path] = {
                "errors": [str(error) for error in errors],
                "faults": faults(nwb),
                "arrays": arrays,
                **content(nwb),
            }
print(json.dumps(found))
