"""Notes what SciPy reads out of the writer's files, as tests/fixtures/mat_writer/scipy.json.

    python3 mat_writer_reference.py tests/fixtures/mat_writer

Written with Python 3.11, NumPy 1.24.2 and SciPy 1.10.1. The .mat files are the
writer's own, the JSON is SciPy's: a byte that the writer changes shows as a
difference to the files, a wrong one as a difference to the JSON.
"""

import json
import pathlib
import sys

import numpy as np
import scipy.io


def plain(value):
    if value.dtype.names is not None:
        names = value.dtype.names
        elements = [{n: plain(e[n]) for n in names} for e in value.ravel("F")]
        return {"structs": elements, "dims": list(value.shape)}
    if value.dtype == object:
        return {"cells": [plain(e) for e in value.ravel("F")], "dims": list(value.shape)}
    if value.dtype.kind == "U":
        return {"text": [str(t) for t in value.ravel()]}
    return {
        "stored": value.dtype.newbyteorder("=").name,
        "values": [v.item() for v in value.ravel("F")],
        "dims": list(value.shape),
    }


folder = pathlib.Path(sys.argv[1])
out = {}
for path in sorted(folder.glob("*.mat")):
    mat = scipy.io.loadmat(path, chars_as_strings=True)
    classes = {name: kind for name, _, kind in scipy.io.whosmat(path)}
    out[path.stem] = {
        "header": mat["__header__"].decode(),
        "classes": classes,
        "values": {k: plain(v) for k, v in mat.items() if not k.startswith("__")},
    }
(folder / "scipy.json").write_text(json.dumps(out, indent=1) + "\n")
