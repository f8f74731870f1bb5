"""Reader of ``toNpz``: members of a zip, read on access."""

from __future__ import annotations

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

from .._errors import DamagedError, FormatError
from .heads import Head, head_of
from .store import Array, mapped, shaped
from .table import ParsedTable

_HEADS = "metadata.ndjson"
_LOCAL = struct.Struct("<4s22x2H")


class NpzStore:
    """NumPy's zip of uncompressed ``.npy`` members, mapped into memory.

    A member is copied and compared with its checksum on access.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._data = mapped(path)
        try:
            with zipfile.ZipFile(path) as archive:
                self._members = {info.filename: info for info in archive.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise DamagedError(f"Cannot read NPZ: {error}", path) from error
        if _HEADS not in self._members:
            raise FormatError(
                f"Cannot read NPZ: it has no {_HEADS}: rxephys did not write it", path
            )
        self.table = ParsedTable(self._heads())

    def _heads(self) -> Iterator[Head]:
        for line in bytes(self._member(_HEADS)).splitlines():
            head = head_of(line, self.path, _HEADS)
            if head.type != "rest" and f"{head.name}.npy" not in self._members:
                raise FormatError(
                    "Cannot read NPZ: a member is missing", self.path, head.name
                )
            yield head

    def array(self, head: Head) -> Array:
        member = self._member(f"{head.name}.npy")
        start = len(member) - 4 * math.prod(head.shape)
        if bytes(member[: max(0, start)]).rstrip() != _npy_header(head):
            raise FormatError(
                "Cannot read NPZ: an array is not what its metadata state",
                self.path,
                head.name,
            )
        return shaped(bytearray(member[start:]), head.shape, self.path, head.name)

    def _member(self, name: str) -> memoryview:
        info = self._members[name]
        start = info.header_offset + _LOCAL.size
        local = bytes(self._data[info.header_offset : start])
        signature, name_size, extra_size = (
            _LOCAL.unpack(local) if len(local) == _LOCAL.size else (b"", 0, 0)
        )
        start += name_size + extra_size
        member = self._data[start : start + info.file_size]
        is_whole = signature == b"PK\3\4" and len(member) == info.file_size
        if info.compress_type != zipfile.ZIP_STORED:
            raise FormatError(
                "Cannot read NPZ: a member is compressed: rxephys did not write it",
                self.path,
                name,
            )
        if not is_whole or zlib.crc32(member) != info.CRC:
            raise DamagedError(
                "Cannot read NPZ: a member's checksum is another", self.path, name
            )
        return member


def _npy_header(head: Head) -> bytes:
    """Header of a ``.npy`` member without the blanks at its end.

    Source: NumPy 1.24, ``numpy.lib.format``, "Format Version 1.0".
    """
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {head.shape}, }}"
    size = -(-(10 + len(text) + 1) // 64) * 64 - 10
    return np.lib.format.magic(1, 0) + struct.pack("<H", size) + text.encode()
