"""Recordings of auditory neurons, as rxephys writes and streams them.

:func:`open` opens files, :func:`stream` runs a pipeline of rxephys in a process of
Deno, and :func:`to_deepstrf`, :func:`to_xarray` and :func:`to_pynapple` convert a
dataset.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ._convert import to_deepstrf, to_pynapple, to_xarray
from ._dataset import Dataset
from ._errors import (
    DamagedError,
    DataNotFoundError,
    DenoError,
    DenoNotFoundError,
    FormatError,
    MissingExtraError,
    RecordingError,
    RxephysError,
)
from ._open import open

if TYPE_CHECKING:
    from ._stream import DenoStream, StreamItem, stream

__version__ = "0.1.0"

__all__ = [
    "DamagedError",
    "DataNotFoundError",
    "Dataset",
    "DenoError",
    "DenoNotFoundError",
    "DenoStream",
    "FormatError",
    "MissingExtraError",
    "RecordingError",
    "RxephysError",
    "StreamItem",
    "open",
    "stream",
    "to_deepstrf",
    "to_pynapple",
    "to_xarray",
]

# Their module imports torch, which takes seconds.
_STREAMS = ("DenoStream", "StreamItem", "stream")


def __getattr__(name: str) -> object:
    if name not in _STREAMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module("._stream", __name__), name)
    globals()[name] = value
    return value
