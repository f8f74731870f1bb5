"""Converts a dataset to the objects of other packages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ._dataset import Dataset
from ._errors import required
from ._open import open

if TYPE_CHECKING:
    from deepSTRF.datasets.audio.audio_dataset import AudioNeuralDataset
    from xarray import Dataset as XarrayDataset

Source = Dataset | str | os.PathLike[str]
"""Dataset, or the path of one."""


def to_deepstrf(source: Source, *, bands: int | None = None) -> AudioNeuralDataset:
    """Makes a dataset of deepSTRF.

    - Its ``validate()``, selections, ``neural_collate``, ``concat_neural_datasets``
      and ``Fitter`` work as with deepSTRF's own loaders.
    - ``stims``, ``responses`` and ``nrn_masks`` are tensors of the same values and
      order; mapped files stay mapped. Pairs that were never recorded share one
      sentinel. In-place changes change no file.
    - Metadata have deepSTRF's keys: ``signalType`` becomes ``signal_type``,
      ``wehrCellIdx`` becomes ``_wehr_cell_idx``.

    >>> import rxephys
    >>> dataset = rxephys.to_deepstrf("ac1.safetensors")  # doctest: +SKIP

    Args:
        source: Dataset, or the path of one.
        bands: F that deepSTRF reports of waveforms: the bands of the spectrogram
            that a model makes of them. Spectrograms have their own.

    Raises:
        MissingExtraError: If deepSTRF or torch is missing.
        ValueError: If ``bands`` is missing for waveforms, or given for spectrograms.
    """
    required("make a deepSTRF dataset", "torch", "deepstrf")
    required("make a deepSTRF dataset", "deepSTRF", "deepstrf")
    from ._deepstrf import RxephysDataset

    return RxephysDataset(_opened(source), bands)


def to_xarray(source: Source, *, max_bytes: int = 2 << 30) -> XarrayDataset:
    """Makes an ``xarray.Dataset`` in memory, padded with NaN.

    - ``stimuli`` ``(stimulus, frequency, time)`` and ``responses``
      ``(stimulus, cell, repeat, time)``, float32. Waveforms are
      ``(stimulus, audio_time)``.
    - Coordinates: ``frequency`` in Hz, ``time`` and ``audio_time`` in ms (start of
      each bin), ``key`` and ``unit``, and as ``stim_<key>`` and ``cell_<key>`` every
      metadata entry that is no list.
    - A pair that was never recorded is NaN; ``recorded`` ``(stimulus, cell)`` is
      False for it.

    Args:
        source: Dataset, or the path of one.
        max_bytes: Most that the padded arrays may take.

    Raises:
        MissingExtraError: If xarray is missing.
        ValueError: If the arrays would take more than ``max_bytes``.
    """
    required("make an xarray dataset", "xarray", "xarray")
    from ._xarray import xarray_of

    return xarray_of(_opened(source), max_bytes)


def to_pynapple(source: Source, stim: int) -> dict[str, Any]:
    """Makes pynapple's time series of one stimulus and the responses to it.

    - ``stimulus``: ``TsdFrame`` ``(T, F)`` whose columns are frequencies in Hz, or
      ``Tsd`` of a waveform.
    - ``responses``: ``TsdFrame`` ``(T, R)`` of each cell that heard it, by index of
      the cell.
    - Times are in s from the onset of the stimulus: the start of each bin.

    Args:
        source: Dataset, or the path of one.
        stim: Index of the stimulus.

    Raises:
        MissingExtraError: If pynapple is missing.
        IndexError: If there is no such stimulus.
    """
    required("make time series of pynapple", "pynapple", "pynapple")
    from ._pynapple import pynapple_of

    return pynapple_of(_opened(source), stim)


def _opened(source: Source) -> Dataset:
    return source if isinstance(source, Dataset) else open(source)
