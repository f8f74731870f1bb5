"""Scenes that the variants share, and the list of variants."""

from dataclasses import dataclass, field
from datetime import datetime, timezone

import numpy as np
import pynwb

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
#: Stimuli in the order of the trials.
HEARD = ["tone", "noise", "tone", "click", "noise", "tone"]
#: How sessions are cut: table, column of the stimulus, bins.
SPIKES = {"intervals": "trials", "column": "stimulus_name", "dtMs": 10}
VARIANTS = {}


@dataclass
class Variant:
    """One file: how pynwb makes it, and how h5py changes it afterwards."""

    make: object
    edit: object = None
    #: Options of h5py's `File`; by default the oldest layout.
    file: dict = field(default_factory=lambda: {"libver": "earliest"})
    #: Whether pynwb reads the file.
    reads: bool = True
    #: What sessions to expect: options of the reader.
    sessions: list = field(default_factory=list)


def variant(**options):
    """Registers a variant under the name of its function."""

    def register(make):
        name = make.__name__.replace("_", "-")
        VARIANTS[name] = Variant(make, **options)
        return make

    return register


def new_file(name):
    nwb = pynwb.NWBFile(
        session_description=f"Variant {name}",
        identifier=name,
        session_start_time=START,
        file_create_date=[START],
        session_id=name,
        lab="A lab",
    )
    nwb.subject = pynwb.file.Subject(
        subject_id="m1", species="Mus musculus", age="P90D", sex="F"
    )
    return nwb


def random(seed):
    return np.random.default_rng(seed)


def trial_start(at):
    return 1 + 0.5 * at


def add_trials(nwb, column="stimulus_name", heard=HEARD, seconds=0.4):
    """A trial every 0.5 s from 1 s on."""
    nwb.add_trial_column(column, "name of the stimulus")
    for at, key in enumerate(heard):
        nwb.add_trial(
            start_time=trial_start(at),
            stop_time=trial_start(at) + seconds,
            **{column: key},
        )


def spike_times(seed, count=60, stop=4.5):
    """Times at half steps of 30 kHz: never at the edge of a bin of whole ms."""
    steps = np.sort(random(seed).choice(int(stop * 30_000), count, False))
    return (steps + 0.5) / 30_000


def add_units(nwb, count=3, observed=True, **columns):
    """Units with spikes; the last one was observed in the first trials only."""
    for name in columns:
        nwb.add_unit_column(name, f"column {name}")
    for at in range(count):
        stop = 4.5 if at < count - 1 else trial_start(2) + 0.45
        times = spike_times(at)
        nwb.add_unit(
            spike_times=times[times < stop],
            **({"obs_intervals": [[0.5, stop]]} if observed else {}),
            **{name: values[at] for name, values in columns.items()},
        )


def sound(name, start=0.0, count=50, rate=1000.0, **options):
    return pynwb.TimeSeries(
        name=name,
        data=(np.arange(count) * 37 % 101 / 101 - 0.5).astype("f4"),
        unit="a.u.",
        starting_time=start,
        rate=rate,
        **options,
    )


def samples(seed, *shape):
    """Samples as an amplifier stores them."""
    return random(seed).integers(-20_000, 20_000, shape).astype("i2")


def electrodes(nwb, count=4):
    """A probe with some contacts."""
    device = nwb.create_device("probe")
    group = nwb.create_electrode_group(
        "shank", description="a shank", location="A1", device=device
    )
    for at in range(count):
        nwb.add_electrode(location=f"A1, {at}", group=group)
    return group


def region(nwb, rows):
    return nwb.create_electrode_table_region(rows, "contacts of the series")


def patch_electrode(nwb, name="pipette"):
    device = nwb.devices.get("amplifier") or nwb.create_device("amplifier")
    return nwb.create_icephys_electrode(
        name=name, description="a pipette", device=device
    )
