"""Reads a synthetic Wingert release with zipfile, tarfile, csv and h5py.

    python3 synthetic_wingert_reference.py DIR [--fit]

Prints JSON: what every recording holds, how its HDF5 is laid out, and with --fit
where a ridge regression finds the peak of each cell's receptive field.
Independent of the code under test. Written with Python 3.11, h5py 3.16.0 and
numpy 2.4.6; HDF5 reads every link and chunk through its own trees.
"""

import csv
import io
import json
import os
import sys
import tarfile
import zipfile

import h5py
import numpy as np

FS = 100
LAGS = 15
FIT_STIMULI = 40


def recordings(folder):
    with zipfile.ZipFile(os.path.join(folder, "recordings.zip")) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if not name.endswith(".tgz"):
                continue
            packed = io.BytesIO(archive.read(name))
            with tarfile.open(fileobj=packed, mode="r:gz") as tar:
                members = [(m, tar.extractfile(m).read()) for m in tar]
            yield name.split("/")[1], members


def layout(file):
    sets = {}
    for name, data in file.items():
        assert data.dtype == np.dtype("<f8"), data.dtype
        assert data.compression == "gzip" and data.compression_opts == 4
        assert not data.shuffle and not data.fletcher32 and not data.attrs
        stored = data.id.get_num_chunks()
        sets[name] = [list(data.shape), list(data.chunks), stored]
    return {
        "superblock": file.id.get_create_plist().get_version()[0],
        "sets": sets,
        "inOrder": list(file) == sorted(file),
    }


def lagged(sound, bins):
    """Levels (15 lags, 32 bands) before every bin that is off the silences."""
    out = np.zeros((LAGS, 32, bins))
    for lag in range(LAGS):
        out[lag, :, lag:] = sound[:, :bins - lag]
    return out[:, :, 100 + LAGS:bins - 100].reshape(LAGS * 32, -1)


def peaks(stim, resp, epochs):
    """Ridge regression of counts on lagged levels; where its weights peak."""
    cells = [cell for cell, times in resp.items() if len(times) > 0]
    trains = [
        np.bincount(np.floor(resp[cell] * FS).astype(int), minlength=10**6)
        for cell in cells
    ]
    gram = np.zeros((LAGS * 32, LAGS * 32))
    cross = np.zeros((LAGS * 32, len(cells)))
    level, count, total = np.zeros(LAGS * 32), np.zeros(len(cells)), 0
    # Whole presentations of the first stimuli: validation ones sort first.
    for name in sorted(stim)[:FIT_STIMULI]:
        bins = stim[name].shape[1]
        starts = [
            int(np.rint(start * FS))
            for played, start, end in epochs
            if played == name and end - start > bins / FS - 0.01
        ]
        if not starts:
            continue
        x = lagged(stim[name], bins)
        slices = [slice(at + 100 + LAGS, at + bins - 100) for at in starts]
        y = np.array([[t[s] for s in slices] for t in trains], float).sum(axis=1)
        gram += len(starts) * x @ x.T
        cross += x @ y.T
        level += len(starts) * x.sum(axis=1)
        count += y.sum(axis=1)
        total += len(starts) * x.shape[1]
    gram -= np.outer(level, level) / total
    cross -= np.outer(level, count) / total
    gram += 0.01 * np.trace(gram) / len(gram) * np.eye(len(gram))
    best = np.argmax(np.linalg.solve(gram, cross), axis=0)
    return {cell: [int(at % 32), int(at // 32)] for cell, at in zip(cells, best)}


def describe(members, fit):
    files = {member.name.split(".", 1)[1]: body for member, body in members}
    chans = json.loads(files["resp.json"])["chans"]
    assert json.loads(files["stim.json"])["chans"] is None
    assert files["resp.epoch.csv"] == files["stim.epoch.csv"]
    rows = list(csv.reader(io.StringIO(files["resp.epoch.csv"].decode())))
    assert rows[0] == ["name", "start", "end"]
    epochs = [(n, float(s), float(e)) for n, s, e in rows[1:] if n[:5] == "STIM_"]
    out = {
        "members": [member.name for member, _ in members],
        "pax": all("mtime" in member.pax_headers for member, _ in members),
        "chans": chans,
        "epochs": epochs,
        "spikes": {},
    }
    loaded = {}
    for kind in "resp", "stim":
        with h5py.File(io.BytesIO(files[f"{kind}.h5"]), "r") as file:
            out[kind] = layout(file)
            loaded[kind] = {name: file[name][()] for name in file}
    for name, sound in loaded["stim"].items():
        assert sound.min() >= 0 and np.isfinite(sound).all(), name
        assert not sound[:, :100].any() and not sound[:, -100:].any(), name
        assert sound[:, 100:-100].mean() > 0.5, name
    for cell, times in loaded["resp"].items():
        assert (np.diff(times) >= 0).all(), cell
        assert np.allclose(times * 30000, np.rint(times * 30000)), cell
        out["spikes"][cell] = len(times)
    if fit:
        out["peaks"] = peaks(loaded["stim"], loaded["resp"], epochs)
    return out


def main(folder, fit):
    with open(os.path.join(folder, "cell_list.csv"), newline="") as file:
        cells = list(csv.DictReader(file))
    assert any("\n" in cell["mwf"] for cell in cells)
    keys = ("cellid", "siteid", "area", "layer", "sw", "narrow", "goodpred")
    print(json.dumps({
        "cells": [{key: cell[key] for key in keys} for cell in cells],
        "columns": len(cells[0]),
        "archives": {n: describe(m, fit) for n, m in recordings(folder)},
    }))


if __name__ == "__main__":
    main(sys.argv[1], "--fit" in sys.argv)
