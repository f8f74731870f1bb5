"""Compares ``to_deepstrf`` with deepSTRF's own loaders of the same release.

Makes up a release of CRCNS AC1 (both halves) and of Wingert et al. 2026, loads each
with deepSTRF and through rxephys, and compares arrays, masks, metadata, selections,
batches and one run of deepSTRF's ``Fitter``. Prints what it compared; any difference
ends it with an error. ``docs/python.md`` shows the output.

    pip install deepSTRF==0.1.0 torch==2.11.0 torchvision==0.26.0 ./python
    python python/checks/deepstrf_parity.py [FOLDER]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from deepSTRF.datasets.audio import _crcns_ac1_native as native
from deepSTRF.datasets.audio.crcns_ac1 import CRCNSAC1Dataset
from deepSTRF.datasets.audio.wingert2026 import Wingert2026Dataset
from deepSTRF.models.audio.audio_zoo import Linear
from deepSTRF.training import Fitter, set_random_seed
from deepSTRF.utils.data import neural_collate
from torch.utils.data import DataLoader, Subset

import rxephys
from rxephys._deno import deno_command

ROOT = Path(__file__).resolve().parents[2]
# Spectrograms in dB: both compute in float64 and store float32. Bins below the floor
# are log of rounding errors.
STIM_DB, FLOOR_DB = 1e-4, -160
# Of the greatest value: responses and gammatonegrams are float32.
RELATIVE = 1e-5
CC_NORM = 1e-3
EPOCHS, LEARNING_RATE = 20, 0.01
# Enough for a run of seconds.
FIT_STIMS = 24

Dataset = Any


def compare_waveforms(folder: Path) -> None:
    """Compares stimuli that are waveforms, and the responses beside them."""
    path = folder / "waveforms.safetensors"
    data = folder / "wingert-sounds"
    script = ROOT / "python/checks/write_waveforms.ts"
    command = [*deno_command(), "run", "-A", str(script), str(data), str(path)]
    subprocess.run(command, cwd=ROOT, check=True)
    for name in ("recordings.zip", "wav.zip"):
        with zipfile.ZipFile(data / name) as archive:
            archive.extractall(data)
    theirs = Wingert2026Dataset(str(data), site="CLT027c", return_waveform=True)
    ours = rxephys.to_deepstrf(path, bands=theirs.F)
    print(f"Wingert 2026, waveforms: {len(theirs.stims)} stimuli, hop {ours.hop}")
    assert (ours.hop, ours.audio_fs) == (theirs.hop, theirs.audio_fs)
    assert all(map(torch.equal, theirs.stims, ours.stims))
    report("stimuli", f"all samples equal, {tuple(ours.stims[0].shape)} the first")
    same_responses(theirs, ours)


def with_slashes(build: Callable[..., dict[int, str]]) -> Callable[..., dict[int, str]]:
    """Spells the segments of Asari's sequences one way.

    Tables of the release have ``class1/6.mat`` and ``class1\\6.mat`` for one sound.
    deepSTRF takes them for two stimuli, rxephys for one.
    """

    def built(*arguments: Any) -> dict[int, str]:
        return {i: path.replace("\\", "/") for i, path in build(*arguments).items()}

    return built


def main(folder: Path) -> None:
    rxephys_cli("synth", "crcns-ac1", folder / "ac1", "--scale", "small")
    rxephys_cli("synth", "wingert2026", folder / "wingert", "--scale", "small")
    with zipfile.ZipFile(folder / "wingert/recordings.zip") as archive:
        archive.extractall(folder / "wingert")
    compare(
        "CRCNS AC1",
        lambda: CRCNSAC1Dataset(str(folder / "ac1")),
        folder / "ac1",
        folder / "ac1.safetensors",
        ("experimenter", "wehr"),
        lambda meta: meta["site"] == "A1" and meta["signal_type"] == "subthresh",
    )
    compare(
        "Wingert 2026",
        lambda: Wingert2026Dataset(str(folder / "wingert")),
        folder / "wingert",
        folder / "wingert.zarr",
        ("area", "A1"),
        lambda meta: meta["depth"] > 300,
    )
    compare_waveforms(folder)


def rxephys_cli(*arguments: object) -> None:
    command = [*deno_command(), "run", "-A", str(ROOT / "cli.ts")]
    subprocess.run(
        [*command, *map(str, arguments), "--quiet"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def compare(
    title: str,
    load: Callable[[], Dataset],
    data: Path,
    path: Path,
    attribute: tuple[str, str],
    predicate: Callable[[Any], bool],
) -> None:
    """Loads a release twice and compares all that users see of it."""
    # Before deepSTRF extracts the archives beside themselves.
    rxephys_cli("convert", data, path)
    start = time.perf_counter()
    theirs = load()
    their_time = time.perf_counter() - start
    start = time.perf_counter()
    ours = rxephys.to_deepstrf(path)
    our_time = time.perf_counter() - start
    ours.validate()
    print(f"{title}: {len(theirs.stims)} stimuli, {theirs.N_neurons} cells")
    report("loading", f"deepSTRF {their_time:.2f} s, rxephys {our_time:.3f} s")
    same_fields(theirs, ours)
    same_arrays(theirs, ours)
    same_selections(theirs, ours, attribute, predicate)
    same_batches(theirs, ours)
    same_quality(theirs, ours)
    same_fit(theirs, ours, attribute)


def report(what: str, result: str) -> None:
    print(f"  {what:<12}{result}")


def same_fields(theirs: Dataset, ours: Dataset) -> None:
    for name in ("dt", "F", "N_neurons", "species", "signal_type", "hearing_range_hz"):
        if hasattr(theirs, name):
            assert getattr(ours, name) == getattr(theirs, name), name
    for name in ("stim_meta", "nrn_meta"):
        for left, right in zip(getattr(theirs, name), getattr(ours, name), strict=True):
            for key, value in left.items():
                known = right[key]
                same = (
                    abs(known - value) < 1e-9 * max(1, abs(value))
                    if isinstance(value, float)
                    else plain(known) == plain(value)
                )
                assert same, (name, key, value, known)
    keys = sum(len(meta) for meta in (*theirs.stim_meta, *theirs.nrn_meta))
    report("metadata", f"{keys} entries equal")


def plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.replace("\\", "/") if isinstance(value, str) else value


def same_arrays(theirs: Dataset, ours: Dataset) -> None:
    is_db = min(float(stim.min()) for stim in theirs.stims) < 0
    stim_error = 0.0
    for left, right in zip(theirs.stims, ours.stims, strict=True):
        assert left.shape == right.shape and left.dtype == right.dtype
        difference = (left - right).abs()
        if is_db:
            difference = difference[left > FLOOR_DB]
        stim_error = max(stim_error, float(difference.max()))
    scale = max(float(stim.abs().max()) for stim in theirs.stims)
    assert stim_error < (STIM_DB if is_db else RELATIVE * scale), stim_error
    unit = "dB" if is_db else f"of {scale:.3g}"
    report("stimuli", f"greatest difference {stim_error:.1e} {unit}")
    same_responses(theirs, ours)


def same_responses(theirs: Dataset, ours: Dataset) -> None:
    assert torch.equal(theirs.nrn_masks, ours.nrn_masks)
    ours._invalidate_nrn_masks()
    assert torch.equal(theirs.nrn_masks, ours.nrn_masks)
    error = scale = 0.0
    for left_row, right_row in zip(theirs.responses, ours.responses, strict=True):
        for left, right in zip(left_row, right_row, strict=True):
            assert left.shape == right.shape and left.dtype == right.dtype
            assert torch.equal(left.isnan(), right.isnan())
            if left.numel() > 1:
                error = max(error, float((left - right).abs().max()))
                scale = max(scale, float(left.abs().max()))
    assert error < RELATIVE * scale, error
    report("responses", f"greatest difference {error:.1e} of {scale:.3g}")
    report(
        "masks", f"{int(theirs.nrn_masks.sum())} of {theirs.nrn_masks.numel()} pairs"
    )


def same_selections(
    theirs: Dataset,
    ours: Dataset,
    attribute: tuple[str, str],
    predicate: Callable[[Any], bool],
) -> None:
    stim_key = "subset" if "subset" in theirs.stim_meta[0] else "category"
    stim_value = theirs.stim_meta[0][stim_key]
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("select_pop_by_nrn_attr", attribute),
        ("select_pop_by_nrn_predicate", (predicate,)),
        ("select_pop_by_stim_attr", (stim_key, stim_value)),
        ("select_stims_by_attr", (stim_key, stim_value)),
        ("select_neuron", (theirs.N_neurons - 1,)),
        ("reset_pop_selection", ()),
        ("select_stims", ([0, len(theirs.stims) - 1],)),
        ("select_population", ([0, 1],)),
        ("reset_stim_selection", ()),
        ("reset_pop_selection", ()),
    ]
    for name, arguments in calls:
        assert getattr(theirs, name)(*arguments) == getattr(ours, name)(*arguments)
        assert len(theirs) == len(ours), name
        for left, right in zip(theirs[:], ours[:], strict=False):
            assert left == right
        shapes = [
            [
                [tuple(response.shape) for response in row]
                for row in dataset[:]["responses"]
            ]
            for dataset in (theirs, ours)
        ]
        assert shapes[0] == shapes[1], name
    report("selections", f"{len(calls)} calls: same indices, lengths and items")


def same_batches(theirs: Dataset, ours: Dataset) -> None:
    count = 0
    for left, right in zip(batches(theirs, 4), batches(ours, 4), strict=True):
        for name in ("stims", "responses", "valid_mask"):
            assert left[name].shape == right[name].shape, name
        assert torch.equal(left["valid_mask"], right["valid_mask"])
        count += 1
    shape = tuple(left["responses"].shape)
    report("batches", f"{count} of neural_collate, the last responses {shape}")


def batches(dataset: Dataset, size: int, seed: int | None = None) -> Any:
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    return DataLoader(
        dataset,
        batch_size=size,
        shuffle=seed is not None,
        generator=generator,
        collate_fn=neural_collate,
    )


def same_quality(theirs: Dataset, ours: Dataset) -> None:
    theirs.compute_neuron_quality()
    ours.compute_neuron_quality()
    for name in ("snr", "ccmax"):
        left, right = (
            torch.tensor([meta[name] for meta in dataset.nrn_meta])
            for dataset in (theirs, ours)
        )
        assert torch.allclose(left, right, rtol=1e-4, equal_nan=True), name
    report("quality", f"snr and ccmax of {theirs.N_neurons} cells equal to 1e-4")


def same_fit(theirs: Dataset, ours: Dataset, attribute: tuple[str, str]) -> None:
    scores = [fitted(dataset, attribute) for dataset in (theirs, ours)]
    difference = abs(scores[0] - scores[1])
    assert difference < CC_NORM, scores
    report(
        "Fitter",
        f"val_cc_norm {scores[0]:.6f} and {scores[1]:.6f}, difference {difference:.1e}",
    )


def fitted(dataset: Dataset, attribute: tuple[str, str]) -> float:
    """Score of a linear model after some epochs, the same for the same data."""
    set_random_seed(1)
    dataset.select_pop_by_nrn_attr(*attribute)
    stims = list(range(min(FIT_STIMS, len(dataset))))
    model = Linear(
        n_frequency_bands=dataset.F,
        temporal_window_size=9,
        out_neurons=len(dataset.I),
    )
    fitter = Fitter(
        model,
        batches(Subset(dataset, stims[:-2]), 2, seed=1),
        batches(Subset(dataset, stims[-2:]), 1),
        optimizer=torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE),
        max_epochs=EPOCHS,
        patience=EPOCHS,
        log_fn=lambda _: None,
        track_train_metrics=False,
    )
    history = fitter.fit()
    dataset.reset_pop_selection()
    assert len(history) == EPOCHS
    return float(torch.nanmean(history[-1]["val_cc_norm"]))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    native._build_asari_stim_filemap = with_slashes(native._build_asari_stim_filemap)
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
