"""Stimuli and responses of a running process of Deno."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from ._deno import deno_command, lines_of
from ._errors import DamagedError, FormatError
from ._files.heads import Head, checked_head, parsed
from ._files.ndjson import values_of
from ._files.store import Array

if TYPE_CHECKING:
    from torch.utils.data import IterableDataset as _Base
else:
    try:
        from torch.utils.data import IterableDataset as _Base
    except ModuleNotFoundError:

        class _Base:
            """Stands for torch's class: a stream is a plain iterable without it."""

            def __class_getitem__(cls, _item):
                return cls


_DATASETS = ("wehr", "asari", "crcnsAc1", "wingert2026")
_SHARD = "{shard}"
_SOURCE = "<deno>"


class StreamItem(TypedDict):
    """Response of one cell to one stimulus, cut to the bins that both have.

    Attributes:
        stimulus: float32 ``(1, F, T)``, or ``(1, T * samplesPerBin)`` of waveforms.
        response: float32 ``(R, T)``, the repeats of the cell.
        head: Description of the response: cell, session, dtMs, meta, ...
        stimulus_head: Description of the stimulus: key, bandsHz, meta, ...
    """

    stimulus: Array
    response: Array
    head: Mapping[str, Any]
    stimulus_head: Mapping[str, Any]


