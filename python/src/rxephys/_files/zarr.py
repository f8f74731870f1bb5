"""Reader of ``toZarr``: a folder of chunks, mapped or read on access."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from .._errors import DamagedError, FormatError, MissingExtraError, required
from .heads import Head, checked_head, parsed
from .store import Array, mapped, shaped
from .table import HeadTable, ParsedTable, ScannedTable, columns_of, places_of

_CODECS = [{"name": "bytes", "configuration": {"endian": "little"}}]
# Linux maps 65,530 pieces of memory at most: small chunks are read instead.
_MAPPED = 1 << 18
# toZarr writes the entry of each array on a line of its own. Literal starts let the
# search skip most bytes.
_NODE = rb'":\{"zarr_format":3,"node_type":"array","shape":\['
_STIMULUS = re.compile(rb'\n,"stimuli/\d+' + _NODE)
_RESPONSE = re.compile(
    rb'\n,"responses/(\d{1,9})\.(\d{1,9})' + _NODE + rb"(\d{1,15}),(\d{1,15})\],"
)
_END = b"\n}}}"


class ZarrStore:
    """Zarr v3 folder whose root holds the metadata of all arrays.

    Chunks as ``toZarr`` writes them (uncompressed, cut along time alone) need
    NumPy alone. Arrays that another program encoded anew need the package
    ``zarr``.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._root = mapped(os.path.join(path, "zarr.json"), "zarr.json")
        # Bins in a chunk of each array seen so far; None if another program wrote it.
        self._widths: dict[str, int | None] = {}
        self.table: HeadTable = self._scanned() or ParsedTable(self._parsed())

    def array(self, head: Head) -> Array:
        if 0 in head.shape:
            return np.zeros(head.shape, np.float32)
        width = self._widths[head.name]
        if width is None:
            return self._decoded(head)
        count = -(-head.shape[-1] // width)
        chunks = [self._chunk(head, i, width) for i in range(count)]
        if count == 1:
            return chunks[0][..., : head.shape[-1]]
        joined: Array = np.concatenate(chunks, axis=-1)
        return joined[..., : head.shape[-1]]

    def _scanned(self) -> ScannedTable | None:
        """Table of a root as ``toZarr`` writes it; None if it is another one."""
        root = self._root
        stimuli = [entry.start() + 2 for entry in _STIMULUS.finditer(root)]
        responses = list(_RESPONSE.finditer(root))
        arrays = places_of(root, len(root), b'\n,"stimuli/', b'\n,"responses/')
        is_plain = len(arrays) == len(stimuli) + len(responses) > 0
        if not is_plain or bytes(root[-len(_END) :]) != _END:
            return None
        group = bytes(root[: min(arrays)]) + _END
        return ScannedTable(
            columns=columns_of([_row(entry) for entry in responses]),
            stimuli=stimuli,
            responses=[entry.start() + 2 for entry in responses],
            notes=places_of(root, len(root), b'"tally":', b'"cells":'),
            rest=self._rest(parsed(group, self.path, "zarr.json")),
            read=self._read,
            path=self.path,
        )

    def _read(self, start: int) -> Head:
        """Head of the array whose entry starts at a byte of the root."""
        mapping: Any = self._root.obj
        line = bytes(self._root[start : mapping.find(b"\n", start)])
        entry = parsed(b"{" + line + b"}", self.path, "zarr.json")
        ((name, node),) = entry.items()
        return self._head(name, node)

    def _parsed(self) -> Iterator[Head]:
        """Heads of any other root with consolidated metadata."""
        root = parsed(bytes(self._root), self.path, "zarr.json")
        match root:
            case {"consolidated_metadata": {"metadata": dict(nodes)}}:
                pass
            case _:
                raise FormatError(
                    "Cannot read Zarr: its metadata are not consolidated: rxephys did "
                    "not write it",
                    self.path,
                )
        for name, node in nodes.items():
            if not isinstance(node, dict):
                raise FormatError(
                    "Cannot read Zarr: metadata are no object", self.path, name
                )
            if node.get("node_type") == "array":
                yield self._head(name, node)
        rest = self._rest(root)
        if rest is not None:
            yield rest

    def _rest(self, root: Any) -> Head | None:
        match root:
            case {"attributes": {"rest": rest}}:
                return checked_head(rest, self.path, "zarr.json")
        return None

    def _head(self, name: str, node: dict[str, Any]) -> Head:
        head = checked_head(node.get("attributes"), self.path, name)
        if head.name != name or node.get("shape") != list(head.shape):
            raise FormatError(
                "Cannot read Zarr: an array is not what its attributes state",
                self.path,
                name,
            )
        self._widths[name] = _width(node, head)
        return head

    def _chunk(self, head: Head, index: int, width: int) -> Array:
        """Chunk of the last axis; all others are whole."""
        key = "/".join(["0"] * (len(head.shape) - 1) + [str(index)])
        path = os.path.join(self.path, head.name, "c", key)
        shape = (*head.shape[:-1], width)
        size = 4 * math.prod(shape)
        try:
            # Zarr's own readers take a missing chunk for zeros.
            found = os.path.getsize(path)
            if found != size:
                raise DamagedError(
                    f"Cannot read Zarr: a chunk has {found} bytes, expected {size}",
                    self.path,
                    head.name,
                )
            if size >= _MAPPED:
                data: memoryview | bytearray = mapped(path, head.name)
            else:
                with open(path, "rb") as file:
                    data = bytearray(file.read())
        except FileNotFoundError as error:
            raise DamagedError(
                "Cannot read Zarr: a chunk is missing", self.path, head.name
            ) from error
        return shaped(data, shape, self.path, head.name)

    def _decoded(self, head: Head) -> Array:
        zarr = required("read Zarr that another program encoded", "zarr", "zarr")
        if zarr.__version__.startswith(("0.", "1.", "2.")):
            raise MissingExtraError(
                "Cannot read Zarr that another program encoded: the package zarr is "
                f"{zarr.__version__}, expected 3.1 or later",
                self.path,
                head.name,
            )
        try:
            group = zarr.open_group(self.path, mode="r")
            values: Array = np.array(group[head.name][...], dtype=np.float32)
        except Exception as error:  # Those of zarr and of every codec.
            raise DamagedError(
                f"Cannot read Zarr: {error}", self.path, head.name
            ) from error
        return values


def _row(entry: re.Match[bytes]) -> tuple[int, int, int, int]:
    stimulus, cell, repeats, bins = entry.groups()
    return int(stimulus), int(cell), int(repeats), int(bins)


def _width(node: dict[str, Any], head: Head) -> int | None:
    """Bins in a chunk of an array that is encoded as ``toZarr`` does, else None."""
    match node:
        case {
            "data_type": "float32",
            "codecs": codecs,
            "chunk_grid": {"configuration": {"chunk_shape": [*rows, int(width)]}},
            "chunk_key_encoding": {
                "name": "default",
                "configuration": {"separator": "/"},
            },
        } if codecs == _CODECS and rows == list(head.shape[:-1]) and width > 0:
            return width
    return None
