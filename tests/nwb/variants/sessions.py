"""Presentations of an NWB file, by the plain definition."""

import math
from fractions import Fraction

import numpy as np
import pynwb

from .describe import array, cell, number


def interval_table(read, name):
    return {**read.intervals, "trials": read.trials}[name]


def presentations(table, column, invalid):
    """Rows by stimulus, in the order in which stimuli are first heard.

    Rows without a stimulus, and those that overlap with `invalid_times`, are
    none.
    """
    rows = {}
    for row in range(len(table)):
        key = cell(table[column][row])
        start, stop = table["start_time"][row], table["stop_time"][row]
        is_valid = all(stop <= begin or end <= start for begin, end in invalid)
        if is_valid and key != "":
            rows.setdefault(key, []).append(row)
    return rows


def invalid_times(read):
    table = read.invalid_times
    if table is None:
        return []
    return list(zip(table["start_time"][:], table["stop_time"][:]))


def counts(times, start, stop, dt_ms):
    """Spikes of `[start, stop)` in bins, by exact arithmetic."""
    width = Fraction(dt_ms) / 1000
    begin = Fraction(start)
    bins = max(1, round((Fraction(stop) - begin) / width))
    made = [0] * bins
    for time in times:
        at = (Fraction(time) - begin) // width
        if 0 <= at < bins and time < stop:
            made[at] += 1
    return made


def is_observed(observed, start, stop):
    return observed is None or any(
        begin <= start and stop <= end for begin, end in observed
    )


def spike_responses(read, table, rows, dt_ms):
    """Counts of each unit and row; None for a unit that nobody observed."""
    units = read.units
    responses = []
    for unit in range(len(units)):
        times = units["spike_times"][unit]
        observed = (
            units["obs_intervals"][unit]
            if "obs_intervals" in units.colnames
            else None
        )
        repeats = []
        for row in rows:
            start, stop = table["start_time"][row], table["stop_time"][row]
            if is_observed(observed, start, stop):
                repeats.append(counts(times, start, stop, dt_ms))
        responses.append(repeats or None)
    return responses


def series_of(read, name):
    """Series by name, in acquisition or in a module's interface."""
    if name in read.acquisition:
        return read.acquisition[name]
    interface, name = name.split("/")
    for module in read.processing.values():
        if interface in module.data_interfaces:
            return module[interface].electrical_series[name]
    raise KeyError(name)


def samples_of(series):
    """Samples `[n, channels]` in mV, or as they are in another unit."""
    data = np.asarray(series.data[()], "f8")
    data = data.reshape(len(data), -1)
    factors = np.ones(data.shape[1])
    if getattr(series, "channel_conversion", None) is not None:
        factors = np.asarray(series.channel_conversion[()], "f8")
    volts = data * series.conversion * factors + series.offset
    return volts * (1000 if series.unit == "volts" else 1)


def times_of(series):
    if series.timestamps is not None:
        return np.asarray(series.timestamps[()])
    start = series.starting_time or 0.0
    return start + np.arange(len(series.data)) / series.rate


def picked(values):
    """Length and sum of a trace, and every 16th sample."""
    return {
        "length": len(values),
        "sum": math.fsum(values),
        "every16th": [number(value) for value in values[::16]],
    }


def trace_responses(series, table, rows):
    """Samples of each channel and row, those with `start <= time < stop`."""
    values, times = samples_of(series), times_of(series)
    responses = [[] for _ in range(values.shape[1])]
    for row in rows:
        start, stop = table["start_time"][row], table["stop_time"][row]
        # Times of samples are rounded decimals.
        slack = 1e-9
        inside = (times >= start - slack) & (times < stop - slack)
        for channel, repeats in enumerate(responses):
            repeats.append(picked(values[inside, channel]))
    return responses


def sound_of(read, table, rows, key):
    """Samples of a stimulus: of the series referred to, or with its name."""
    if "timeseries" in table.colnames:
        reference = table["timeseries"][rows[0]][0]
        series, start = reference.timeseries, int(reference.idx_start)
        stop = start + int(reference.count)
    else:
        series, start, stop = read.stimulus[key], 0, None
    return converted(series, start, stop)


def converted(series, start, stop):
    data = np.asarray(series.data[start:stop], "f8")
    return array(data * series.conversion + series.offset)


def interval_presentations(read, options, made):
    table = interval_table(read, options["intervals"])
    rows = presentations(table, options["column"], invalid_times(read))
    if "traces" in options:
        series = series_of(read, options["traces"])
        made["rateHz"] = series.rate
    return [
        {
            "stimulus": key,
            "repeats": len(of),
            "responses": trace_responses(series, table, of)
            if "traces" in options
            else spike_responses(read, table, of, options["dtMs"]),
            **(
                {"waveform": sound_of(read, table, of, key)}
                if options.get("waveforms")
                else {}
            ),
        }
        for key, of in rows.items()
    ]


def sweep_presentations(read):
    """Recordings in volts, by the type of their sequence."""
    sweeps = {}
    for sequence in range(len(read.icephys_sequential_recordings)):
        key = read.icephys_sequential_recordings["stimulus_type"][sequence]
        groups = read.icephys_sequential_recordings["simultaneous_recordings"]
        for group in groups[sequence].index:
            recordings = read.icephys_simultaneous_recordings["recordings"]
            for row in recordings[int(group)].index:
                sweeps.setdefault(key, []).append(int(row))
    table = read.intracellular_recordings
    found = []
    for key, rows in sweeps.items():
        responses = [table["responses"]["response"][row] for row in rows]
        stimulus = table["stimuli"]["stimulus"][rows[0]]
        repeats = [
            picked(
                samples_of(response.timeseries)[
                    response.idx_start : response.idx_start + response.count, 0
                ]
            )
            for response in responses
            if response.timeseries.unit == "volts"
        ]
        found.append(
            {
                "stimulus": key,
                "repeats": len(repeats),
                "responses": [repeats],
                "waveform": converted(
                    stimulus.timeseries,
                    int(stimulus.idx_start),
                    int(stimulus.idx_start + stimulus.count),
                ),
            }
        )
    return found


def expected_sessions(path, options):
    """What a reader makes of a file with some options."""
    made = {"options": options}
    with pynwb.NWBHDF5IO(path, "r", load_namespaces=True) as io:
        read = io.read()
        made["presentations"] = (
            sweep_presentations(read)
            if options["intervals"] == "intracellular_recordings"
            else interval_presentations(read, options, made)
        )
    return made
