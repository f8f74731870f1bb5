"""Time series of pynapple."""

from __future__ import annotations

from typing import Any

import numpy as np
import pynapple

from ._dataset import Dataset


def pynapple_of(dataset: Dataset, stim: int) -> dict[str, Any]:
    """See :func:`rxephys.to_pynapple`."""
    stim = range(dataset.S)[stim]
    times = dataset.times_ms(stim) / 1000
    stimulus = dataset.stims[stim]
    if dataset.samples_per_bin is None:
        series = pynapple.TsdFrame(
            t=times, d=stimulus[0].T, columns=dataset.frequencies_hz
        )
    else:
        step = dataset.dt_ms / 1000 / dataset.samples_per_bin
        series = pynapple.Tsd(t=np.arange(stimulus.shape[-1]) * step, d=stimulus[0])
    responses = {
        int(cell): pynapple.TsdFrame(t=times, d=dataset.responses[stim][int(cell)].T)
        for cell in np.flatnonzero(dataset.masks[stim])
    }
    return {"stimulus": series, "responses": responses}
