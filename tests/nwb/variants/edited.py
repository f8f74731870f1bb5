"""Variants that pynwb does not write itself: h5py changes its files."""

import h5py
import numpy as np
from pynwb import TimeSeries

from .base import (
    SPIKES,
    VARIANTS,
    add_trials,
    add_units,
    electrodes,
    sound,
    variant,
)


def edits(name, **options):
    """Registers how h5py changes a variant."""

    def register(edit):
        VARIANTS[name].edit = edit
        for option, value in options.items():
            setattr(VARIANTS[name], option, value)
        return edit

    return register


def replace(file, path, data, **options):
    """Puts another dataset in the place of one, with its attributes."""
    attributes = dict(file[path].attrs)
    del file[path]
    made = file.create_dataset(path, data=data, **options)
    made.attrs.update(attributes)
    return made


@variant(sessions=[SPIKES])
def strings(nwb):
    """Texts of fixed and of any length, padded or not; flags."""
    add_trials(nwb)
    units = {
        "null_padded": ["good", "mua", ""],
        "ascii": ["x", "yy", "zzz"],
        "utf8": ["\u00e4", "\u97f3", "plain"],
        "flag": [True, False, True],
        "number": [1, 2, 3],
    }
    add_units(nwb, **units)


@edits("strings")
def edit_strings(file):
    stimuli = [text for text in file["intervals/trials/stimulus_name"].asstr()]
    replace(file, "intervals/trials/stimulus_name", np.array(stimuli, "S8"))
    padded = h5py.h5t.C_S1.copy()
    padded.set_size(6)
    padded.set_strpad(h5py.h5t.STR_SPACEPAD)
    path = b"units/null_padded"
    attributes = dict(file[path].attrs)
    del file[path]
    space = h5py.h5s.create_simple((3,))
    made = h5py.h5d.create(file.id, path, padded, space)
    made.write(
        h5py.h5s.ALL,
        h5py.h5s.ALL,
        np.array([b"good  ", b"mua   ", b"      "], "S6"),
        padded,
    )
    file[path].attrs.update(attributes)
    ascii = h5py.string_dtype("ascii")
    replace(
        file, "units/ascii", np.array(["x", "yy", "zzz"], object), dtype=ascii
    )
    utf8 = h5py.string_dtype("utf-8", 12)
    values = [text.encode() for text in file["units/utf8"].asstr()]
    replace(
        file, "units/utf8", np.array(values, "S12").astype(utf8), dtype=utf8
    )
    # Attributes of either kind, too.
    group = file["intervals/trials"]
    names = [text for text in group.attrs["colnames"]]
    group.attrs.create("colnames", np.array(names, "S16"))
    group.attrs.create("neurodata_type", np.bytes_("TimeIntervals"))


NUMBERS = {
    "big_i2": ">i2",
    "big_f4": ">f4",
    "big_f8": ">f8",
    "big_u4": ">u4",
    "half": "<f2",
    "u1": "u1",
    "i1": "i1",
    "u2": "<u2",
    "i4": "<i4",
    "i8": "<i8",
    "u8": "<u8",
}


@variant()
def numbers(nwb):
    """Every type of number, in both byte orders."""
    for name, dtype in NUMBERS.items():
        kind = np.dtype(dtype)
        values = np.array([0, 1, 2, 100])
        if kind.kind == "i":
            values = np.append(values, [-1, np.iinfo(kind).min])
        if kind.kind == "f":
            values = np.append(values, [-0.5, np.inf, np.nan])
        nwb.add_acquisition(
            TimeSeries(
                name=name,
                data=values.astype(kind.newbyteorder("=")),
                unit="volts",
                rate=1000.0,
            )
        )


@edits("numbers")
def edit_numbers(file):
    for name, dtype in NUMBERS.items():
        path = f"acquisition/{name}/data"
        values = file[path][()].astype(dtype)
        if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
            values = np.append(values, np.iinfo(dtype).max).astype(dtype)
        replace(file, path, values, dtype=dtype)


@variant(sessions=[SPIKES])
def links(nwb):
    """Soft links, hard links, and links to nothing."""
    add_trials(nwb)
    add_units(nwb)
    nwb.add_stimulus(sound("tone"))
    nwb.add_acquisition(
        TimeSeries(name="original", data=np.arange(9.0), unit="volts", rate=9.0)
    )
    electrodes(nwb)


