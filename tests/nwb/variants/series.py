"""Variants of series and of layouts, as pynwb writes them."""

import numpy as np
from hdmf.backends.hdf5 import H5DataIO
from hdmf.common import DynamicTable, VectorData
from pynwb import TimeSeries
from pynwb.behavior import BehavioralTimeSeries, Position, SpatialSeries
from pynwb.ecephys import LFP, ElectricalSeries, FilteredEphys
from pynwb.icephys import (
    CurrentClampSeries,
)

from .base import (
    SPIKES,
    add_trials,
    add_units,
    electrodes,
    patch_electrode,
    random,
    region,
    samples,
    sound,
    variant,
)


@variant(sessions=[{**SPIKES, "traces": "clamp"}])
def compressed(nwb):
    """gzip with shuffle and checksums; int16 with conversion and offset."""
    add_trials(nwb)
    nwb.add_acquisition(
        CurrentClampSeries(
            name="clamp",
            data=H5DataIO(
                samples(1, 4500),
                compression="gzip",
                compression_opts=9,
                shuffle=True,
                fletcher32=True,
                chunks=(999,),
            ),
            electrode=patch_electrode(nwb),
            gain=0.02,
            conversion=1e-5,
            offset=-0.0625,
            starting_time=0.25,
            rate=1000.0,
        )
    )
    packed = {"compression": "gzip", "shuffle": True}
    nwb.add_stimulus(
        TimeSeries(
            name="tone",
            data=H5DataIO(np.arange(300, dtype="f8") / 7, **packed),
            timestamps=H5DataIO(1 + np.arange(300) / 1000, **packed),
            unit="a.u.",
        )
    )


@variant(sessions=[{**SPIKES, "traces": "probe"}])
def chunked(nwb):
    """Chunks that the data do not fill, growing axes, channels of their own."""
    add_trials(nwb)
    electrodes(nwb)
    nwb.add_acquisition(
        ElectricalSeries(
            name="probe",
            data=H5DataIO(
                samples(2, 2350, 3), chunks=(800, 2), maxshape=(None, 3)
            ),
            electrodes=region(nwb, [3, 0, 2]),
            channel_conversion=[1.0, 0.5, 2.0],
            conversion=1e-6,
            starting_time=0.0,
            rate=500.0,
        )
    )
    add_units(nwb)


@variant(sessions=[{**SPIKES, "traces": "irregular"}])
def timestamps(nwb):
    """Timestamps in the place of a rate, shared by several series."""
    add_trials(nwb)
    times = np.arange(1000) / 250 + random(3).uniform(0, 1.6e-3, 1000)
    irregular = TimeSeries(
        name="irregular",
        data=random(3).uniform(-1, 1, 1000).astype("f4"),
        unit="volts",
        timestamps=times,
    )
    nwb.add_acquisition(irregular)
    nwb.add_acquisition(
        TimeSeries(
            name="shared",
            data=np.arange(1000, dtype="i4"),
            unit="a.u.",
            timestamps=irregular,
        )
    )
    nwb.add_acquisition(
        TimeSeries(
            name="same_data",
            data=irregular,
            unit="volts",
            rate=125.0,
            starting_time=0.0,
        )
    )


@variant(
    file={"libver": "latest", "fs_strategy": "page", "fs_page_size": 4096},
    sessions=[SPIKES],
)
def paged(nwb):
    """Pages, as files for the cloud have them; members in order of creation."""
    add_trials(nwb)
    add_units(nwb)


@variant(file={"userblock_size": 512})
def userblock(nwb):
    """512 bytes of something else before HDF5 begins."""
    add_trials(nwb)
    nwb.add_acquisition(sound("here"))


@variant(
    file={"libver": "latest"}, sessions=[SPIKES, {**SPIKES, "traces": "grid"}]
)
def latest(nwb):
    """The newest layout: other trees, heaps and indices of chunks."""
    add_trials(nwb)
    add_units(nwb)
    # One chunk; a fixed array; an extensible array; a tree of chunks.
    for name, options in {
        "one": {"chunks": (900, 2), "compression": "gzip"},
        "fixed": {"chunks": (80, 1)},
        "grid": {"chunks": (80, 2), "maxshape": (None, 2)},
        "tree": {"chunks": (80, 1), "maxshape": (None, None)},
    }.items():
        nwb.add_acquisition(
            TimeSeries(
                name=name,
                data=H5DataIO(samples(4, 900, 2), **options),
                unit="volts",
                conversion=1e-6,
                rate=200.0,
                starting_time=0.0,
            )
        )
    # Many members: the group needs a tree of names.
    for at in range(12):
        nwb.add_scratch(
            np.array([at]), name=f"scratch_{at:02}", description="x"
        )


@variant(sessions=[{**SPIKES, "traces": "LFP/lfp"}])
def modules(nwb):
    """Series inside interfaces inside processing modules."""
    add_trials(nwb)
    electrodes(nwb)
    module = nwb.create_processing_module("ecephys", "extracellular")
    series = ElectricalSeries(
        name="lfp",
        data=samples(5, 2000, 2),
        electrodes=region(nwb, [1, 2]),
        conversion=1e-6,
        starting_time=0.5,
        rate=500.0,
    )
    module.add(LFP(electrical_series=series, name="LFP"))
    high = ElectricalSeries(
        name="high",
        data=samples(6, 100).astype("f8"),
        electrodes=region(nwb, [0]),
        starting_time=0.0,
        rate=100.0,
    )
    module.add(FilteredEphys(electrical_series=high))
    behavior = nwb.create_processing_module("behavior", "behaviour")
    speed = TimeSeries(name="speed", data=np.arange(9.0), unit="cm/s", rate=2.0)
    behavior.add(BehavioralTimeSeries(time_series=speed))
    spatial = SpatialSeries(
        name="position",
        data=np.ones((5, 2)),
        reference_frame="box",
        timestamps=np.arange(5.0),
    )
    behavior.add(Position(spatial_series=spatial))
    behavior.add(
        DynamicTable(
            name="settings",
            description="a table of its own",
            columns=[
                VectorData(name="gain", description="gain", data=[1.0, 2.0])
            ],
        )
    )
