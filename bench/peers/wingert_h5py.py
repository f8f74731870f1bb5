"""A plain loader of Wingert et al. 2026: zipfile, tarfile, h5py and numpy.

    python3 wingert_h5py.py FOLDER dataset|ndjson [--check]

What a lab would write: one recording after the other, each whole in memory, its
HDF5 files opened there. Prints the figures of a run as JSON. With --check the
sums of all stimuli and responses are among them. Written with Python 3.11, h5py
3.16 and numpy 2.4; runs with numpy 1.24.
"""

import base64
import csv
import io
import json
import os
import resource
import sys
import tarfile
import tempfile
import time
import zipfile

import h5py
import numpy as np

FS = 100
AREAS = ("A1", "PEG", "AC", "HC")
SENTINEL = np.full((1, 1), np.nan, np.float32)


def read_cells(folder):
    with open(os.path.join(folder, "cell_list.csv"), newline="") as file:
        return [row for row in csv.DictReader(file) if row["area"] in AREAS]


def read_recordings(folder):
    """Session, files by suffix: of each session the archive of its own name."""
    with zipfile.ZipFile(os.path.join(folder, "recordings.zip")) as archive:
        seen = set()
        names = [n for n in archive.namelist() if n.endswith(".tgz")]
        for name in sorted(names):
            packed = io.BytesIO(archive.read(name))
            with tarfile.open(fileobj=packed, mode="r:gz") as tar:
                files = {
                    member.name.split(".", 1)[1]: tar.extractfile(member).read()
                    for member in tar
                    if member.isfile()
                }
            chans = json.loads(files["resp.json"])["chans"]
            session = chans[0].split("-")[0]
            if session not in seen:
                seen.add(session)
                yield session, chans, files


def read_datasets(content, wanted=None, dtype=None):
    with h5py.File(io.BytesIO(content), "r") as file:
        return {
            name: np.asarray(file[name][()], dtype)
            for name in file
            if wanted is None or name in wanted
        }


def read_epochs(content):
    epochs = {}
    for row in csv.DictReader(io.StringIO(content.decode())):
        if row["name"].startswith("STIM_"):
            span = float(row["start"]), float(row["end"])
            epochs.setdefault(row["name"], []).append(span)
    return epochs


def raster(times, spans, bins):
    """Spike counts (R, T); times ascend."""
    out = np.zeros((len(spans), bins), np.float32)
    for repeat, (start, end) in zip(out, spans):
        inside = times[np.searchsorted(times, start):np.searchsorted(times, end)]
        at = np.floor(inside * FS).astype(int) - int(np.rint(start * FS))
        at = at[(at >= 0) & (at < bins)]
        repeat += np.bincount(at, minlength=bins)
    return out


def load_session(chans, files, cells):
    """Per stimulus: name, (1, 32, T) and a response or None per cell."""
    ids = {cell["cellid"] for cell in cells}
    trains = read_datasets(files["resp.h5"], ids)
    trains = {name: np.sort(times) for name, times in trains.items()}
    epochs = read_epochs(files["resp.epoch.csv"])
    for name, stim in read_datasets(files["stim.h5"], None, np.float32).items():
        spans = epochs.get(name, [])
        yield name, stim[np.newaxis], [
            raster(trains[cell["cellid"]], spans, stim.shape[1])
            if spans and cell["cellid"] in trains
            else None
            for cell in cells
        ]


class Dataset:
    """Everything in memory, pairs never presented the one sentinel."""

    def __init__(self, cells):
        self.number = {cell["cellid"]: i for i, cell in enumerate(cells)}
        self.stims, self.responses = [], []

    def add(self, session, name, stim, cells, responses):
        row = [SENTINEL] * len(self.number)
        for cell, response in zip(cells, responses):
            if response is not None:
                row[self.number[cell["cellid"]]] = response
        self.stims.append(stim)
        self.responses.append(row)

    def result(self, check):
        real = [r for row in self.responses for r in row if r is not SENTINEL]
        counts = {
            "stimuli": len(self.stims),
            "cells": len(self.number),
            "responses": len(real),
        }
        if check:
            counts["sound"] = sum(float(s.sum(dtype=float)) for s in self.stims)
            counts["spikes"] = sum(float(r.sum(dtype=float)) for r in real)
        return counts


class Ndjson:
    """A line per stimulus, a line per stimulus and cell that heard it."""

    def __init__(self, cells):
        self.number = {}
        self.counts = {"stimuli": 0, "cells": 0, "responses": 0}
        self.file = tempfile.NamedTemporaryFile("w")

    def add(self, session, name, stim, cells, responses):
        key = f"{session}/{name}"
        index = self.counts["stimuli"]
        self.counts["stimuli"] += 1
        meta = {"name": name, "session": session}
        head = {"type": "stimulus", "stimulus": index, "key": key, "dtMs": 10}
        self.write({**head, "meta": meta}, stim)
        for cell, response in zip(cells, responses):
            if response is None:
                continue
            n = self.number.setdefault(cell["cellid"], len(self.number))
            self.counts["responses"] += 1
            meta = {k: cell[k] for k in ("cellid", "siteid", "area", "layer")}
            head = {"type": "response", "stimulus": index, "cell": n}
            head = {**head, "key": key, "session": session, "dtMs": 10}
            self.write({**head, "meta": meta}, response)

    def write(self, head, array):
        data = base64.b64encode(array.tobytes()).decode()
        line = {**head, "shape": array.shape, "dtype": "float32", "data": data}
        self.file.write(json.dumps(line) + "\n")

    def result(self, check):
        self.file.flush()
        os.fsync(self.file.fileno())
        counts = {**self.counts, "cells": len(self.number)}
        if check:
            sums = {"stimulus": 0.0, "response": 0.0}
            with open(self.file.name) as lines:
                for line in map(json.loads, lines):
                    data = base64.b64decode(line["data"])
                    values = np.frombuffer(data, np.float32)
                    sums[line["type"]] += float(values.sum(dtype=float))
            counts["sound"] = sums["stimulus"]
            counts["spikes"] = sums["response"]
        return counts


def peak_rss():
    """Bytes. Linux hands ru_maxrss of the parent down through exec: not that."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except FileNotFoundError:
        pass
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(folder, kind, check):
    started = time.perf_counter()
    cells = read_cells(folder)
    sink = {"dataset": Dataset, "ndjson": Ndjson}[kind](cells)
    by_session = {}
    for cell in cells:
        by_session.setdefault(cell["cellid"].split("-")[0], []).append(cell)
    sessions = 0
    for session, chans, files in read_recordings(folder):
        if session not in by_session:
            continue
        own = by_session[session]
        for name, stim, responses in load_session(chans, files, own):
            sink.add(session, name, stim, own, responses)
        sessions += 1
    result = sink.result(False)
    figures = {
        "sessions": sessions,
        "seconds": time.perf_counter() - started,
        "peakRss": peak_rss(),
    }
    if check:
        result = sink.result(True)
    print(json.dumps({**figures, "result": result}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--check" in sys.argv)
