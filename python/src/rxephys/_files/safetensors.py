"""Reader of ``toSafetensors``: one file, mapped into memory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from .._errors import DamagedError, FormatError
from .heads import Head, head_of, parsed
from .store import Array, mapped, shaped
from .table import HeadTable, ParsedTable, ScannedTable, columns_of, places_of

_MOST_HEADER = 100_000_000
_REST = "rest"
# A head is a string, in which quotes are escaped: no pattern matches inside one.
# Literal starts let the search skip most bytes.
_STIMULUS_HEAD = re.compile(rb'"(stimuli/\d+)":"\{')
_RESPONSE_HEAD = re.compile(rb'"(responses/\d+\.\d+)":"\{')
_REST_HEAD = re.compile(rb'"rest":"\{')
_OFFSETS = rb'"data_offsets":\[(\d{1,15}),(\d{1,15})\]\}'
_STIMULUS = re.compile(
    rb'"(stimuli/\d+)":\{"dtype":"F32","shape":\[[\d,]+\],' + _OFFSETS
)
_RESPONSE = re.compile(
    rb'"(responses/(\d{1,9})\.(\d{1,9}))":\{"dtype":"F32","shape":\[(\d{1,15}),(\d{1,15})\],'
    + _OFFSETS
)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_METADATA = b'{"__metadata__":{'


class SafetensorsStore:
    """File of safetensors: a JSON header, then the data.

    Source: safetensors 0.4, "Format". NumPy maps the data, so that the package
    ``safetensors`` is not needed.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._data = mapped(path)
        length = int.from_bytes(self._data[:8], "little")
        if len(self._data) < 8 or length > min(_MOST_HEADER, len(self._data) - 8):
            raise DamagedError(
                f"Cannot read safetensors: its header has {length} bytes, the file "
                f"has {len(self._data)}",
                path,
            )
        self._start = 8 + length
        # Names of all arrays, and where the data of each start and end.
        self._offsets: tuple[list[bytes], list[tuple[int, int]]] = ([], [])
        self.table: HeadTable = self._scanned() or ParsedTable(self._parsed())

    def array(self, head: Head) -> Array:
        start, end = self._spans[head.name]
        if end - start != 4 * math.prod(head.shape):
            raise _other_tensor(self.path, head.name)
        start += self._start
        return shaped(self._data, head.shape, self.path, head.name, start)

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Where the data of each array start and end, by name."""
        names, spans = self._offsets
        return {name.decode(): span for name, span in zip(names, spans, strict=True)}

    def _scanned(self) -> ScannedTable | None:
        """Table of a header as rxephys writes it; None if it is another one."""
        header = (self._data, 8, self._start)
        if bytes(self._data[8 : 8 + len(_METADATA)]) != _METADATA:
            return None
        stimuli = list(_STIMULUS_HEAD.finditer(*header))
        responses = list(_RESPONSE_HEAD.finditer(*header))
        first = _STIMULUS.search(*header)
        if first is None:
            return None
        tensors = bytes(self._data[first.start() : self._start])
        stimulus_rows = _STIMULUS.findall(tensors)
        rows = _RESPONSE.findall(tensors)
        names = [row[0] for row in (*stimulus_rows, *rows)]
        # Another program may order arrays anew, or add some.
        is_plain = len(names) == tensors.count(b'"dtype":') and names == [
            head[1] for head in (*stimuli, *responses)
        ]
        if not is_plain:
            return None
        spans = [(int(row[-2]), int(row[-1])) for row in (*stimulus_rows, *rows)]
        self._check_size(max(end for _, end in spans))
        self._offsets = (names, spans)
        rest = _REST_HEAD.search(*header)
        return ScannedTable(
            columns=columns_of(
                [(int(s), int(n), int(r), int(t)) for _, s, n, r, t, _, _ in rows]
            ),
            stimuli=[head.end() - 2 for head in stimuli],
            responses=[head.end() - 2 for head in responses],
            notes=places_of(self._data, self._start, b'\\"tally\\":', b'\\"cells\\":'),
            rest=rest and self._read(rest.end() - 2),
            read=self._read,
            path=self.path,
        )

    def _read(self, start: int) -> Head:
        """Head whose string starts at a byte."""
        string = _STRING.match(self._data, start, self._start)
        text = parsed(string[0] if string else b"", self.path)
        return head_of(text, self.path)

    def _parsed(self) -> Iterator[Head]:
        """Heads of any other valid header."""
        header = parsed(bytes(self._data[8 : self._start]), self.path)
        texts = header.pop("__metadata__", {}) if isinstance(header, dict) else None
        if not isinstance(texts, dict):
            raise FormatError(
                "Cannot read safetensors: its header is no object", self.path
            )
        spans = [self._checked_span(name, header[name]) for name in header]
        self._check_size(max((end for _, end in spans), default=0))
        self._offsets = ([name.encode() for name in header], spans)
        for name in header:
            if name not in texts:
                raise FormatError(
                    "Cannot read safetensors: a tensor has no metadata: rxephys did "
                    "not write it",
                    self.path,
                    name,
                )
        for name, text in texts.items():
            head = head_of(text, self.path, name)
            tensor: Any = header.get(name, {})
            is_array = head.name == name and head.type != "rest"
            if is_array and (tensor.get("dtype"), tensor.get("shape")) != (
                "F32",
                list(head.shape),
            ):
                raise _other_tensor(self.path, name)
            if not is_array and (head.type, name) != ("rest", _REST):
                raise FormatError(
                    "Cannot read safetensors: metadata are of another name",
                    self.path,
                    name,
                )
            yield head

    def _checked_span(self, name: str, tensor: Any) -> tuple[int, int]:
        offsets = tensor.get("data_offsets") if isinstance(tensor, dict) else None
        match offsets:
            case [int(start), int(end)] if 0 <= start <= end:
                return start, end
        raise FormatError(
            "Cannot read safetensors: a tensor's entry is of another form",
            self.path,
            name,
        )

    def _check_size(self, end: int) -> None:
        if self._start + end == len(self._data):
            return
        raise DamagedError(
            f"Cannot read safetensors: it has {len(self._data)} bytes, expected "
            f"{self._start + end}",
            self.path,
        )


def _other_tensor(path: str, name: str) -> FormatError:
    return FormatError(
        "Cannot read safetensors: a tensor is not what its metadata state", path, name
    )
