"""Presentations of an NWB file, by the plain definition."""

import math
from fractions import Fraction

import numpy as np
import pynwb

from .describe import cell, number


def interval_table(read, name):
    return {**read.intervals, "trials": read.trials}[name]


def presentations(table, column):
    """Rows by stimulus, in the order in which stimuli are first heard."""
    rows = {}
    for row in range(len(table)):
        key = cell(table[column][row])
        rows.setdefault(key, []).append(row)
    return rows


def counts(times, start, stop, dt_ms):
    """Spikes of `[start, stop)` in bins, by exact arithmetic."""
    width = Fraction(dt_ms) / 1000
    begin = Fraction(start)
    # The end of an interval is a rounded decimal: 1e-9 of a bin is no bin.
    bins = int((Fraction(stop) - begin) / width + 1 - Fraction(1, 10**9))
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


def expected_sessions(path, options):
    """What a reader makes of a file with some options."""
    made = {"options": options}
    with pynwb.NWBHDF5IO(path, "r", load_namespaces=True) as io:
        read = io.read()
        table = interval_table(read, options["intervals"])
        rows = presentations(table, options["column"])
        if "traces" in options:
            series = series_of(read, options["traces"])
            made["rateHz"] = series.rate
        made["presentations"] = [
            {
                "stimulus": key,
                "repeats": len(of),
                "responses": trace_responses(series, table, of)
                if "traces" in options
                else spike_responses(read, table, of, options["dtMs"]),
            }
            for key, of in rows.items()
        ]
    return made
