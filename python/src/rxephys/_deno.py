"""Processes of Deno, whose standard output is read line by line."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO

from ._errors import DamagedError, DenoError, DenoNotFoundError

_LOG_LINES = 50
_GRACE_S = 5.0
_UNCAUGHT = ("error: Uncaught (in promise) ", "error: Uncaught ", "error: ")


def deno_command(deno: str | Sequence[str] | None = None) -> list[str]:
    """Command that starts Deno 2: ``deno``, else ``npx -y deno@2``.

    Args:
        deno: Path of the program, or a command with its first arguments.

    Raises:
        DenoNotFoundError: If neither ``deno`` nor ``npx`` is on the path.
    """
    if deno is not None:
        return [deno] if isinstance(deno, str) else list(deno)
    if found := shutil.which("deno"):
        return [found]
    if found := shutil.which("npx"):
        return [found, "-y", "deno@2"]
    raise DenoNotFoundError(
        "Cannot run deno: neither deno nor npx is on the path, install Deno 2 from "
        "https://deno.com or Node.js"
    )


def lines_of(command: Sequence[str], cwd: str | None = None) -> Iterator[bytes]:
    """Runs a command and yields the lines of its standard output.

    - The output is a pipe: while no line is requested, the command waits.
    - Closing the iterator ends the command and all that it started.

    Raises:
        DenoNotFoundError: If there is no such program.
        DenoError: If the command fails; the message is the one that it printed.
        DamagedError: If the last line is cut short.
    """
    process = _started(command, cwd)
    log = _Log(process)
    stdout = process.stdout
    assert stdout is not None
    is_whole = True
    try:
        for line in stdout:
            is_whole = line.endswith(b"\n")
            if is_whole:
                yield line
        code = process.wait()
    finally:
        _stop(process)
        stdout.close()
        log.close()
    if code != 0:
        raise DenoError(_message(command, code, log.text), code, log.text)
    if not is_whole:
        raise DamagedError("Cannot read the stream: its last line is cut short")


def _started(command: Sequence[str], cwd: str | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**os.environ, "NO_COLOR": "1"},
            # npx starts deno as its child: both end as one group.
            start_new_session=True,
        )
    except OSError as error:
        raise DenoNotFoundError(
            f"Cannot run {command[0]}: {error.strerror or error}"
        ) from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that still runs, and its children no later than itself."""
    if process.poll() is not None:
        return
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_S)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    # Its group has the number of the process, and is gone with its last member.
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


class _Log:
    """Last lines that a process writes to its standard error.

    A thread reads them: a full pipe would stop the process.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        self._stream: IO[bytes] = process.stderr
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def close(self) -> None:
        # A child that outlives the process may hold the pipe open.
        self._thread.join(_GRACE_S)
        if not self._thread.is_alive():
            self._stream.close()

    def _read(self) -> None:
        for line in self._stream:
            self._lines.append(line.decode(errors="replace").rstrip())


def _message(command: Sequence[str], code: int, log: str) -> str:
    """Reason that a process gave, or how it ended."""
    for start in _UNCAUGHT:
        for line in log.splitlines():
            if line.startswith(start):
                return line.removeprefix(start)
    lines = [line for line in log.splitlines() if line.strip()]
    how = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
    why = f": {lines[-1]}" if lines else ""
    return f"Cannot read the stream: {os.path.basename(command[0])} {how}{why}"
