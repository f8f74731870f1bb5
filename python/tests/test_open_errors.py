"""Files that are missing, foreign or damaged are errors that name them."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rxephys

FORMATS = ("ndjson", "numbers.ndjson", "npz", "safetensors", "zarr")


def text_of(path: Path, error: type[rxephys.RxephysError]) -> str:
    """Message of the error on opening and reading all."""
    with pytest.raises(error) as caught:
        read(path)
    assert caught.value.path == str(path)
    return str(caught.value).replace(str(path), "PATH")


def read(path: Path) -> float:
    dataset = rxephys.open(path)
    arrays = [*dataset.stims, *(array for row in dataset.responses for array in row)]
    return float(sum(np.nansum(array) for array in arrays))


def test_nothing_is_there(tmp_path: Path) -> None:
    path = tmp_path / "no.safetensors"
    message = 'Cannot open dataset: nothing is there (file "PATH")'
    assert text_of(path, rxephys.DataNotFoundError) == message
    with pytest.raises(FileNotFoundError):
        rxephys.open(path)
    with pytest.raises(TypeError):
        rxephys.open(3)  # type: ignore[arg-type]


def test_files_of_others(tmp_path: Path) -> None:
    path = tmp_path / "x"
    none = "it is none of NDJSON, NPZ, safetensors and Zarr"
    for content in (b"", b"hello, world\n", b"\x93NUMPY\x01\x00"):
        path.write_bytes(content)
        message = f'Cannot open dataset: {none} (file "PATH")'
        assert text_of(path, rxephys.FormatError) == message
    np.savez(tmp_path / "x.npz", a=np.zeros(3))
    assert "rxephys did not write it" in text_of(
        tmp_path / "x.npz", rxephys.FormatError
    )
    path.write_text('{"a": 1}\n')
    assert text_of(path, rxephys.FormatError) == (
        'Cannot read arrays: type is None (file "PATH")'
    )
    assert text_of(tmp_path, rxephys.FormatError) == (
        "Cannot open dataset: the folder has no zarr.json, expected one of toZarr "
        '(file "PATH")'
    )
    (tmp_path / "zarr.json").write_text('{"zarr_format": 3, "node_type": "group"}')
    assert "its metadata are not consolidated" in text_of(tmp_path, rxephys.FormatError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert "it is no file" in text_of(path, rxephys.FormatError)


def test_arrays_that_are_not_binned(files: Path) -> None:
    assert text_of(files / "raw.safetensors", rxephys.RecordingError) == (
        "Cannot open dataset: an array is not binned and aligned, expected bin() and "
        'mask() before it was written (file "PATH", array "stimuli/0")'
    )


def test_files_that_are_cut_short(files: Path, tmp_path: Path) -> None:
    for form in FORMATS[:-1]:
        content = (files / f"ac1.{form}").read_bytes()
        path = tmp_path / f"ac1.{form}"
        for size in (len(content) - 1, len(content) // 2, 100):
            path.write_bytes(content[:size])
            assert text_of(path, rxephys.RxephysError)
        path.write_bytes(content)
        assert read(path)


def test_zarr_with_a_lost_or_torn_chunk(files: Path, tmp_path: Path) -> None:
    path = tmp_path / "ac1.zarr"
    shutil.copytree(files / "ac1.zarr", path)
    chunk = path / "stimuli/1/c/0/0/0"
    size = chunk.stat().st_size
    os.truncate(chunk, size - 4)
    assert text_of(path, rxephys.DamagedError) == (
        f"Cannot read Zarr: a chunk has {size - 4} bytes, expected {size} "
        '(file "PATH", array "stimuli/1")'
    )
    chunk.unlink()
    assert text_of(path, rxephys.DamagedError) == (
        'Cannot read Zarr: a chunk is missing (file "PATH", array "stimuli/1")'
    )


def test_npz_with_a_flipped_value(files: Path, tmp_path: Path) -> None:
    content = bytearray((files / "ac1.npz").read_bytes())
    content[1000] ^= 1
    path = tmp_path / "ac1.npz"
    path.write_bytes(content)
    assert "checksum is another" in text_of(path, rxephys.DamagedError)


@pytest.mark.parametrize("form", FORMATS)
def test_damage_anywhere_is_an_error_of_the_package(
    files: Path, tmp_path: Path, form: str
) -> None:
    """A flipped byte may change a value; it never raises anything else."""
    source = files / f"ac1.{form}"
    path = tmp_path / source.name
    target = path
    if source.is_dir():
        shutil.copytree(source, path)
        source, target = source / "zarr.json", path / "zarr.json"
    content = source.read_bytes()
    numbers = random.Random(1)
    # Half of the faults are in the first 2 kB: headers and descriptions.
    places = [numbers.randrange(len(content)) for _ in range(30)]
    places += [numbers.randrange(min(len(content), 2000)) for _ in range(30)]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << numbers.randrange(8)
        target.write_bytes(damaged)
        try:
            read(path)
        except rxephys.RxephysError as error:
            assert error.path == str(path)


def with_head(change: Callable[[str], str]) -> Callable[[Path, Path], Path]:
    def changed(source: Path, folder: Path) -> Path:
        path = folder / "x.ndjson"
        path.write_text(change(source.read_text()))
        return path

    return changed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"dtMs":5,', '"dtMs":-5,', "dtMs is -5, expected a number from 0"),
        ('"kind":"subthresh"', '"kind":"?"', "kind is ?, expected raw, subthresh"),
        ('"stimulus":1,', '"stimulus":99,', "name is stimuli/1, expected stimuli/99"),
        ('"dtype":"float32"', '"dtype":"float64"', "dtype is float64"),
        ('"tally":{', '"tally":3,"x":{', "tally is no count of repeats"),
        ('"bandsHz":[', '"bandsHz":[1,', "bandsHz is no list of 53 numbers"),
        ('"shape":[1,', '"shape":[-1,', "its shape is no list of lengths"),
        ('"shape":[1,', f'"shape":[{10**30},', "its shape is no list of lengths"),
        ('"shape":[1,', f'"shape":[0,{10**15},{10**15},', "claims more values"),
        ('"cell":1,', f'"cell":{10**10},', f"cell is {10**10}"),
        ('"unit":"dB"', '"unit":3', "unit is 3, expected text"),
        ('"meta":{', f'"x":{"[" * 100_000},"meta":{{', "a head is no JSON"),
    ],
)
def test_wrong_fields(
    files: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (files / "ac1.ndjson").read_text()
    assert old in text
    path = with_head(lambda text: text.replace(old, new, 1))(
        files / "ac1.ndjson", tmp_path
    )
    assert message in text_of(path, rxephys.FormatError)


def test_lines_that_are_missing_or_twice(files: Path, tmp_path: Path) -> None:
    lines = (files / "ac1.ndjson").read_text().splitlines(keepends=True)
    path = tmp_path / "x.ndjson"
    path.write_text("".join(lines[:-1]))
    assert "lines are missing" in text_of(path, rxephys.DamagedError)
    path.write_text("".join([*lines, lines[0]]))
    assert "lines follow its end" in text_of(path, rxephys.DamagedError)
    counted = lines[-1].replace('"responses":19', '"responses":20')
    assert counted != lines[-1]
    path.write_text("".join([*lines[:2], lines[1], *lines[2:-1], counted]))
    assert "an array is there twice" in text_of(path, rxephys.FormatError)


def test_numbers_beyond_64_bits_in_a_header(files: Path, tmp_path: Path) -> None:
    content = (files / "ac1.safetensors").read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + size].decode()
    path = tmp_path / "x.safetensors"
    for old in ('"responses/0.0":{"dtype":"F32","shape":[4,', '"data_offsets":[0,'):
        new = old.replace("4,", f"{10**30},").replace("[0,", f"[{10**30},")
        assert header.count(old) == 1
        changed = header.replace(old, new).encode()
        parts = [len(changed).to_bytes(8, "little"), changed, content[8 + size :]]
        path.write_bytes(b"".join(parts))
        assert text_of(path, rxephys.FormatError)
