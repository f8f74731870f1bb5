"""Reads a synthetic AC1 with zipfile and SciPy and fits its receptive fields.

    python3 synthetic_ac1_reference.py DIR [--fit]

Prints JSON: both halves, or with --fit the Wehr half alone, with the peaks of
its fields. Independent of the code under test: layout, detrending, gate and
spectrogram follow the published loader's documentation. Written with Python
3.11, NumPy 1.24.2 and SciPy 1.10.1.
"""

import io
import json
import re
import sys
import warnings
import zipfile

import numpy as np
import scipy.io
import scipy.ndimage

warnings.simplefilter("ignore")
DT_MS = 5.0
LAGS = 30


def load(archive, name):
    return scipy.io.loadmat(io.BytesIO(archive.read(name)), simplify_cells=True)


def as_list(value):
    if isinstance(value, dict):
        return [value]
    return [v for v in np.atleast_1d(value) if isinstance(v, dict)]


def detrend(x, sf):
    x = np.asarray(x, float)
    base = scipy.ndimage.median_filter(x, max(1, round(0.1 * sf)), mode="reflect")
    return x - scipy.ndimage.gaussian_filter1d(base, 0.01 * sf, mode="reflect")


def gate(repeats, sf):
    out = []
    n = min(len(r) for r in repeats)
    for i, x in enumerate(repeats):
        if len(x) == 0 or np.abs(x).max() > 150:
            out.append("range")
            continue
        smooth = scipy.ndimage.median_filter(x, max(1, round(0.005 * sf)))
        if np.mean(np.abs(smooth - np.median(smooth)) > 30) > 5e-3:
            out.append("step")
            continue
        if len(repeats) >= 3:
            others = [r[:n] for j, r in enumerate(repeats) if j != i]
            if np.corrcoef(x[:n], np.median(others, axis=0))[0, 1] < 0.05:
                out.append("xcorr")
                continue
        out.append("kept")
    return out


