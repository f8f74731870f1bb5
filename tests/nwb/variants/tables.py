"""Variants of tables, as pynwb writes them."""

import numpy as np
from hdmf.backends.hdf5 import H5DataIO
from hdmf.common import VectorData
from pynwb import TimeSeries
from pynwb.epoch import TimeIntervals
from pynwb.icephys import (
    CurrentClampSeries,
    CurrentClampStimulusSeries,
    VoltageClampSeries,
)

from .base import (
    HEARD,
    SPIKES,
    add_trials,
    add_units,
    electrodes,
    patch_electrode,
    samples,
    sound,
    spike_times,
    trial_start,
    variant,
)


@variant(sessions=[{**SPIKES, "waveforms": True}, {**SPIKES, "dtMs": 15.625}])
def plain(nwb):
    """Units, trials, one sound per stimulus."""
    add_trials(nwb)
    add_units(nwb, quality=["good", "mua", "good"], depth=[100.0, 250.5, 900.0])
    for at, key in enumerate(["tone", "noise", "click"]):
        nwb.add_stimulus(sound(key, trial_start(HEARD.index(key)), 50 + at))


@variant(
    sessions=[
        {
            "intervals": "sounds_presentations",
            "column": "sound_id",
            "dtMs": 20,
            "waveforms": True,
        },
        {"intervals": "epochs", "column": "block", "dtMs": 100},
        {"intervals": "trials", "column": "choice", "dtMs": 10},
    ]
)
def intervals(nwb):
    """Five tables of intervals; tags; references to series."""
    series = sound("sounds", 0.0, 600, 100.0)
    nwb.add_stimulus(series)
    add_trials(
        nwb, "choice", ["left", "right", "left", "left", "right", "left"]
    )
    nwb.add_epoch_column("block", "number of the block")
    nwb.add_epoch(0.5, 2.5, tags=["a", "b c"], timeseries=[series], block=7)
    nwb.add_epoch(2.5, 4.5, tags=[], timeseries=[series, series], block=2)
    nwb.add_epoch(4.5, 6.0, tags=["d"], timeseries=[series], block=7)
    nwb.add_invalid_time_interval(start_time=3.1, stop_time=3.3)
    table = TimeIntervals("sounds_presentations", "sounds as played")
    table.add_column("sound_id", "number of the sound")
    table.add_column("level", "level in dB; NaN for silence")
    for at in range(8):
        table.add_interval(
            start_time=0.5 * at + 0.6,
            stop_time=0.5 * at + 0.9,
            sound_id=[4, 2, 9][at % 3],
            level=float("nan") if at == 5 else 60.0 + at,
            timeseries=[series],
        )
    nwb.add_time_intervals(table)
    nwb.add_time_intervals(TimeIntervals("empty_intervals", "no row at all"))
    add_units(nwb, observed=False)


@variant(sessions=[{**SPIKES, "column": "stim"}])
def ragged(nwb):
    """Ragged and doubly ragged columns, empty rows; a silent unit."""
    nwb.add_trial_column("tags_of_trial", "any number of words", index=True)
    nwb.add_trial_column("stim", "stimulus")
    words = [[], ["a"], [], ["b", "c", "d"], ["e"], []]
    for at, key in enumerate(HEARD):
        start = trial_start(at)
        nwb.add_trial(start, start + 0.4, tags_of_trial=words[at], stim=key)
    nwb.add_unit_column("levels", "numbers of each part", index=2)
    parts = [[[1, 2], []], [], [[], [3], [4, 5, 6]]]
    times = [spike_times(7), [], spike_times(8, 9)]
    for at, part in enumerate(parts):
        nwb.add_unit(
            spike_times=times[at],
            obs_intervals=[[0.0, 2.0], [2.4, 4.5]],
            levels=part,
        )


