"""Makes a dataset of the heads of a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._dataset import Dataset, Layout, Pairs
from ._errors import FormatError, RecordingError
from ._files.heads import TALLY, Head, Meta
from ._files.store import Store


def assembled(store: Store) -> Dataset:
    """Makes a dataset whose arrays stay in the store.

    Raises:
        FormatError: If heads contradict one another.
        RecordingError: If an array is not binned and aligned, or none is there.
    """
    stimuli = _Stimuli(store).checked()
    columns = store.table.columns
    _check_responses(store, len(stimuli))
    spacing = stimuli[0].fields.get("samplesPerBin", 1)
    bins = np.array([head.shape[-1] // spacing for head in stimuli], np.int64)
    np.minimum.at(bins, columns.stimulus, columns.bins)
    tally, listed = _notes(store)
    numbers, firsts = np.unique(columns.cell, return_index=True)
    heard = {
        int(number): _response(store, int(row), stimuli[0])
        for number, row in zip(numbers, firsts, strict=True)
    }
    numbers = np.array(sorted({*listed, *heard}), np.int64)
    if numbers.size == 0:
        raise RecordingError("Cannot open dataset: it has no cells", store.path)
    layout = Layout(
        stimuli=stimuli,
        bins=[int(length) for length in bins],
        cell_meta=[_meta(listed.get(n), heard.get(n)) for n in numbers.tolist()],
        units=[
            head.fields.get("unit") if (head := heard.get(n)) else None
            for n in numbers.tolist()
        ],
        pairs=Pairs(
            columns.stimulus, np.searchsorted(numbers, columns.cell), len(numbers)
        ),
        tally=tally,
    )
    return Dataset(store, layout)


def _notes(store: Store) -> tuple[dict[str, int], dict[int, Meta]]:
    """Tally of the whole file, and the metadata of all listed cells by number."""
    tally = dict.fromkeys(TALLY, 0)
    listed: dict[int, Meta] = {}
    for head in store.table.noted():
        if head.tally is not None:
            for reason in TALLY:
                tally[reason] += head.tally[reason]
        listed.update((cell.cell, cell.meta) for cell in head.cells)
    return tally, listed


def _meta(listed: Meta | None, head: Head | None) -> Meta:
    """Metadata of a cell, which name the kind of its responses."""
    if listed is None or head is None:
        return listed or (head.meta if head else {})
    is_known = head.meta.get("signalType") == listed.get("signalType", "raw")
    return listed if is_known else head.meta


def _check_responses(store: Store, stimuli: int) -> None:
    columns = store.table.columns
    unaligned = np.flatnonzero((columns.bins < 0) | (columns.repeats == 0))
    if unaligned.size:
        raise _not_aligned(store, store.table.response(int(unaligned[0])))
    lost = np.flatnonzero(columns.stimulus >= stimuli)
    if lost.size:
        head = store.table.response(int(lost[0]))
        raise _refusal("a response has no stimulus", store, head)
    codes = columns.stimulus * (int(columns.cell.max(initial=0)) + 1) + columns.cell
    rows = np.argsort(codes, kind="stable")
    twice = rows[1:][np.diff(codes[rows]) == 0]
    if twice.size:
        head = store.table.response(int(twice[0]))
        raise _refusal("an array is there twice", store, head)


def _response(store: Store, row: int, first: Head) -> Head:
    head = store.table.response(row)
    if head.fields.get("dtMs") != first.fields["dtMs"]:
        raise _not_aligned(store, head)
    return head


class _Stimuli:
    """Stimuli of a file, in the order of their numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heads = sorted(store.table.stimuli(), key=lambda head: head.stimulus)

    def checked(self) -> list[Head]:
        if not self._heads:
            raise RecordingError(
                "Cannot open dataset: no session has a response left", self._store.path
            )
        for number, head in enumerate(self._heads):
            if head.stimulus < number:
                raise _refusal("an array is there twice", self._store, head)
            if head.stimulus > number:
                why = f"stimuli/{number} is missing"
                raise _refusal(why, self._store, head)
            self._check(head)
        return self._heads

    def _check(self, head: Head) -> None:
        fields, first = head.fields, self._heads[0]
        spacing = fields.get("samplesPerBin")
        axes = 3 if spacing is None else 2
        if not fields.get("dtMs") or len(head.shape) != axes:
            raise _not_aligned(self._store, head)
        if spacing is not None and (type(spacing) is not int or spacing < 1):
            raise self._fault("samplesPerBin is no whole number above 0", head)
        if head.shape[0] != 1:
            raise self._fault("a stimulus has several channels", head)
        bands = fields.get("bandsHz")
        if bands is not None and not _are_bands(bands, head):
            raise self._fault(f"bandsHz is no list of {head.shape[1]} numbers", head)
        span = fields.get("bandRangeHz")
        if span is not None and not (_are_positive(span) and len(span) == 2):
            raise self._fault("bandRangeHz is no pair of frequencies", head)
        for name in ("dtMs", "samplesPerBin"):
            value, expected = fields.get(name), first.fields.get(name)
            if value != expected:
                why = f"{name} is {value}, expected {expected} as of stimulus 0"
                raise self._fault(why, head)
        if spacing is None and head.shape[1] != first.shape[1]:
            why = f"F is {head.shape[1]}, expected {first.shape[1]} as of stimulus 0"
            raise self._fault(why, head)

    def _fault(self, why: str, head: Head) -> FormatError:
        return _refusal(why, self._store, head)


def _refusal(why: str, store: Store, head: Head) -> FormatError:
    return FormatError(f"Cannot open dataset: {why}", store.path, head.name)


def _not_aligned(store: Store, head: Head) -> RecordingError:
    return RecordingError(
        "Cannot open dataset: an array is not binned and aligned, expected bin() and "
        "mask() before it was written",
        store.path,
        head.name,
    )


def _are_bands(value: Any, head: Head) -> bool:
    return _are_positive(value) and len(value) == head.shape[1]


def _are_positive(value: Any) -> bool:
    return isinstance(value, list) and all(
        type(hz) in (int, float) and hz > 0 for hz in value
    )
