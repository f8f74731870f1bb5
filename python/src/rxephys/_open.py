"""Opens a file of any format."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._assemble import assembled
from ._errors import DataNotFoundError, FormatError
from ._files.store import mapped

if TYPE_CHECKING:
    from ._dataset import Dataset
    from ._files.store import Store


def open(path: str | os.PathLike[str]) -> Dataset:
    """Opens a dataset that a sink of rxephys wrote.

    - ``path`` is a file of ``toNdjson``, ``toNpz`` or ``toSafetensors``, or a folder
      of ``toZarr``. The content determines the format, not the name.
    - Only descriptions are read; arrays are mapped or read on access. The file must
      stay as it is as long as the dataset is in use.
    - Stimuli and responses are cut to the bins that they share, as ``readDataset``
      and ``toDataset`` of rxephys do. Cells of a table are kept without a response.

    >>> import rxephys
    >>> dataset = rxephys.open("ac1.safetensors")  # doctest: +SKIP

    Args:
        path: Path of the file or folder.

    Raises:
        DataNotFoundError: If nothing is there, or it may not be read.
        FormatError: If no sink of rxephys wrote it.
        DamagedError: If it is damaged or cut short.
        RecordingError: If its arrays are not binned and aligned.
    """
    return assembled(_store(os.fspath(path)))


def _store(path: str) -> Store:
    """Store of the format, whose module is imported only now."""
    if not isinstance(path, str):
        raise TypeError(f"Cannot open dataset: path is {path!r}, expected text")
    if not os.path.exists(path):
        raise DataNotFoundError("Cannot open dataset: nothing is there", path)
    if os.path.isdir(path):
        if not os.path.isfile(os.path.join(path, "zarr.json")):
            raise FormatError(
                "Cannot open dataset: the folder has no zarr.json, expected one of "
                "toZarr",
                path,
            )
        from ._files.zarr import ZarrStore

        return ZarrStore(path)
    start = bytes(mapped(path)[:9])
    if start.startswith(b"PK"):
        from ._files.npz import NpzStore

        return NpzStore(path)
    if start.startswith(b"{"):
        from ._files.ndjson import NdjsonStore

        return NdjsonStore(path)
    if start[8:] == b"{":
        from ._files.safetensors import SafetensorsStore

        return SafetensorsStore(path)
    raise FormatError(
        "Cannot open dataset: it is none of NDJSON, NPZ, safetensors and Zarr", path
    )
