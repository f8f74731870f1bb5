"""Prints as JSON how numpy, safetensors or zarr reads a file.

    python interop.py FORMAT PATH

Lists name, SHA-256, shape, type and metadata of every array. Written for
numpy 2.4.6, safetensors 0.8.0 and zarr 3.1.6.
"""

import base64
import hashlib
import json
import sys

import numpy as np


def ndjson(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            head = json.loads(line)
            if head["type"] == "rest":
                continue
            data = head.pop("data")
            head.pop("end", None)
            if isinstance(data, str):
                values = np.frombuffer(base64.b64decode(data), "<f4")
            else:
                values = np.array(data, "<f4")
            shape = head.get("shape", [sum(head.get("lengths", []))])
            yield head, values.reshape(shape)


def npz(path):
    with np.load(path) as arrays:
        heads = map(json.loads, arrays["metadata.ndjson"].splitlines())
        for head in heads:
            if head["type"] != "rest":
                yield head, arrays[head["name"]]


def safetensors(path):
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as tensors:
        heads = tensors.metadata()
        for name in tensors.keys():
            head = json.loads(heads[name])
            assert head["name"] == name
            yield head, tensors.get_tensor(name)


def zarr(path):
    import zarr

    group = zarr.open_group(path, mode="r", use_consolidated=True)
    plain = zarr.open_group(path, mode="r", use_consolidated=False)
    assert sorted(plain["responses"]) == sorted(group["responses"])
    for part in ("stimuli", "responses"):
        for name, array in group[part].arrays():
            head = dict(array.attrs)
            assert head["name"] == f"{part}/{name}"
            yield head, array[...]


def described(head, values):
    return {
        "head": head,
        "sha256": hashlib.sha256(np.ascontiguousarray(values)).hexdigest(),
        "shape": list(values.shape),
        "dtype": values.dtype.str,
    }


READERS = {
    "NDJSON": ndjson,
    "NDJSON of numbers": ndjson,
    "NPZ": npz,
    "safetensors": safetensors,
    "Zarr": zarr,
}

if __name__ == "__main__":
    _, kind, path = sys.argv
    print(json.dumps([described(*array) for array in READERS[kind](path)]))
