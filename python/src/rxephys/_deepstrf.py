"""Dataset of deepSTRF."""

from __future__ import annotations

import re
from typing import Any

import torch
from deepSTRF.datasets.audio.audio_dataset import AudioNeuralDataset

from ._dataset import Dataset
from ._files.heads import Meta
from ._files.store import Array

# deepSTRF 0.1.0, `crcns_ac1.py` and `wingert2026.py`: hearing ranges of its loaders.
_HEARING_HZ = {"rat": (250.0, 76000.0), "ferret": (200.0, 40000.0)}
_RENAMED = {"wehrCellIdx": "_wehr_cell_idx"}


class RxephysDataset(AudioNeuralDataset):  # type: ignore[misc, unused-ignore]
    """See :func:`rxephys.to_deepstrf`."""

    def __init__(self, dataset: Dataset, bands: int | None = None) -> None:
        super().__init__(dataset.path, dataset.dt_ms)
        is_wave = dataset.samples_per_bin is not None
        if is_wave == (bands is None):
            expected = "a whole number for waveforms" if is_wave else "None"
            raise ValueError(
                f"Cannot make a deepSTRF dataset: bands is {bands}, expected {expected}"
            )
        self.F = dataset.F if bands is None else bands
        self.return_waveform = is_wave
        self.audio_fs = None if dataset.rate_hz is None else round(dataset.rate_hz)
        self.signal_type = dataset.signal_type
        self.nrn_meta = [_snake(meta) for meta in dataset.cell_meta]
        self.stim_meta = [_snake(meta) for meta in dataset.stim_meta]
        self.N_neurons = dataset.N
        self.species = _common([meta.get("species") for meta in self.nrn_meta])
        self.hearing_range_hz = _HEARING_HZ.get(self.species or "")
        self.stims = [_tensor(stim) for stim in dataset.stims]
        sentinel = _tensor(dataset.sentinel)
        self.responses = []
        for heard, responses in zip(dataset.masks, dataset.responses, strict=True):
            row = [sentinel] * dataset.N
            for n in heard.nonzero()[0].tolist():
                row[n] = _tensor(responses[n])
            self.responses.append(row)
        self._nrn_masks_cache = torch.from_numpy(dataset.masks.copy())
        self.validate()


def _tensor(array: Array) -> torch.Tensor:
    return torch.from_numpy(array)


def _snake(meta: Meta) -> dict[str, Any]:
    """Metadata with deepSTRF's keys."""
    return {
        _RENAMED.get(key) or re.sub("([A-Z])", lambda m: f"_{m[1].lower()}", key): value
        for key, value in meta.items()
    }


def _common(values: list[str | None]) -> str | None:
    """Value that all share."""
    return values[0] if values and len(set(values)) == 1 else None
