"""Descriptions of arrays, which every format stores beside the data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from .._errors import FormatError

Meta = Mapping[str, Any]
"""Metadata of a stimulus or cell, with the keys of the file."""

KINDS = ("raw", "subthresh", "spikes")
# A pair of numbers, and a number of bytes, fit into 64 bits.
_MOST_NUMBER = 2**31 - 1
_MOST_LENGTH = 2**53
TALLY = ("range", "step", "xcorr", "kept")


@dataclass(slots=True)
class ListedCell:
    """Cell of a data set that has a table of cells.

    Attributes:
        cell: Its number in the file.
        session: Id of its session, if the file states one.
        meta: Its metadata.
    """

    cell: int
    session: str | None
    meta: Meta


@dataclass(slots=True)
class Head:
    """Description of one array, or of what follows the last one.

    Attributes:
        type: ``stimulus``, ``response`` or ``rest``.
        name: ``stimuli/<s>`` or ``responses/<s>.<n>``; empty for ``rest``.
        stimulus: Number of the stimulus.
        cell: Number of the cell of a response.
        shape: Shape of the array as stored; repeats of unequal length are joined.
        lengths: Length of each repeat where they differ.
        meta: Metadata of the stimulus or of the cell.
        fields: All other fields of the file: ``dtMs``, ``unit``, ``key``, ...
        tally: Repeats kept and dropped by the gate since the array before.
        cells: Cells listed since the array before.
    """

    type: str
    name: str
    stimulus: int
    cell: int
    shape: tuple[int, ...]
    lengths: tuple[int, ...] | None
    meta: Meta
    fields: Mapping[str, Any]
    tally: Mapping[str, int] | None
    cells: Sequence[ListedCell]


def head_of(text: str | bytes, path: str, member: str | None = None) -> Head:
    """Parses and checks the JSON text of a head.

    Raises:
        FormatError: If a field is missing or invalid.
    """
    return checked_head(parsed(text, path, member), path, member)


def parsed(text: str | bytes, path: str, member: str | None = None) -> Any:
    """Parses JSON text of a file.

    Raises:
        FormatError: If it is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError("Cannot read arrays: a head is no JSON", path, member) from (
            error
        )


def checked_head(value: Any, path: str, member: str | None = None) -> Head:
    """Checks a parsed head.

    Raises:
        FormatError: If a field is missing or invalid.
    """

    def refuse(why: str) -> NoReturn:
        raise FormatError(f"Cannot read arrays: {why}", path, member)

    if not isinstance(value, dict):
        refuse("a head is no object")
    tally = value.get("tally")
    if tally is not None and not _is_tally(tally):
        refuse("tally is no count of repeats")
    cells = _listed(value.get("cells", []))
    if cells is None:
        refuse("cells is no list of numbered cells")
    kind = value.get("type")
    if kind == "rest":
        return Head("rest", "", -1, -1, (), None, {}, {}, tally, cells)
    fault = _fault(value)
    if fault is not None or kind is None:
        refuse(fault or "it has no type")
    lengths = value.get("lengths") if kind == "response" else None
    shape = value.get("shape")
    return Head(
        type=kind,
        name=value["name"],
        stimulus=value["stimulus"],
        cell=value["cell"] if kind == "response" else -1,
        shape=(sum(lengths or ()),) if shape is None else tuple(shape),
        lengths=tuple(lengths) if shape is None and lengths is not None else None,
        meta=value["meta"],
        fields=value,
        tally=tally,
        cells=cells,
    )


def _fault(head: dict[str, Any]) -> str | None:
    """First fault of the fields of an array's head."""
    kind = head.get("type")
    if kind not in ("stimulus", "response"):
        return f"type is {_shown(kind)}"
    if not _is_index(head.get("stimulus"), _MOST_NUMBER):
        return f"stimulus is {_shown(head.get('stimulus'))}"
    expected = f"stimuli/{head['stimulus']}"
    if kind == "response":
        if not _is_index(head.get("cell"), _MOST_NUMBER):
            return f"cell is {_shown(head.get('cell'))}"
        expected = f"responses/{head['stimulus']}.{head['cell']}"
    if head.get("name") != expected:
        return f"name is {_shown(head.get('name'))}, expected {expected}"
    if not isinstance(head.get("key"), str):
        return f"key is {_shown(head.get('key'))}"
    if head.get("dtype") != "float32":
        return f"dtype is {_shown(head.get('dtype'))}"
    if not isinstance(head.get("meta"), dict):
        return f"meta is {_shown(head.get('meta'))}"
    extent = head.get("shape")
    if extent is None and kind == "response":
        extent = head.get("lengths")
    if not isinstance(extent, list) or not extent or not all(map(_is_index, extent)):
        return "its shape is no list of lengths"
    # An axis of length 0 would hide the others; lengths of repeats are no axes.
    axes = head.get("shape") or [sum(extent)]
    if math.prod(max(1, length) for length in axes) > _MOST_LENGTH:
        return "its shape claims more values than a file can hold"
    for name in ("unit", "session"):
        if not isinstance(head.get(name, ""), str):
            return f"{name} is {_shown(head[name])}, expected text"
    for name in ("dtMs", "rateHz", "durationMs"):
        if name in head and not _is_number(head[name]):
            return f"{name} is {_shown(head[name])}, expected a number from 0"
    if kind == "response" and head.get("kind") not in KINDS:
        return f"kind is {_shown(head.get('kind'))}, expected {', '.join(KINDS)}"
    return None


def _listed(value: Any) -> list[ListedCell] | None:
    if not isinstance(value, list):
        return None
    cells = []
    for item in value:
        if not isinstance(item, dict) or not _is_index(item.get("cell"), _MOST_NUMBER):
            return None
        if not isinstance(item.get("meta"), dict):
            return None
        if not isinstance(item.get("session"), str | None):
            return None
        cells.append(ListedCell(item["cell"], item.get("session"), item["meta"]))
    return cells


def _is_tally(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_index(value.get(key)) for key in TALLY)


def _is_index(value: Any, most: int = _MOST_LENGTH) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < float("inf")


def _shown(value: Any) -> str:
    """Text of a value in an error; objects are not printed, however deep they are."""
    return "an object" if isinstance(value, dict | list) else str(value)[:80]
