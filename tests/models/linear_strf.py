"""Fits ridge STRFs to NDJSON of rxephys by the plain definition, with NumPy.

    python3 linear_strf.py DATA.ndjson STRF.json HISTORY_BINS

Prints JSON: by session the penalty, weights, offset, test cc_norm and peak. The
splits are those of STRF.json, `{"cells": [{"session", "split"}]}`; nothing else
is read there. Independent of the code under test: design matrices in full, LU
instead of Cholesky. Written with Python 3.11 and NumPy 1.24.2.
"""

import base64
import json
import sys

import numpy as np

RIDGES = [0.03, 0.1, 0.3, 1, 3]


def array(line):
    values = np.frombuffer(base64.b64decode(line["data"]), "<f4")
    return values.reshape(line["shape"]).astype(float)


def read(path):
    """Spectrograms by stimulus, responses (R, T) by session and stimulus.

    As in the dataset, a stimulus and all responses to it end where the shortest ends.
    """
    stims, responses = {}, {}
    with open(path, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["type"] == "stimulus":
                stims[line["stimulus"]] = array(line)[0]
            elif line["type"] == "response":
                responses.setdefault(line["session"], {})[line["stimulus"]] = array(line)
    for s, stim in stims.items():
        heard = [own for own in responses.values() if s in own]
        bins = min(x.shape[1] for x in [stim, *(own[s] for own in heard)])
        stims[s] = stim[:, :bins]
        for own in heard:
            own[s] = own[s][:, :bins]
    return stims, responses


def design(stim, lags):
    """(T, F L): the stimulus 0 to L - 1 bins ago, zero before its onset."""
    bands, bins = stim.shape
    out = np.zeros((bins, bands, lags))
    for k in range(min(lags, bins)):
        out[k:, :, k] = stim[:, : bins - k].T
    return out.reshape(bins, -1)


def ridge_fit(x, y, w, ridge):
    x_mean, y_mean = np.average(x, 0, w), np.average(y, 0, w)
    x, y = x - x_mean, y - y_mean
    gram = (x * w[:, None]).T @ x + ridge * w.sum() * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, x.T @ (w * y))
    return weights, y_mean - x_mean @ weights


def cc_norm(pairs):
    """Schoppe et al. 2016: bins pooled, signal power averaged by bins."""
    predicted = np.concatenate([p for p, _ in pairs])
    observed = np.concatenate([r.mean(0) for _, r in pairs])
    power, bins = 0.0, 0
    for _, r in pairs:
        n, t = r.shape
        if n < 2 or t < 2:
            continue
        power += t * (n * r.mean(0).var(ddof=1) - r.var(1, ddof=1).mean()) / (n - 1)
        bins += t
    covariance = np.cov(predicted, observed)[0, 1]
    return covariance / np.sqrt(predicted.var(ddof=1) * power / bins)


def fit(stims, responses, split, lags):
    def pairs(use):
        for s in split[use]:
            yield stims[s], responses[s]

    levels = np.concatenate([stim for stim, _ in pairs("train")], 1)
    mean, deviation = levels.mean(1, keepdims=True), levels.std(1, keepdims=True)

    def stacked(use):
        x = np.concatenate([design((s - mean) / deviation, lags) for s, _ in pairs(use)])
        y = np.concatenate([r.mean(0) for _, r in pairs(use)])
        w = np.concatenate([np.full(r.shape[1], float(len(r))) for _, r in pairs(use)])
        return x, y, w

    train = stacked("train")
    fits = [(ridge, *ridge_fit(*train, ridge)) for ridge in RIDGES]
    x, y, w = stacked("val")
    errors = [np.sum(w * (y - x @ h - offset) ** 2) for _, h, offset in fits]
    ridge, h, offset = fits[int(np.argmin(errors))]
    tested = [
        (design((s - mean) / deviation, lags) @ h + offset, r) for s, r in pairs("test")
    ]
    field = h.reshape(-1, lags)
    return {
        "ridge": ridge,
        "weights": h.tolist(),
        "offset": float(offset),
        "ccNorm": float(cc_norm(tested)),
        "peak": [int(i) for i in np.unravel_index(field.argmax(), field.shape)],
    }


def main():
    stims, responses = read(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    lags = int(sys.argv[3])
    print(
        json.dumps(
            {
                cell["session"]: fit(stims, responses[cell["session"]], cell["split"], lags)
                for cell in cells
            }
        )
    )


main()
