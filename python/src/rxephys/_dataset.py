"""Stimuli and responses of one file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

import numpy as np
import numpy.typing as npt

from ._files.heads import Head, Meta
from ._files.store import Array, Store
from ._files.table import Ints

T = TypeVar("T", covariant=True)


class Pairs:
    """Pairs of a stimulus and a cell that were recorded.

    Args:
        stims: Index of the stimulus of each response of the file, ``(P,)``.
        cells: Index of its cell, ``(P,)``.
        count: Number of cells N.
    """

    def __init__(self, stims: Ints, cells: Ints, count: int) -> None:
        self._count = count
        codes = stims * count + cells
        self._rows = np.argsort(codes)
        self._codes = codes[self._rows]

    def row(self, stim: int, cell: int) -> int | None:
        """Row of a pair in the file; None if it was never recorded."""
        code = stim * self._count + cell
        place = int(np.searchsorted(self._codes, code))
        if place == len(self._codes) or self._codes[place] != code:
            return None
        return int(self._rows[place])

    def masks(self, stims: int) -> npt.NDArray[np.bool_]:
        """Whether a pair was recorded, ``(S, N)``."""
        masks = np.zeros(stims * self._count, np.bool_)
        masks[self._codes] = True
        return masks.reshape(stims, self._count)


@dataclass
class Layout:
    """Description of a dataset, whose arrays are elsewhere.

    Attributes:
        stimuli: Head of each stimulus.
        bins: Bins that each stimulus shares with all its responses.
        cell_meta: Metadata of each cell.
        units: Unit of the responses of each cell.
        pairs: Pairs that were recorded.
        tally: Repeats kept and dropped by the gate.
    """

    stimuli: Sequence[Head]
    bins: Sequence[int]
    cell_meta: Sequence[Meta]
    units: Sequence[str | None]
    pairs: Pairs
    tally: Mapping[str, int]


class LazyList(Sequence[T], Generic[T]):
    """List whose items are made on access."""

    def __init__(self, length: int) -> None:
        self._length = length

    def _item(self, index: int) -> T:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self._item(i) for i in range(*index.indices(self._length))]
        return self._item(range(self._length)[index])

    def __iter__(self) -> Iterator[T]:
        return map(self._item, range(self._length))


class Dataset:
    """Stimuli and responses of one file, whose arrays are read on access.

    - ``stims[s]`` is float32 ``(1, F, T)``, ``responses[s][n]`` float32 ``(R, T)``
      with the same T. If stimuli are waveforms, ``stims[s]`` is
      ``(1, T * samples_per_bin)``.
    - Pairs that were never recorded share one ``(1, 1)`` array of NaN, the sentinel;
      ``masks[s, n]`` is False for them. Cells without any response are kept if the
      data set has a table of cells.
    - Values of arrays are in the units of the file: see ``stim_unit`` and
      ``response_units``. Arrays may be written to; the file does not change.
    - A dataset can be pickled (as its path) and used after ``fork``.

    Attributes:
        stims: Stimuli ``[s]``.
        responses: Responses ``[s][n]``.
        masks: Whether cell n heard stimulus s, bool ``(S, N)``.
        stim_meta: Metadata of each stimulus, with the keys of the file.
        cell_meta: Metadata of each cell, with the keys of the file.
        stim_keys: Key of each stimulus, the same in every file that has it.
        durations_ms: How long each stimulus was presented, in ms.
        bins: T of each stimulus.
        dt_ms: Width of a bin in ms.
        samples_per_bin: Samples of a waveform per bin; None for spectrograms.
        tally: Repeats that the gate kept and dropped, by reason.
    """

    def __init__(self, store: Store, layout: Layout) -> None:
        """Use :func:`rxephys.open`."""
        first = layout.stimuli[0]
        self._store = store
        self._layout = layout
        self.sentinel: Array = np.full((1, 1), np.nan, np.float32)
        self.dt_ms = float(first.fields["dtMs"])
        self.samples_per_bin: int | None = first.fields.get("samplesPerBin")
        self.stim_meta: Sequence[Meta] = tuple(head.meta for head in layout.stimuli)
        self.cell_meta: Sequence[Meta] = tuple(layout.cell_meta)
        self.stim_keys: Sequence[str] = tuple(
            head.fields["key"] for head in layout.stimuli
        )
        self.durations_ms: Sequence[float] = tuple(
            float(head.fields.get("durationMs", bins * self.dt_ms))
            for head, bins in zip(layout.stimuli, layout.bins, strict=True)
        )
        self.bins: Sequence[int] = tuple(layout.bins)
        self.tally: Mapping[str, int] = dict(layout.tally)
        self.masks = layout.pairs.masks(self.S)
        self.stims: Sequence[Array] = _Stims(self)
        self.responses: Sequence[Sequence[Array]] = _Responses(self)

    @property
    def path(self) -> str:
        """Path of the file or folder."""
        return self._store.path

    @property
    def S(self) -> int:
        """Number of stimuli."""
        return len(self._layout.stimuli)

    @property
    def N(self) -> int:
        """Number of cells."""
        return len(self._layout.cell_meta)

    @property
    def F(self) -> int:
        """Number of bands of a spectrogram; 0 for waveforms."""
        return 0 if self.samples_per_bin else self._layout.stimuli[0].shape[1]

    @property
    def rate_hz(self) -> float | None:
        """Samples of a waveform per second; None for spectrograms."""
        if self.samples_per_bin is None:
            return None
        return 1000 * self.samples_per_bin / self.dt_ms

    @property
    def frequencies_hz(self) -> npt.NDArray[np.float64] | None:
        """Frequency of each band in Hz, ``(F,)``; None if the file states none."""
        bands = self._layout.stimuli[0].fields.get("bandsHz")
        return None if bands is None else np.array(bands, np.float64)

    @property
    def band_range_hz(self) -> tuple[float, float] | None:
        """Lowest and highest frequency of the bands in Hz, if the file states any."""
        fields = self._layout.stimuli[0].fields
        bands = fields.get("bandsHz") or fields.get("bandRangeHz")
        return None if bands is None else (float(bands[0]), float(bands[-1]))

    def times_ms(self, stim: int) -> npt.NDArray[np.float64]:
        """Start of each bin of a stimulus and its responses in ms, ``(T,)``."""
        return np.arange(self.bins[stim], dtype=np.float64) * self.dt_ms

    @property
    def stim_unit(self) -> str | None:
        """Unit of the stimuli, such as ``dB``; None if the file states none."""
        unit: str | None = self._layout.stimuli[0].fields.get("unit")
        return unit

    @property
    def response_units(self) -> Sequence[str | None]:
        """Unit of the responses of each cell, such as ``mV`` or ``spikes``."""
        return tuple(self._layout.units)

    @property
    def signal_type(self) -> str:
        """Kind of all responses: ``subthresh``, ``spikes``, ``raw``, or ``mixed``."""
        kinds = {str(meta.get("signalType", "raw")) for meta in self.cell_meta}
        return kinds.pop() if len(kinds) == 1 else "mixed"

    def repeats(self, stim: int, cell: int) -> int:
        """Number of repeats R of a pair, 0 if it was never recorded; reads nothing."""
        stim, cell = range(self.S)[stim], range(self.N)[cell]
        row = self._layout.pairs.row(stim, cell)
        return 0 if row is None else int(self._store.table.columns.repeats[row])

    def __repr__(self) -> str:
        pairs = int(self.masks.sum())
        shape = f"F={self.F}" if self.F else f"rate={self.rate_hz:g} Hz"
        return (
            f"<Dataset N={self.N} S={self.S} {shape} dt={self.dt_ms:g} ms "
            f"signal={self.signal_type} "
            f"coverage={round(100 * pairs / (self.S * self.N))} %>"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        from ._open import open

        return open, (os.path.abspath(self.path),)


class _Stims(LazyList[Array]):
    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset.S)
        self._dataset = dataset

    def _item(self, index: int) -> Array:
        dataset = self._dataset
        head = dataset._layout.stimuli[index]
        end = dataset.bins[index] * (dataset.samples_per_bin or 1)
        return dataset._store.array(head)[..., :end]


class _Responses(LazyList[Sequence[Array]]):
    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset.S)
        self._dataset = dataset

    def _item(self, index: int) -> Sequence[Array]:
        return _Row(self._dataset, index)


class _Row(LazyList[Array]):
    """Responses of all cells to one stimulus."""

    def __init__(self, dataset: Dataset, stim: int) -> None:
        super().__init__(dataset.N)
        self._dataset = dataset
        self._stim = stim

    def _item(self, index: int) -> Array:
        dataset = self._dataset
        row = dataset._layout.pairs.row(self._stim, index)
        if row is None:
            return dataset.sentinel
        head = dataset._store.table.response(row)
        return dataset._store.array(head)[:, : dataset.bins[self._stim]]
