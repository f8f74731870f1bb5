"""Reader of ``toNdjson``: lines of JSON, whose data are decoded on access."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from .._errors import DamagedError, DataNotFoundError, FormatError
from .heads import Head, checked_head, parsed
from .store import Array, shaped
from .table import ParsedTable

_TEXT = b',"data":"'
_NUMBERS = b',"data":['


class NdjsonStore:
    """File with one line per array.

    All lines are read once, one at a time; a line's data, base64 or numbers, are
    decoded on access.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        # First byte of each line, by name of its array.
        self._starts: dict[str, int] = {}
        self.table = ParsedTable(self._heads())

    def array(self, head: Head) -> Array:
        with open(self.path, "rb") as file:
            file.seek(self._starts[head.name])
            line = parsed(file.readline(), self.path, head.name)
        data = line.get("data") if isinstance(line, dict) else None
        return values_of(data, head, self.path)

    def _heads(self) -> Iterator[Head]:
        counts = {"stimulus": 0, "response": 0, "rest": 0}
        end: Any = None
        for start, line in self._lines():
            if end is not None:
                raise DamagedError(
                    "Cannot read NDJSON: lines follow its end", self.path
                )
            fields = _fields(line, self.path)
            end = fields.pop("end", None)
            head = checked_head(fields, self.path)
            counts[head.type] += 1
            if head.type != "rest":
                self._starts[head.name] = start
            yield head
        total = {"stimuli": counts["stimulus"], "responses": counts["response"]}
        if end != total:
            raise DamagedError("Cannot read NDJSON: lines are missing", self.path)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines, and the byte at which each starts."""
        start = 0
        try:
            with open(self.path, "rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        raise DamagedError(
                            "Cannot read NDJSON: its last line is cut short", self.path
                        )
                    yield start, line
                    start += len(line)
        except OSError as error:
            raise DataNotFoundError(
                f"Cannot read NDJSON: {error.strerror}", self.path
            ) from error


def _fields(line: bytes, path: str) -> dict[str, Any]:
    """Fields of a line but its data, which come after all others but ``end``."""
    for mark, close in ((_TEXT, b'"'), (_NUMBERS, b"]")):
        at = line.rfind(mark)
        if at < 0:
            continue
        stop = line.find(close, at + len(mark))
        try:
            fields = json.loads(line[:at] + line[stop + 1 :])
        except (ValueError, RecursionError):
            break  # The mark is inside a text.
        if isinstance(fields, dict):
            return fields
    fields = parsed(line, path)
    if not isinstance(fields, dict):
        raise FormatError("Cannot read NDJSON: a line is no object", path)
    fields.pop("data", None)
    return fields


def values_of(data: Any, head: Head, path: str) -> Array:
    """Array of a line's data: base64 of little-endian float32, or numbers.

    Numbers that JSON lacks are null and become NaN.

    Raises:
        DamagedError: If the data are of another length or form.
    """
    try:
        if isinstance(data, str):
            content = bytearray(base64.b64decode(data, validate=True))
        else:
            content = bytearray(np.array(data, "<f4").tobytes())
    except (binascii.Error, ValueError, TypeError) as error:
        raise DamagedError(
            "Cannot read NDJSON: data are neither base64 nor numbers", path, head.name
        ) from error
    values = shaped(content, head.shape, path, head.name)
    if 4 * values.size != len(content):
        raise DamagedError(
            f"Cannot read NDJSON: data have {len(content)} bytes, expected "
            f"{4 * values.size}",
            path,
            head.name,
        )
    return values