class DenoStream(_Base[StreamItem]):  # type: ignore[misc, unused-ignore]
    """Items of the NDJSON that a program of Deno prints.

    - A ``torch.utils.data.IterableDataset``, or a plain iterable without torch. For
      a ``DataLoader``, pass ``batch_size=None`` or a ``collate_fn`` of your own.
    - Each iteration starts the program anew. While no item is requested, the program
      waits. Leaving the loop ends it.
    - Workers of a ``DataLoader`` and ranks of a training job run a program each. An
      argument with ``{shard}`` is given to the program as ``INDEX/COUNT``, such as
      ``0/4``: it then streams its part alone. Without one, each program streams
      everything, and a worker keeps every COUNT-th item.
    - Numbers of stimuli and cells count within one program; ``key`` and ``meta`` are
      the same in all of them.
    - In memory: one item, and all stimuli so far, to which later lines refer.

    Args:
        arguments: Arguments of ``deno``, such as ``["run", "-A", "my_stream.ts"]``.
        deno: Path of deno, or a command; by default found as ``deno`` or ``npx``.
        cwd: Folder in which it runs.
        rank: Number of this process among ``world_size``; by default that of
            ``torch.distributed``, or of ``torchrun``'s variables.
        world_size: Number of processes.

    Raises:
        ValueError: If only one of ``rank`` and ``world_size`` is given, or they do
            not fit.
        DenoNotFoundError: In the loop, if deno cannot be started.
        DenoError: In the loop, if the program fails, with its message.
        DamagedError: In the loop, if its output is cut short.
        FormatError: In the loop, if it prints anything else than arrays.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        deno: str | Sequence[str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        rank: int | None = None,
        world_size: int | None = None,
    ) -> None:
        super().__init__()
        _check_rank(rank, world_size)
        self.arguments = list(arguments)
        self.deno = deno
        self.cwd = None if cwd is None else os.fspath(cwd)
        self.rank = rank
        self.world_size = world_size

    def __iter__(self) -> Iterator[StreamItem]:
        index, total = self.shard()
        shard = f"{index}/{total}"
        arguments = [text.replace(_SHARD, shard) for text in self.arguments]
        if arguments != self.arguments:
            index, total = 0, 1
        command = [*deno_command(self.deno), *arguments]
        lines = lines_of(command, self.cwd)
        try:
            yield from _items(lines, index, total)
        finally:
            lines.close()  # type: ignore[attr-defined]

    def shard(self) -> tuple[int, int]:
        """Number of this worker among all workers of all ranks, and their number."""
        rank, world_size = _rank_of(self.rank, self.world_size)
        worker, workers = _worker()
        return rank * workers + worker, world_size * workers


def stream(
    dataset: str,
    data: str | os.PathLike[str] | None = None,
    *,
    source: Mapping[str, Any] | None = None,
    chain: Mapping[str, Any] | None = None,
    root: str | os.PathLike[str] | None = None,
    deno: str | Sequence[str] | None = None,
    rank: int | None = None,
    world_size: int | None = None,
) -> DenoStream:
    """Streams a data set through its standard chain, straight from the archive.

    Sessions are divided among the workers of a ``DataLoader`` and the ranks of a
    training job. ``normalize`` of Wingert 2026 takes its ranges from all sessions.

    >>> import rxephys
    >>> sessions = rxephys.stream(
    ...     "wehr", "~/data/CRCNS_AC1", chain={"dtMs": 5}
    ... )

    Args:
        dataset: ``wehr``, ``asari``, ``crcnsAc1`` or ``wingert2026``.
        data: Folder, zip or address of the data; by default the data folder.
        source: Options of the source, with the names of rxephys:
            ``{"sites": ["A1"]}``.
        chain: Options of ``crcnsAc1Pipeline`` or ``wingert2026Pipeline``.
        root: Folder of a clone of rxephys; by default the variable ``RXEPHYS_ROOT``,
            or the package ``jsr:@rxephys/rxephys``.
        deno: As in :class:`DenoStream`.
        rank: As in :class:`DenoStream`.
        world_size: As in :class:`DenoStream`.

    Raises:
        ValueError: If the data set is another, or the root is no clone.
    """
    if dataset not in _DATASETS:
        raise ValueError(
            f"Cannot stream: dataset is {dataset!r}, expected one of "
            f"{', '.join(_DATASETS)}"
        )
    request = {
        "dataset": dataset,
        "data": None if data is None else os.fspath(data),
        "source": source,
        "chain": chain,
    }
    given = {name: value for name, value in request.items() if value is not None}
    script = str(Path(__file__).with_name("stream.ts"))
    arguments = [
        "run",
        "--no-prompt",
        *("--allow-read", "--allow-write", "--allow-env", "--allow-net"),
        *_imports(root or os.environ.get("RXEPHYS_ROOT")),
        *(script, json.dumps(given), _SHARD),
    ]
    return DenoStream(arguments, deno=deno, rank=rank, world_size=world_size)


def _imports(root: str | os.PathLike[str] | None) -> list[str]:
    """Arguments by which the script finds rxephys."""
    if root is not None:
        config = Path(root).expanduser() / "deno.json"
        if not config.is_file():
            raise ValueError(
                f'Cannot stream: root is "{os.fspath(root)}", expected a clone of '
                "rxephys with a deno.json"
            )
        return ["--config", str(config.resolve()), "--frozen"]
    imports = {
        "rxephys": "jsr:@rxephys/rxephys@^0.1.0",
        "rxjs": "npm:rxjs@7.8.2",
    }
    text = json.dumps({"imports": imports}, separators=(",", ":"))
    return ["--no-config", "--no-lock", f"--import-map=data:application/json,{text}"]


def _items(lines: Iterator[bytes], index: int, total: int) -> Iterator[StreamItem]:
    """Pairs every ``total``-th response, from an index on, with its stimulus."""
    stimuli: dict[int, tuple[Head, Array]] = {}
    numbers = count()
    end: Any = None
    for line in lines:
        fields = parsed(line, _SOURCE)
        if not isinstance(fields, dict):
            raise FormatError("Cannot read the stream: a line is no object")
        data, end = fields.pop("data", None), fields.pop("end", None)
        head = checked_head(fields, _SOURCE)
        if head.type == "stimulus":
            stimuli[head.stimulus] = head, values_of(data, head, _SOURCE)
        elif head.type == "response" and next(numbers) % total == index:
            if head.stimulus not in stimuli:
                raise FormatError(
                    "Cannot read the stream: a response is before its stimulus",
                    member=head.name,
                )
            yield _item(*stimuli[head.stimulus], head, values_of(data, head, _SOURCE))
    if end is None:
        raise DamagedError("Cannot read the stream: it ended before its last line")


def _item(
    stimulus_head: Head, stimulus: Array, head: Head, response: Array
) -> StreamItem:
    spacing = stimulus_head.fields.get("samplesPerBin", 1)
    if "dtMs" in stimulus_head.fields and response.ndim == 2:
        bins = min(stimulus.shape[-1] // spacing, response.shape[-1])
        stimulus = np.ascontiguousarray(stimulus[..., : bins * spacing])
        response = np.ascontiguousarray(response[..., :bins])
    return {
        "stimulus": stimulus,
        "response": response,
        "head": head.fields,
        "stimulus_head": stimulus_head.fields,
    }


def _check_rank(rank: int | None, world_size: int | None) -> None:
    if rank is None and world_size is None:
        return
    if rank is None or world_size is None or not 0 <= rank < world_size:
        raise ValueError(
            f"Cannot stream: rank is {rank} of world_size {world_size}, expected both, "
            "with rank from 0 and below world_size"
        )


def _rank_of(rank: int | None, world_size: int | None) -> tuple[int, int]:
    if rank is not None and world_size is not None:
        return rank, world_size
    distributed = sys.modules.get("torch.distributed")
    if distributed and distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ:
        return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    return 0, 1


def _worker() -> tuple[int, int]:
    """Number of this worker of a DataLoader, and of all its workers."""
    data = sys.modules.get("torch.utils.data")
    worker = data.get_worker_info() if data else None
    return (worker.id, worker.num_workers) if worker else (0, 1)