@variant(
    sessions=[{"intervals": "intracellular_recordings", "waveforms": True}]
)
def icephys(nwb):
    """The five tables of intracellular recordings; stimuli and templates."""
    pipette = patch_electrode(nwb)
    rows = []
    template = sound("ramp", 0.0, 200)
    nwb.add_stimulus_template(template)
    for at in range(3):
        start = 10.0 * at
        head = {
            "electrode": pipette,
            "sweep_number": at,
            "starting_time": start,
        }
        stimulus = CurrentClampStimulusSeries(
            name=f"injected_{at}",
            data=np.linspace(0, 1 + at, 200).astype("f4"),
            conversion=1e-12,
            gain=1.0,
            rate=1000.0,
            **head,
        )
        response = CurrentClampSeries(
            name=f"response_{at}",
            data=samples(10 + at, 300),
            conversion=1e-6,
            gain=1.0,
            rate=1000.0,
            stimulus_description=["step", "ramp"][at % 2],
            **head,
        )
        rows.append(
            nwb.add_intracellular_recording(
                electrode=pipette,
                stimulus=stimulus,
                stimulus_start_index=10,
                stimulus_index_count=100 + at,
                response=response,
                response_start_index=0,
                response_index_count=300,
            )
        )
    rows.append(
        nwb.add_intracellular_recording(
            electrode=pipette,
            response=VoltageClampSeries(
                name="response_only",
                data=samples(20, 100),
                electrode=pipette,
                gain=1.0,
                conversion=1e-12,
                starting_time=40.0,
                rate=1000.0,
                stimulus_description="none",
            ),
        )
    )
    at = [nwb.add_icephys_simultaneous_recording(recordings=[r]) for r in rows]
    one, two = (
        nwb.add_icephys_sequential_recording(
            simultaneous_recordings=recordings, stimulus_type=kind
        )
        for recordings, kind in [(at[:2], "step"), (at[2:], "ramp")]
    )
    repeat = nwb.add_icephys_repetition(sequential_recordings=[one, two])
    nwb.add_icephys_experimental_condition(repetitions=[repeat])


@variant()
def empty(nwb):
    """Tables without rows, series without samples, columns without values."""
    nothing = np.empty(0, "S1")
    nwb.add_trial_column("stimulus_name", "name of the stimulus", data=nothing)
    nwb.add_time_intervals(
        TimeIntervals(
            "no_rows",
            "columns without a row",
            columns=[
                VectorData(name=name, description=name, data=np.empty(0))
                for name in ["start_time", "stop_time", "level"]
            ],
        )
    )
    nwb.add_acquisition(
        TimeSeries(
            name="nothing", data=np.empty(0, "i2"), unit="volts", rate=1000.0
        )
    )
    nwb.add_acquisition(
        TimeSeries(
            name="no_rows",
            data=H5DataIO(
                np.empty((0, 4), "f4"),
                maxshape=(None, 4),
                chunks=(16, 4),
                compression="gzip",
            ),
            unit="volts",
            timestamps=np.empty(0),
        )
    )
    nwb.add_acquisition(
        TimeSeries(
            name="only_nan", data=np.full(9, np.nan), unit="volts", rate=1000.0
        )
    )
    nwb.add_unit(spike_times=np.empty(0), obs_intervals=np.empty((0, 2)))
    nwb.create_processing_module("hollow", "no content")


@variant(sessions=[SPIKES])
def bare_units(nwb):
    """Units without observed intervals, with electrodes and waveforms."""
    add_trials(nwb)
    group = electrodes(nwb)
    nwb.add_unit_column("label", "cell type", data=[])
    for at in range(3):
        nwb.add_unit(
            spike_times=spike_times(30 + at),
            electrodes=[at, at + 1][: 1 + at % 2],
            electrode_group=group,
            waveform_mean=np.arange(8.0) * at,
            label=["PV", "RS", "RS"][at],
        )


@variant(sessions=[{**SPIKES, "column": "Reiz"}])
def unicode(nwb):
    """Names and texts beyond ASCII."""
    keys = ["Ton \u00e4", "\u97f3", "Ton \u00e4", "\U0001f514", "\u97f3", ""]
    add_trials(nwb, "Reiz", keys)
    add_units(nwb, Gewebe=["Gro\u00dfhirn", "\u76ae\u8cea", ""])
    nwb.add_stimulus(sound("Glocke \U0001f514"))
    module = nwb.create_processing_module("\u51e6\u7406", "\u51e6\u7406")
    module.add(sound("\u8133\u6ce2"))
    nwb.experimenter = ["M\u00fcller, J\u00fcrgen"]