@edits("links")
def edit_links(file):
    file["acquisition/tone"] = h5py.SoftLink("/stimulus/presentation/tone")
    # pynwb names an object by the first path that it meets: same last part.
    del file["acquisition/original/data"]
    file["acquisition/original/data"] = file["stimulus/presentation/tone/data"]
    times = "units/spike_times"
    file.move(times, "stored/spike_times")
    file[times] = file["stored/spike_times"]
    file["stored/dangling"] = h5py.SoftLink("/nowhere/at/all")


@variant(reads=False)
def circles(nwb):
    """Links that lead back to where they are."""
    add_trials(nwb)
    add_units(nwb)
    nwb.add_scratch(np.arange(3), name="some", description="x")


@edits("circles")
def edit_circles(file):
    scratch = file["scratch"]
    scratch["circle"] = file["/"]
    scratch["one"] = h5py.SoftLink("/scratch/two")
    scratch["two"] = h5py.SoftLink("/scratch/one")
    file["processing/around/self"] = h5py.SoftLink("/processing/around")


@variant(reads=False)
def external(nwb):
    """Samples in another file, which is refused."""
    add_trials(nwb)
    nwb.add_acquisition(sound("here", rate=10.0))
    nwb.add_acquisition(sound("elsewhere", rate=10.0))


@edits("external")
def edit_external(file):
    path = "acquisition/elsewhere/data"
    del file[path]
    file[path] = h5py.ExternalLink("secret.nwb", "/acquisition/here/data")
    # Raw bytes in another file: another way to lead out of this one.
    path = "acquisition/raw"
    file.copy("acquisition/here", path)
    attributes = dict(file[f"{path}/data"].attrs)
    del file[f"{path}/data"]
    made = file.create_dataset(
        f"{path}/data", (50,), "f4", external=[("secret.bin", 0, 200)]
    )
    made.attrs.update(attributes)


BLOSC = 32001


@variant(reads=False, sessions=[SPIKES])
def filters(nwb):
    """Filters beside gzip; one that HDF5 itself cannot undo."""
    add_trials(nwb)
    add_units(nwb)
    for name in ["plain", "lzf", "szip", "scale_offset", "blosc"]:
        nwb.add_acquisition(sound(name, count=40, rate=8.0))


@edits("filters")
def edit_filters(file):
    whole = np.arange(-20, 20, dtype="<i4")
    replace(file, "acquisition/lzf/data", whole, compression="lzf")
    replace(file, "acquisition/szip/data", whole, compression="szip")
    replace(file, "acquisition/scale_offset/data", whole, scaleoffset=0)
    path = b"acquisition/blosc/data"
    attributes = dict(file[path].attrs)
    del file[path]
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_chunk((40,))
    # HDF5 makes a dataset with a filter that it lacks only if it is optional.
    layout.set_filter(BLOSC, h5py.h5z.FLAG_OPTIONAL, (2, 2, 4, 160, 5, 1, 0))
    space = h5py.h5s.create_simple((40,))
    made = h5py.h5d.create(file.id, path, h5py.h5t.IEEE_F32LE, space, layout)
    made.write_direct_chunk((0,), bytes(64), 0)
    file[path].attrs.update(attributes)


@variant(reads=False)
def scalars(nwb):
    """Datasets without values, of one value, and of many axes."""
    nwb.add_acquisition(sound("four_axes"))
    nwb.add_acquisition(sound("filled"))


@edits("scalars")
def edit_scalars(file):
    scratch = file.require_group("scratch")
    scratch["null"] = h5py.Empty("f8")
    scratch["number"] = np.float64(0.1)
    scratch["text"] = "one text"
    scratch["flag"] = np.True_
    scratch["whole"] = np.int64(-(2**62))
    ragged = h5py.vlen_dtype(np.dtype("<i4"))
    rows = scratch.create_dataset("vlen", (3,), ragged)
    for at, length in enumerate([2, 0, 3]):
        rows[at] = np.arange(length, dtype="<i4")
    pair = np.dtype([("a", "<i2"), ("b", "<f8")])
    scratch["pairs"] = np.array([(1, 0.5), (2, np.nan)], pair)
    scratch.attrs["null"] = h5py.Empty("S1")
    scratch.attrs["matrix"] = np.arange(6, dtype="<i2").reshape(2, 3)
    scratch.attrs["reference"] = file["acquisition"].ref
    path = "acquisition/four_axes/data"
    replace(file, path, np.arange(120, dtype="<u2").reshape(5, 4, 3, 2))
    # Storage that was never written reads as the fill value.
    path = "acquisition/filled/data"
    attributes = dict(file[path].attrs)
    del file[path]
    made = file.create_dataset(path, (6,), "<i2", fillvalue=-7, chunks=(4,))
    made.attrs.update(attributes)
    made[4:] = 1
