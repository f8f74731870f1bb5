"""Conversions to other packages, where those are installed, and errors without."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import rxephys


def bands(dataset: rxephys.Dataset) -> list[float]:
    assert dataset.frequencies_hz is not None
    values: list[float] = dataset.frequencies_hz.tolist()
    return values


def test_xarray(files: Path) -> None:
    pytest.importorskip("xarray")
    dataset = rxephys.open(files / "ac1.safetensors")
    result = rxephys.to_xarray(dataset)
    assert np.array_equal(result["recorded"], dataset.masks)
    assert result["frequency"].attrs["units"] == "Hz"
    assert result["frequency"].values.tolist() == bands(dataset)
    assert result["time"].values[:2].tolist() == [0, 5]
    assert result["stim_durationS"].values[0] == dataset.stim_meta[0]["durationS"]
    assert "stim_segments" not in result.coords
    for s, n in np.ndindex(dataset.masks.shape):
        values = result["responses"].values[s, n]
        if not dataset.masks[s, n]:
            assert np.isnan(values).all()
            continue
        response = dataset.responses[s][n]
        repeats, bins = response.shape
        assert np.array_equal(values[:repeats, :bins], response)
        assert np.isnan(values).sum() == values.size - response.size
    stimulus = result["stimuli"].values[0, :, : dataset.bins[0]]
    assert np.array_equal(stimulus, dataset.stims[0][0])
    with pytest.raises(ValueError, match="expected at most max_bytes, 1000"):
        rxephys.to_xarray(files / "ac1.zarr", max_bytes=1000)


def test_xarray_of_waveforms(files: Path) -> None:
    pytest.importorskip("xarray")
    dataset = rxephys.open(files / "waveforms.npz")
    result = rxephys.to_xarray(dataset)
    step = float(result["audio_time"][1])
    assert dataset.rate_hz is not None
    assert step == pytest.approx(1000 / dataset.rate_hz)
    samples = dataset.stims[1].shape[1]
    assert np.array_equal(result["stimuli"].values[1, :samples], dataset.stims[1][0])


@pytest.mark.filterwarnings("ignore")
def test_pynapple(files: Path) -> None:
    pytest.importorskip("pynapple")
    dataset = rxephys.open(files / "ac1.safetensors")
    series = rxephys.to_pynapple(dataset, 0)
    assert series["stimulus"].shape == (dataset.bins[0], dataset.F)
    assert list(series["stimulus"].columns) == bands(dataset)
    assert series["stimulus"].t[1] == pytest.approx(0.005)
    cells = np.flatnonzero(dataset.masks[0]).tolist()
    assert list(series["responses"]) == cells
    for n, frame in series["responses"].items():
        assert np.array_equal(frame.d.T, dataset.responses[0][n])
    waveform = rxephys.to_pynapple(files / "waveforms.npz", 0)["stimulus"]
    rate = rxephys.open(files / "waveforms.npz").rate_hz
    assert rate is not None and waveform.t[1] == pytest.approx(1 / rate)
    with pytest.raises(IndexError):
        rxephys.to_pynapple(dataset, dataset.S)


@pytest.mark.parametrize(
    ("package", "extra"),
    [("torch", "deepstrf"), ("xarray", "xarray"), ("pynapple", "pynapple")],
)
def test_missing_extras(
    files: Path, monkeypatch: pytest.MonkeyPatch, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    path = files / "ac1.npz"
    with pytest.raises(rxephys.MissingExtraError, match=f"extra rxephys\\[{extra}\\]"):
        if extra == "deepstrf":
            rxephys.to_deepstrf(path)
        elif extra == "xarray":
            rxephys.to_xarray(path)
        else:
            rxephys.to_pynapple(path, 0)


def test_deepstrf(files: Path) -> None:
    """``checks/deepstrf_parity.py`` compares with deepSTRF's own loaders."""
    pytest.importorskip("deepSTRF")
    dataset = rxephys.open(files / "ac1.safetensors")
    result = rxephys.to_deepstrf(dataset)
    assert np.array_equal(result.nrn_masks.numpy(), dataset.masks)
    assert np.array_equal(result.stims[0].numpy(), dataset.stims[0])
    with pytest.raises(ValueError, match="bands is 3, expected None"):
        rxephys.to_deepstrf(dataset, bands=3)
    with pytest.raises(ValueError, match="expected a whole number for waveforms"):
        rxephys.to_deepstrf(files / "waveforms.npz")
    # Odd rates of the recordings do not divide deepSTRF's bins.
    waveforms = rxephys.open(files / "waveforms.npz")
    assert waveforms.samples_per_bin is not None
    assert rxephys.to_deepstrf(waveforms, bands=53).hop == waveforms.samples_per_bin
