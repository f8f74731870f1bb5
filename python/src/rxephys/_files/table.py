"""Heads of a file: which arrays there are, and what each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .._errors import FormatError
from .heads import Head

Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Columns:
    """Responses of a file, one row each, in the order of the file.

    Attributes:
        stimulus: Number of the stimulus, ``(P,)``.
        cell: Number of the cell, ``(P,)``.
        repeats: Repeats R, ``(P,)``.
        bins: Bins T, ``(P,)``; -1 where repeats differ in length.
    """

    stimulus: Ints
    cell: Ints
    repeats: Ints
    bins: Ints


class HeadTable(Protocol):
    """Heads of a file."""

    @property
    def columns(self) -> Columns:
        """All responses."""

    def stimuli(self) -> Sequence[Head]:
        """Heads of all stimuli, in the order of the file."""

    def response(self, row: int) -> Head:
        """Head of a response."""

    def noted(self) -> Iterable[Head]:
        """Heads among which are all with a tally or cells."""


class ParsedTable:
    """Heads that are parsed at once."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._all = list(heads)
        self._responses = [head for head in self._all if head.type == "response"]
        rows = [
            (
                head.stimulus,
                head.cell,
                head.shape[0],
                -1 if len(head.shape) != 2 or head.lengths else head.shape[1],
            )
            for head in self._responses
        ]
        self.columns = columns_of(rows)

    def stimuli(self) -> Sequence[Head]:
        return [head for head in self._all if head.type == "stimulus"]

    def response(self, row: int) -> Head:
        return self._responses[row]

    def noted(self) -> Iterable[Head]:
        return self._all


class ScannedTable:
    """Heads that are found at once, and parsed when they are asked for.

    A file with 44,000 arrays has 34 MB of heads: parsing all takes 2 s and 250 MB.

    Args:
        columns: All responses.
        stimuli: Byte at which the head of each stimulus starts, ``(S,)``.
        responses: Byte at which the head of each response starts, ``(P,)``.
        notes: Bytes at which tallies and lists of cells start.
        rest: Head of what follows the last array, if there is one.
        read: Parses and checks the head that starts at a byte.
        path: Path of the file.
    """

    def __init__(
        self,
        columns: Columns,
        stimuli: Sequence[int],
        responses: Sequence[int],
        notes: Sequence[int],
        rest: Head | None,
        read: Callable[[int], Head],
        path: str,
    ) -> None:
        self.columns = columns
        self._stimuli = stimuli
        self._responses = np.array(responses, np.int64)
        self._notes = notes
        self._rest = rest
        self._read = read
        self._path = path

    def stimuli(self) -> Sequence[Head]:
        return [self._read(start) for start in self._stimuli]

    def response(self, row: int) -> Head:
        head = self._read(int(self._responses[row]))
        columns = self.columns
        expected = (
            columns.stimulus[row],
            columns.cell[row],
            (columns.repeats[row], columns.bins[row]),
        )
        if (head.stimulus, head.cell, head.shape) != expected:
            raise FormatError(
                "Cannot read arrays: an array is not what its metadata state",
                self._path,
                head.name,
            )
        return head

    def noted(self) -> Iterable[Head]:
        starts = np.sort(np.concatenate([self._responses, self._stimuli]))
        places = np.searchsorted(starts, self._notes, side="right") - 1
        for place in np.unique(places[places >= 0]).tolist():
            yield self._read(int(starts[place]))
        if self._rest is not None:
            yield self._rest


def columns_of(rows: Sequence[tuple[int, int, int, int]]) -> Columns:
    """Columns of rows of stimulus, cell, repeats and bins."""
    return Columns(*np.array(rows, np.int64).reshape(-1, 4).T)


def places_of(text: memoryview, end: int, *words: bytes) -> list[int]:
    """Bytes before an end of a mapped file at which one of the words starts."""
    mapping: Any = text.obj
    places = []
    for word in words:
        at = mapping.find(word, 0, end)
        while at >= 0:
            places.append(at)
            at = mapping.find(word, at + 1, end)
    return places
