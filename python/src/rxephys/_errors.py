"""Errors of the package, one class for each reaction of a caller.

A mistake in a call is a built-in ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

import importlib
from typing import Any


class RxephysError(Exception):
    """Base class of every error of data and processes.

    Attributes:
        path: Path of the file or folder, if one is at fault.
        member: Name of the array inside it, if one is at fault.
    """

    def __init__(
        self, message: str, path: str | None = None, member: str | None = None
    ) -> None:
        self.path = path
        self.member = member
        self._message = message
        places = [
            f'{name} "{value}"'
            for name, value in (("file", path), ("array", member))
            if value is not None
        ]
        super().__init__(message + (f" ({', '.join(places)})" if places else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._message, self.path, self.member)


class DataNotFoundError(RxephysError, FileNotFoundError):
    """Nothing is at the path: write the file, or give another path."""


class FormatError(RxephysError, ValueError):
    """No sink of rxephys wrote the file: give another one, or write it anew."""


class DamagedError(RxephysError, ValueError):
    """The file is damaged or cut short: write it anew."""


class RecordingError(RxephysError, ValueError):
    """The arrays do not make a dataset: change the chain that wrote them."""


class MissingExtraError(RxephysError, ImportError):
    """A package is missing that only some uses need: install the extra."""


class DenoError(RxephysError, RuntimeError):
    """The process of deno failed, or was killed.

    Attributes:
        code: Exit code of the process, negative for a signal; None if it never ran.
        log: Last lines that it wrote to its standard error.
    """

    def __init__(self, message: str, code: int | None = None, log: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.log = log

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._message, self.code, self.log)


class DenoNotFoundError(DenoError):
    """Neither ``deno`` nor ``npx`` is on the path: install one of them."""


def required(act: str, module: str, extra: str) -> Any:
    """Imports a module of an extra.

    Args:
        act: What needs it, as in "Cannot <act>".
        module: Name of the module.
        extra: Extra of this package that installs it.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise MissingExtraError(
            f"Cannot {act}: the package {package} is missing, expected it installed: "
            f"pip install {package}, or the extra rxephys[{extra}]"
        ) from error
