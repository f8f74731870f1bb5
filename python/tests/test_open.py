"""Files of every format are the dataset that rxephys makes of the same sessions."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import rxephys

FORMATS = ("ndjson", "numbers.ndjson", "npz", "safetensors", "zarr")
DATASETS = ("ac1", "wingert", "waveforms")


def summary(array: npt.NDArray[np.float32]) -> dict[str, Any]:
    content = np.ascontiguousarray(array).astype("<f4").tobytes()
    return {
        "shape": list(array.shape),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", DATASETS)
def test_equals_the_dataset_of_deno(files: Path, name: str, form: str) -> None:
    expected = json.loads((files / f"{name}.json").read_text())
    dataset = rxephys.open(files / f"{name}.{form}")
    assert [summary(stim) for stim in dataset.stims] == expected["stims"]
    masks = np.array(expected["nrnMasks"])
    assert np.array_equal(dataset.masks, masks)
    for s, n in np.argwhere(masks).tolist():
        assert summary(dataset.responses[s][n]) == expected["responses"][s][n]
        assert dataset.repeats(s, n) == expected["responses"][s][n]["shape"][0]
    for s, n in np.argwhere(~masks).tolist():
        assert dataset.responses[s][n] is dataset.sentinel
        assert dataset.repeats(s, n) == 0
    assert dataset.sentinel.shape == (1, 1) and np.isnan(dataset.sentinel).all()
    assert list(dataset.stim_meta) == expected["stimMeta"]
    assert list(dataset.cell_meta) == expected["nrnMeta"]
    assert list(dataset.stim_keys) == expected["stimKeys"]
    assert dataset.tally == expected["tally"]
    assert dataset.signal_type == expected["signalType"]
    assert (dataset.dt_ms, dataset.F) == (expected["dt"], expected["F"])
    assert dataset.samples_per_bin == expected["samplesPerBin"]
    bands = dataset.frequencies_hz
    assert (None if bands is None else bands.tolist()) == expected["bandsHz"]


def test_axes_and_units(files: Path) -> None:
    dataset = rxephys.open(files / "ac1.safetensors")
    assert dataset.times_ms(0)[:3].tolist() == [0, 5, 10]
    assert len(dataset.times_ms(0)) == dataset.bins[0] == dataset.stims[0].shape[2]
    assert dataset.stim_unit == "dB"
    kinds = [meta["signalType"] for meta in dataset.cell_meta]
    units = {"subthresh": "mV", "spikes": "spikes"}
    assert dataset.response_units == tuple(units[kind] for kind in kinds)
    assert dataset.rate_hz is None
    assert repr(dataset) == (
        "<Dataset N=7 S=10 F=53 dt=5 ms signal=mixed coverage=27 %>"
    )
    waveforms = rxephys.open(files / "waveforms.safetensors")
    assert waveforms.samples_per_bin is not None
    assert waveforms.rate_hz == 200 * waveforms.samples_per_bin
    assert waveforms.stims[0].shape == (
        1,
        waveforms.bins[0] * waveforms.samples_per_bin,
    )


def test_lists_have_slices_and_negative_indices(files: Path) -> None:
    dataset = rxephys.open(files / "ac1.npz")
    assert np.array_equal(dataset.stims[-1], dataset.stims[dataset.S - 1])
    assert len(dataset.responses[1:3]) == 2
    with pytest.raises(IndexError):
        dataset.stims[dataset.S]
    with pytest.raises(IndexError):
        dataset.responses[0][dataset.N]


def test_silent_cells_are_kept(files: Path) -> None:
    dataset = rxephys.open(files / "wingert.zarr")
    heard = dataset.masks.any(axis=0)
    assert heard.sum() == dataset.N - 1
    assert dataset.cell_meta[int(np.flatnonzero(~heard)[0])]["signalType"] == "spikes"


@pytest.mark.parametrize("form", FORMATS)
def test_writing_to_an_array_changes_no_file(files: Path, form: str) -> None:
    dataset = rxephys.open(files / f"ac1.{form}")
    before = dataset.stims[0].copy()
    dataset.stims[0][...] = 0
    assert np.array_equal(rxephys.open(files / f"ac1.{form}").stims[0], before)


@pytest.mark.parametrize("form", FORMATS)
def test_a_dataset_is_pickled_as_its_path(
    files: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    text = pickle.dumps(rxephys.open(f"wingert.{form}"))
    assert len(text) < 1000
    monkeypatch.chdir("/")
    copy = pickle.loads(text)
    assert np.array_equal(copy.stims[3], rxephys.open(copy.path).stims[3])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("form", FORMATS)
def test_processes_share_no_position_in_a_file(files: Path, form: str) -> None:
    dataset = rxephys.open(files / f"wingert.{form}")
    expected = [stim.copy() for stim in dataset.stims]
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            same = all(map(np.array_equal, dataset.stims, expected))
            os._exit(0 if same else 1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]


@pytest.mark.parametrize("form", ["safetensors", "zarr"])
def test_opening_parses_no_more_heads_than_it_needs(
    files: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of each stimulus and cell, and those with notes: not one a response."""
    import rxephys._files.safetensors
    import rxephys._files.zarr
    from rxephys._files.heads import Head, checked_head, head_of

    names: list[str] = []

    def counted(head: Head) -> Head:
        names.append(head.name)
        return head

    monkeypatch.setattr(
        rxephys._files.safetensors, "head_of", lambda *a: counted(head_of(*a))
    )
    monkeypatch.setattr(
        rxephys._files.zarr, "checked_head", lambda *a: counted(checked_head(*a))
    )
    dataset = rxephys.open(files / f"wingert.{form}")
    heard = int(dataset.masks.any(axis=0).sum())
    assert len({name for name in names if name.startswith("r")}) == heard
    names.clear()
    s, n = np.argwhere(dataset.masks)[-1].tolist()
    assert dataset.responses[s][n].size
    assert len(names) == 1