def binned(x, sf):
    width = round(DT_MS * sf / 1000)
    return x[: len(x) // width * width].reshape(-1, width).mean(1)


def spectrogram(x, sf):
    x = np.asarray(x, float)
    hop, width = round(DT_MS * sf / 1000), round(2 * DT_MS * sf / 1000)
    freqs = 100 * 2 ** (np.arange(53) / 6)
    frames = -(-len(x) // hop)
    x = np.concatenate([np.zeros(width // 2), x, np.zeros(width + hop)])
    cut = np.lib.stride_tricks.sliding_window_view(x, width)[::hop][:frames]
    basis = np.exp(-2j * np.pi * np.outer(np.arange(width), freqs) / sf)
    return 20 * np.log10(np.abs(cut * np.hamming(width) @ basis) + 1e-12).T


def ramped(x, sf):
    x = np.array(x, float)
    n = round(0.005 * sf)
    r = np.sin(0.5 * np.pi * np.arange(n) / n) ** 2
    x[:n] *= r
    x[len(x) - n :] *= r[::-1]
    return x


def wehr(main):
    """Stimuli by description, trials by session and description, what was passed over."""
    stimuli, skipped = {}, {"undecodable": 0, "unknown": 0, "duplicate": 0, "other": 0}
    names = sorted(main.namelist())
    for category in ["fragments", "category1", "category2", "category3"]:
        for name in names:
            if not re.fullmatch(rf"wehr/Stimuli/{category}/\d+\.mat", name):
                continue
            stimulus = load(main, name)["stimulus"]
            key = stimulus["param"]["description"]
            if key in stimuli:
                skipped["duplicate"] += 1
            else:
                stimuli[key] = (np.ravel(stimulus["samples"]), stimulus["param"]["sf"])
    sessions = {}
    for name in names:
        match = re.fullmatch(r"wehr/Results/(\d{4}[^/]*)/[^/]+\.mat", name)
        if not match:
            continue
        trials = sessions.setdefault(match[1], {})
        try:
            mat = load(main, name)
        except Exception:
            skipped["undecodable"] += 1
            continue
        trigger = (as_list(mat["triggers"]) or [{}])[0]
        kind = str(trigger.get("type", "")).strip().lower()
        param = trigger.get("param", {})
        if kind not in ("naturalsound", "nauralsound", "natural") or "description" not in param:
            skipped["other"] += 1
            continue
        if param["description"] not in stimuli:
            skipped["unknown"] += 1
            continue
        response = mat["response"]
        trace = np.ravel(response["trace"]).astype(float) * response["scale"]
        start, sf = int(trigger["time"]) - 1, float(response["sf"])
        cut = trace[start : start + round(param["duration"] * sf / 1000)]
        trials.setdefault(param["description"], []).append((cut, sf))
    return stimuli, sessions, skipped


def asari(main, results):
    stimuli, sessions, skipped = {}, {}, {"no-table": 0, "past-table": 0, "other": 0}
    for archive in results:
        for name in sorted(archive.namelist()):
            match = re.fullmatch(r"asari-results-\d/([^/]+)/[^/]+\.mat", name)
            if not match:
                continue
            mat = load(archive, name)
            if "stimulus" not in mat["param"]:
                skipped["no-table"] += 1
                continue
            recording = mat["param"]["recording"]
            site = "A1" if "cortex" in recording["site"].lower() else "MGB"
            session = sessions.setdefault(match[1], {"site": site, "trials": {}})
            table = [s["file"].replace("\\", "/") for s in as_list(mat["param"]["stimulus"])]
            response = mat["response"]
            trace = np.ravel(response["trace"]).astype(float) * response["scale"]
            sf = float(response["sf"])
            for trigger in as_list(mat["triggers"]):
                text = re.match(r"\s*sequence\s*\d+\s*:\s*([\d\s]+)$", trigger["param"]["description"], re.I)
                if trigger["type"] not in ("naturalsound", "natural sound") or not text:
                    skipped["other"] += 1
                    continue
                rows = [int(i) for i in text[1].split()]
                if max(rows) > len(table):
                    skipped["past-table"] += 1
                    continue
                key = tuple(table[i - 1] for i in rows)
                start = int(trigger["time"]) - 1
                length = round(trigger["param"]["duration"] * sf / 1000)
                session["trials"].setdefault(key, []).append((trace[start : start + length], sf))
    keys = {key for session in sessions.values() for key in session["trials"]}
    for key in sorted(keys):
        pieces = []
        for segment in key:
            stimulus = load(main, "asari/Stimuli/" + segment)["stimulus"]
            samples = stimulus["sample"] if "sample" in stimulus else stimulus["samples"]
            pieces.append(ramped(np.ravel(samples), stimulus["param"]["sf"]))
        stimuli[key] = (np.concatenate(pieces), stimulus["param"]["sf"])
    return stimuli, sessions, skipped


def lagged(spec):
    bands, n = spec.shape
    out = np.zeros((n, bands, LAGS))
    for k in range(LAGS):
        out[k:, :, k] = spec[:, : n - k].T
    return out.reshape(n, -1)


def fit(pairs):
    """Ridge on all stimuli but one in five, scored on those; peak of the field."""
    train = [p for i, p in enumerate(pairs) if i % 5 != 1]
    test = [p for i, p in enumerate(pairs) if i % 5 == 1]
    mean = np.concatenate([s for s, _ in train], 1).mean(1, keepdims=True)
    sd = np.concatenate([s for s, _ in train], 1).std(1, keepdims=True)
    design = lambda s: lagged((s - mean) / sd)
    x = np.concatenate([design(s) for s, _ in train])
    y = np.concatenate([r.mean(0) for _, r in train])
    offset = y.mean()
    gram, moment = x.T @ x, x.T @ (y - offset)
    weights = np.linalg.solve(gram + 300 * np.eye(len(gram)), moment)
    field = weights.reshape(-1, LAGS)
    peak = np.unravel_index(np.argmax(field), field.shape)
    covariance = power = variance = 0.0
    for s, r in test:
        p, m, n = design(s) @ weights + offset, r.mean(0), len(r)
        covariance += np.cov(p, m)[0, 1] * len(m)
        variance += p.var(ddof=1) * len(m)
        power += (n * m.var(ddof=1) - r.var(1, ddof=1).mean()) / (n - 1) * len(m)
    return [int(v) for v in peak], float(covariance / np.sqrt(variance * power))


def half(stimuli, sessions, fits):
    tally = {"range": 0, "step": 0, "xcorr": 0, "kept": 0}
    specs, cells = {}, {}
    for session in sorted(sessions):
        pairs = []
        for key, trials in sessions[session].items():
            sf = trials[0][1]
            repeats = [detrend(x, sf) for x, _ in trials]
            reasons = gate(repeats, sf)
            for reason in reasons:
                tally[reason] += 1
            kept = [x for x, reason in zip(repeats, reasons) if reason == "kept"]
            if not fits or not kept:
                continue
            bins = [binned(x, sf) for x in kept]
            if key not in specs:
                specs[key] = spectrogram(*stimuli[key])
            n = min(specs[key].shape[1], *(len(b) for b in bins))
            pairs.append((specs[key][:, :n], np.array([b[:n] for b in bins])))
        cells[session] = {"stimuli": len(sessions[session]), "repeats": [len(v) for v in sessions[session].values()]}
        if len(pairs) > 1:
            cells[session]["peak"], cells[session]["ccNorm"] = fit(pairs)
    return {"tally": tally, "cells": cells}


def main():
    folder, fits = sys.argv[1], "--fit" in sys.argv
    archives = [zipfile.ZipFile(f"{folder}/crcns-ac1{s}.zip") for s in ("", "-asari-results-1", "-asari-results-2")]
    for archive in archives:
        assert archive.testzip() is None
    stimuli, sessions, skipped = wehr(archives[0])
    out = {"wehr": {**half(stimuli, sessions, fits), "skipped": skipped}}
    if fits:
        print(json.dumps(out))
        return
    stimuli, found, skipped = asari(archives[0], archives[1:])
    trials = {name: s["trials"] for name, s in found.items()}
    out["asari"] = {**half(stimuli, trials, False), "skipped": skipped}
    out["asari"]["sites"] = {name: s["site"] for name, s in found.items()}
    print(json.dumps(out))


main()
