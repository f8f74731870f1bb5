"""Padded arrays of xarray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray

from ._dataset import Dataset
from ._files.heads import Meta


def xarray_of(dataset: Dataset, max_bytes: int) -> xarray.Dataset:
    """See :func:`rxephys.to_xarray`."""
    bins = max(dataset.bins)
    repeats = max(
        (dataset.repeats(int(s), int(n)) for s, n in np.argwhere(dataset.masks)),
        default=0,
    )
    spacing = dataset.samples_per_bin
    width = (
        (dataset.S, dataset.F, bins) if spacing is None else (dataset.S, bins * spacing)
    )
    heard = (dataset.S, dataset.N, repeats, bins)
    size = 4 * (int(np.prod(width)) + int(np.prod(heard)))
    if size > max_bytes:
        raise ValueError(
            f"Cannot make an xarray dataset: its arrays take {size} bytes, expected at "
            f"most max_bytes, {max_bytes}"
        )
    stimuli = np.full(width, np.nan, np.float32)
    responses = np.full(heard, np.nan, np.float32)
    for s, stimulus in enumerate(dataset.stims):
        stimuli[s, ..., : stimulus.shape[-1]] = stimulus[0]
        for n in np.flatnonzero(dataset.masks[s]).tolist():
            response = dataset.responses[s][n]
            responses[s, n, : response.shape[0], : response.shape[1]] = response
    is_wave = spacing is not None
    axes = ("stimulus", "audio_time") if is_wave else ("stimulus", "frequency", "time")
    result = xarray.Dataset(
        {
            "stimuli": (axes, stimuli, _unit(dataset.stim_unit)),
            "responses": (("stimulus", "cell", "repeat", "time"), responses),
            "recorded": (("stimulus", "cell"), dataset.masks),
        },
        coords={
            "time": ("time", np.arange(bins) * dataset.dt_ms, _unit("ms")),
            "key": ("stimulus", list(dataset.stim_keys)),
            "unit": ("cell", [unit or "" for unit in dataset.response_units]),
            **_meta("stim", "stimulus", dataset.stim_meta),
            **_meta("cell", "cell", dataset.cell_meta),
        },
        attrs={"dt_ms": dataset.dt_ms, "path": dataset.path},
    )
    if dataset.frequencies_hz is not None:
        frequencies = ("frequency", dataset.frequencies_hz, _unit("Hz"))
        result = result.assign_coords(frequency=frequencies)
    if dataset.rate_hz is not None:
        times = 1000 * np.arange(width[1]) / dataset.rate_hz
        result = result.assign_coords(audio_time=("audio_time", times, _unit("ms")))
    return result


def _unit(unit: str | None) -> dict[str, str]:
    return {} if unit is None else {"units": unit}


def _meta(prefix: str, axis: str, metas: Sequence[Meta]) -> dict[str, Any]:
    """Coordinates of all entries that are text, a number, true, false or null."""
    keys = dict.fromkeys(key for meta in metas for key in meta)
    coordinates: dict[str, Any] = {}
    for key in keys:
        values = [meta.get(key) for meta in metas]
        if any(isinstance(value, list | dict) for value in values):
            continue
        kinds = {type(value) for value in values}
        plain = np.array(values, None if len(kinds) == 1 else object)
        coordinates[f"{prefix}_{key}"] = (axis, plain)
    return coordinates