def stored(dataset: rxephys.Dataset) -> dict[str, npt.NDArray[np.float32]]:
    """Arrays of a dataset by their names in the file."""
    arrays = {f"stimuli/{s}": stim for s, stim in enumerate(dataset.stims)}
    for s, n in np.argwhere(dataset.masks).tolist():
        arrays[f"responses/{s}.{n}"] = dataset.responses[s][n]
    return arrays


def test_numpy_reads_the_same(files: Path) -> None:
    loaded = np.load(files / "ac1.npz")
    for name, array in stored(rxephys.open(files / "ac1.npz")).items():
        assert np.array_equal(loaded[name][..., : array.shape[-1]], array), name


def test_safetensors_reads_the_same(files: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    loaded = numpy.load_file(files / "ac1.safetensors")
    for name, array in stored(rxephys.open(files / "ac1.safetensors")).items():
        assert np.array_equal(loaded[name][..., : array.shape[-1]], array), name


def test_zarr_reads_the_same(files: Path) -> None:
    zarr = pytest.importorskip("zarr", minversion="3.1")
    group = zarr.open_group(files / "ac1.zarr", mode="r")
    for name, array in stored(rxephys.open(files / "ac1.zarr")).items():
        assert np.array_equal(group[name][..., : array.shape[-1]], array), name


def same(left: rxephys.Dataset, right: rxephys.Dataset) -> bool:
    pairs = zip(stored(left).items(), stored(right).items(), strict=True)
    return left.cell_meta == right.cell_meta and all(
        name == other and np.array_equal(array, same)
        for (name, array), (other, same) in pairs
    )


def test_safetensors_that_another_program_saved(files: Path, tmp_path: Path) -> None:
    """The reference writer orders tensors and metadata anew."""
    safetensors = pytest.importorskip("safetensors")
    numpy = pytest.importorskip("safetensors.numpy")
    path = files / "wingert.safetensors"
    with safetensors.safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    other = tmp_path / "other.safetensors"
    numpy.save_file(numpy.load_file(path), other, metadata=metadata)
    assert same(rxephys.open(other), rxephys.open(path))


def recompressed(source: Path, target: Path) -> None:
    """Copies a Zarr folder, compressed and in other chunks."""
    zarr = pytest.importorskip("zarr", minversion="3.1")
    old = zarr.open_group(source, mode="r")
    new = zarr.open_group(target, mode="w")
    new.attrs.update(dict(old.attrs))
    for group in ("stimuli", "responses"):
        for name, array in old[group].arrays():
            copy = new.create_array(
                f"{group}/{name}",
                shape=array.shape,
                dtype=array.dtype,
                chunks=tuple(max(1, length // 2) for length in array.shape),
                attributes=dict(array.attrs),
            )
            copy[...] = array[...]
    zarr.consolidate_metadata(target)


def test_zarr_that_another_program_encoded(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.zarr"
    recompressed(files / "ac1.zarr", other)
    dataset = rxephys.open(other)
    assert same(dataset, rxephys.open(files / "ac1.zarr"))
    monkeypatch.setitem(__import__("sys").modules, "zarr", None)
    with pytest.raises(rxephys.MissingExtraError) as caught:
        dataset.stims[0]
    assert str(caught.value) == (
        "Cannot read Zarr that another program encoded: the package zarr is missing, "
        "expected it installed: pip install zarr, or the extra rxephys[zarr]"
    )


def test_zarr_joins_chunks(files: Path, tmp_path: Path) -> None:
    """An array of several chunks, of which the last one is padded."""
    path = tmp_path / "long.zarr"
    shutil.copytree(files / "ac1.zarr", path)
    dataset = rxephys.open(path)
    before = dataset.stims[0].copy()
    chunk = path / "stimuli/0/c/0/0"
    whole = np.fromfile(chunk / "0", "<f4").reshape(1, dataset.F, -1)
    bins = whole.shape[2]
    root = json.loads((path / "zarr.json").read_text())
    node = root["consolidated_metadata"]["metadata"]["stimuli/0"]
    node["chunk_grid"]["configuration"]["chunk_shape"][2] = 50
    (path / "zarr.json").write_text(json.dumps(root))
    padded = np.zeros((1, dataset.F, -(-bins // 50) * 50), "<f4")
    padded[..., :bins] = whole
    for i in range(padded.shape[2] // 50):
        padded[..., 50 * i : 50 * i + 50].tofile(chunk / str(i))
    assert np.array_equal(rxephys.open(path).stims[0], before)
