"""A file of 50 MB as a laboratory writes it, for reads of parts."""

import numpy as np
import pynwb
from hdmf.backends.hdf5 import H5DataIO
from pynwb.ecephys import LFP, ElectricalSeries

from .base import (
    electrodes,
    new_file,
    random,
    region,
    sound,
)

UNITS = 150
TRIALS = 390


def write_large(path):
    nwb = new_file("large")
    source = random(50)
    electrodes(nwb, 16)
    seconds = TRIALS * 2.0
    nwb.add_trial_column("stimulus_name", "name of the stimulus")
    for at in range(TRIALS):
        nwb.add_trial(2.0 * at, 2.0 * at + 1.5, stimulus_name=f"s{at % 20:02}")
    nwb.add_unit_column("quality", "by hand")
    for at in range(UNITS):
        count = int(seconds * 10)
        steps = np.sort(source.integers(0, int(seconds * 30_000), count))
        nwb.add_unit(
            spike_times=(steps + 0.5) / 30_000,
            obs_intervals=[[0.0, seconds]],
            quality=["good", "mua"][at % 2],
        )
    for at in range(20):
        nwb.add_stimulus(sound(f"s{at:02}", 0.0, 20_000, 20_000.0))
    noise = source.integers(-900, 900, (int(seconds * 1500), 16), "i2")
    lfp = ElectricalSeries(
        name="lfp",
        data=H5DataIO(noise, chunks=(4096, 16)),
        electrodes=region(nwb, list(range(16))),
        conversion=1e-6,
        starting_time=0.0,
        rate=1500.0,
    )
    nwb.create_processing_module("ecephys", "field").add(
        LFP(electrical_series=lfp)
    )
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(nwb)
