"""Describes HDF5 files as h5py reads them, and NWB files as pynwb reads them.

Arrays of up to 64 values are listed flat; longer ones have the SHA-256 of their
values as float64 (little-endian, C order). NaN and infinities are texts.
"""

import hashlib
import math

import h5py
import numpy as np
import pynwb
from hdmf.common import DynamicTable

LISTED = 64


def number(value):
    """A number as JSON holds it; whole numbers beyond 2**53 are texts."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    value = float(value)
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else str(value).replace("inf", "Infinity")


def array(values):
    """Shape and values of an array of numbers."""
    values = np.asarray(values)
    made = {"shape": list(values.shape)}
    if values.size <= LISTED or values.dtype.kind == "b":
        return {**made, "values": [number(value) for value in values.flat]}
    wide = np.ascontiguousarray(values, dtype="<f8")
    return {**made, "sha256": hashlib.sha256(wide.tobytes()).hexdigest()}


# HDF5, as h5py reads it.


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def stored(file, values, dtype):
    """Values of a dataset or an attribute."""
    if isinstance(values, h5py.Empty):
        return {"shape": None}
    values = np.asarray(values)
    shape = {"shape": list(values.shape)}
    if h5py.check_ref_dtype(dtype) is h5py.Reference:
        names = [file[value].name if value else None for value in values.flat]
        return {**shape, "values": names}
    if h5py.check_string_dtype(dtype) is not None or dtype.kind in "SU":
        return {**shape, "values": [text(value) for value in values.flat]}
    if dtype.names is not None:
        fields = {
            name: stored(file, values[name], dtype[name])["values"]
            for name in dtype.names
        }
        return {**shape, "fields": fields}
    if h5py.check_vlen_dtype(dtype) is not None:
        rows = [[number(item) for item in value] for value in values.flat]
        return {**shape, "values": rows}
    return array(values)


def type_of(dtype):
    """Name of a type: text, reference, compound, bool, or NumPy's name."""
    if h5py.check_ref_dtype(dtype) is h5py.Reference:
        return "reference"
    if h5py.check_string_dtype(dtype) is not None or dtype.kind in "SU":
        return "text"
    if dtype.names is not None:
        return "compound"
    if h5py.check_vlen_dtype(dtype) is not None:
        return "rows"
    return "bool" if dtype.kind == "b" else dtype.str


def attributes(file, item):
    found = {}
    for name in sorted(item.attrs):
        if name == "object_id":
            continue
        dtype = item.attrs.get_id(name).dtype
        value = stored(file, item.attrs[name], dtype)
        # Most attributes are one text or one number.
        is_one = value.get("shape") == [] and "values" in value
        found[name] = value["values"][0] if is_one else value
    return found


def dataset(file, item):
    found = {"type": type_of(item.dtype), "attributes": attributes(file, item)}
    if item.chunks is not None:
        found["chunks"] = list(item.chunks)
    filters = item.id.get_create_plist()
    names = [filters.get_filter(at)[0] for at in range(filters.get_nfilters())]
    if names:
        found["filters"] = names
    if item.external is not None:
        files = [name for name, _, _ in item.external]
        return {**found, "shape": list(item.shape), "externalFiles": files}
    # HDF5 itself has the filters 1 to 6.
    if any(name > 6 for name in names):
        return {**found, "shape": list(item.shape), "undecodable": True}
    return {**found, **stored(file, item[()], item.dtype)}


def hdf5(path):
    """All objects of a file, by path, without NWB's schema."""
    found = {}
    seen = {}

    def visit(file, group, prefix):
        found[prefix or "/"] = {"attributes": attributes(file, group)}
        for name in group:
            at = f"{prefix}/{name}"
            link = group.get(name, getlink=True)
            if at == "/specifications":
                continue
            if isinstance(link, h5py.ExternalLink):
                found[at] = {"external": [link.filename, link.path]}
            elif isinstance(link, h5py.SoftLink):
                found[at] = {"soft": link.path}
            else:
                item = group[name]
                address = h5py.h5o.get_info(item.id).addr
                if address in seen:
                    found[at] = {"same": seen[address]}
                    continue
                seen[address] = at
                if isinstance(item, h5py.Group):
                    visit(file, item, at)
                else:
                    found[at] = dataset(file, item)

    with h5py.File(path) as file:
        seen[h5py.h5o.get_info(file["/"].id).addr] = "/"
        visit(file, file, "")
    return found


# NWB, as pynwb reads it.


def series(item):
    made = {"type": type(item).__name__, "unit": item.unit}
    made["data"] = array(item.data[()])
    made["conversion"] = number(item.conversion)
    made["offset"] = number(item.offset)
    if item.rate is None:
        made["timestamps"] = array(item.timestamps[()])
    else:
        made["rate"] = number(item.rate)
        made["startingTime"] = number(item.starting_time)
    if getattr(item, "channel_conversion", None) is not None:
        made["channelConversion"] = array(item.channel_conversion[()])
    if getattr(item, "electrodes", None) is not None:
        made["electrodes"] = array(item.electrodes.data[()])
    if getattr(item, "stimulus_description", None) is not None:
        made["stimulusDescription"] = item.stimulus_description
    return made


def cell(value):
    """Value of a table as JSON holds it."""
    if isinstance(value, pynwb.base.TimeSeriesReference):
        return [int(value.idx_start), int(value.count), value.timeseries.name]
    if isinstance(value, pynwb.core.NWBContainer):
        return value.name
    if isinstance(value, (bytes, str)):
        return text(value)
    if isinstance(value, (np.ndarray, list, tuple)):
        return [cell(item) for item in value]
    if hasattr(value, "to_dataframe"):
        return [cell(item) for item in value.id[()]]
    if hasattr(value, "index") and hasattr(value, "columns"):
        return [cell(item) for item in value.index]
    return number(value)


def table(item):
    """Columns of a table: the value of each row."""
    columns = {"id": [cell(value) for value in item.id[:]]}
    for name in item.colnames:
        column = item[name]
        columns[name] = [cell(column[row]) for row in range(len(item))]
    return columns


def content(item):
    if isinstance(item, pynwb.TimeSeries):
        return series(item)
    if isinstance(item, DynamicTable):
        return table(item)
    return members(item.children)


def members(items):
    return {
        item.name: content(item)
        for item in items
        if isinstance(item, (pynwb.core.NWBContainer, DynamicTable))
    }


def nwb(path):
    """Series and tables of an NWB file."""
    with pynwb.NWBHDF5IO(path, "r", load_namespaces=True) as io:
        read = io.read()
        return {
            "session": read.session_id,
            "start": read.session_start_time.isoformat(),
            "subject": read.subject.subject_id if read.subject else None,
            "species": read.subject.species if read.subject else None,
            "acquisition": members(read.acquisition.values()),
            "stimulus": members(read.stimulus.values()),
            "templates": members(read.stimulus_template.values()),
            "processing": {
                name: members(module.data_interfaces.values())
                for name, module in read.processing.items()
            },
            "intervals": {
                name: table(item) for name, item in read.intervals.items()
            },
            "units": table(read.units) if read.units is not None else None,
        }
