"""Common parts of the readers of all formats."""

from __future__ import annotations

import math
import mmap
import os
import sys
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .._errors import DamagedError, DataNotFoundError, FormatError
from .heads import Head
from .table import HeadTable

Array = npt.NDArray[np.float32]
"""Array of float32."""

# Writable private mappings of files beyond the memory are refused without it.
_NO_RESERVE = 0x4000 if sys.platform == "linux" else 0


class Store(Protocol):
    """Arrays of one file, which are read on access."""

    @property
    def path(self) -> str:
        """Path of the file or folder."""

    @property
    def table(self) -> HeadTable:
        """Heads of all arrays."""

    def array(self, head: Head) -> Array:
        """Array of a head, of its ``shape``.

        Writing to it changes no file. It may share memory with other results.

        Raises:
            DamagedError: If the data are missing or damaged.
        """


def mapped(path: str, member: str | None = None) -> memoryview:
    """Maps a file into memory; pages that are written to are copied first.

    Raises:
        DataNotFoundError: If there is no such file, or it may not be read.
        FormatError: If it is no file.
    """
    try:
        # A pipe would wait for its writer.
        if not os.path.isfile(path) and os.path.exists(path):
            raise FormatError("Cannot read arrays: it is no file", path, member)
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                return memoryview(b"")
            if os.name == "nt":
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
            flags = mmap.MAP_PRIVATE | _NO_RESERVE
            return memoryview(
                mmap.mmap(
                    file.fileno(), 0, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE
                )
            )
    except OSError as error:
        why = error.strerror or str(error)
        raise DataNotFoundError(
            f"Cannot read arrays: {why[:1].lower()}{why[1:]}", path, member
        ) from error


def shaped(
    data: memoryview | bytearray,
    shape: tuple[int, ...],
    path: str,
    member: str,
    start: int = 0,
) -> Array:
    """View of bytes as an array; a copy if the bytes are not aligned.

    Raises:
        DamagedError: If there are too few bytes.
    """
    count = math.prod(shape)
    left = max(0, len(data) - start)
    if left < 4 * count:
        raise DamagedError(
            f"Cannot read arrays: {left} bytes are left of {4 * count}", path, member
        )
    values: Array = np.frombuffer(data, "<f4", count, start).reshape(shape)
    return values if values.flags.aligned else values.copy()
