"""Streams of a running deno: the same items, and an end in every case."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import rxephys
from rxephys._deno import deno_command

ROOT = Path(__file__).resolve().parents[2]
NOISE = str(Path(__file__).with_name("noise_stream.ts"))
RUN = ["run", "-A", "--no-check", "--config", str(ROOT / "deno.json")]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that the test starts; all must have ended and been reaped."""
    processes: list[subprocess.Popen[bytes]] = []
    plain = subprocess.Popen

    def remember(*args: object, **options: object) -> subprocess.Popen[bytes]:
        processes.append(plain(*args, **options))  # type: ignore[call-overload]
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", remember)
    yield processes
    assert processes
    for process in processes:
        assert process.returncode is not None
        wait_for_end(process.pid)


def wait_for_end(group: int) -> None:
    deadline = time.monotonic() + 20
    while running(group):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def running(group: int) -> list[str]:
    """Processes of a group; children that wait for an init to reap them are gone."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # It has ended.
        if int(pgrp) == group and state != "Z":
            found.append(path.parent.name)
    return found


def ac1(
    files: Path, rank: int | None = None, world_size: int | None = None
) -> rxephys.DenoStream:
    return rxephys.stream(
        "crcnsAc1", files / "ac1-data", root=ROOT, rank=rank, world_size=world_size
    )


def shell(script: str) -> rxephys.DenoStream:
    return rxephys.DenoStream([script], deno=["sh", "-c"])


def test_items_are_those_of_a_file(
    files: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    dataset = rxephys.open(files / "ac1.safetensors")
    items = list(ac1(files))
    pairs = [(item["head"]["stimulus"], item["head"]["cell"]) for item in items]
    assert sorted(pairs) == [
        tuple(pair) for pair in np.argwhere(dataset.masks).tolist()
    ]
    for (s, n), item in zip(pairs, items, strict=True):
        # A dataset is cut to the bins of all cells, an item to those of its own.
        bins = dataset.bins[s]
        assert np.array_equal(item["stimulus"][..., :bins], dataset.stims[s])
        assert np.array_equal(item["response"][:, :bins], dataset.responses[s][n])
        assert item["stimulus"].shape[2] == item["response"].shape[1]
        assert item["stimulus"].flags.writeable and item["response"].flags.writeable
        assert item["stimulus_head"]["key"] == dataset.stim_keys[s]


def identities(items: Iterator[rxephys.StreamItem]) -> list[tuple[str, str]]:
    return [(item["head"]["session"], item["head"]["key"]) for item in items]


def test_ranks_divide_the_sessions(files: Path) -> None:
    whole = identities(iter(ac1(files)))
    shares = [identities(iter(ac1(files, rank=i, world_size=3))) for i in range(3)]
    assert sorted(pair for share in shares for pair in share) == sorted(whole)
    assert all(shares)
    # More ranks than sessions: the rest have nothing, and say so without an error.
    assert identities(iter(ac1(files, rank=98, world_size=99))) == []


def test_a_program_without_shards_is_divided_by_item(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = shell(f"cat '{files}/ac1.ndjson'")
    whole = identities(iter(stream))
    shares = []
    for i in range(2):
        worker = SimpleNamespace(id=i, num_workers=2)
        data = SimpleNamespace(get_worker_info=lambda worker=worker: worker)
        monkeypatch.setitem(sys.modules, "torch.utils.data", data)
        shares.append(identities(iter(stream)))
    assert shares == [whole[::2], whole[1::2]]


def test_rank_of_torchrun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "2")
    monkeypatch.setenv("WORLD_SIZE", "5")
    worker = SimpleNamespace(id=1, num_workers=4)
    data = SimpleNamespace(get_worker_info=lambda: worker)
    monkeypatch.setitem(sys.modules, "torch.utils.data", data)
    assert rxephys.DenoStream([]).shard() == (9, 20)
    assert rxephys.DenoStream([], rank=0, world_size=1).shard() == (1, 4)


def test_bad_arguments(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dataset is 'x', expected one of wehr, asari"):
        rxephys.stream("x")
    with pytest.raises(ValueError, match="expected a clone of rxephys"):
        rxephys.stream("wehr", root=tmp_path)
    for rank, world_size in ((0, None), (None, 2), (2, 2), (-1, 2)):
        with pytest.raises(ValueError, match="rank is"):
            rxephys.DenoStream([], rank=rank, world_size=world_size)


def test_without_a_clone_it_comes_from_jsr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RXEPHYS_ROOT", raising=False)
    arguments = rxephys.stream("wehr").arguments
    assert any("jsr:@rxephys/rxephys@^0.1.0" in argument for argument in arguments)
    monkeypatch.setenv("RXEPHYS_ROOT", str(ROOT))
    assert str(ROOT / "deno.json") in rxephys.stream("wehr").arguments


def test_a_stream_is_pickled() -> None:
    stream = pickle.loads(pickle.dumps(rxephys.stream("wehr", "x", root=ROOT)))
    assert isinstance(stream, rxephys.DenoStream)
    assert "--config" in stream.arguments


def peak_kb(pid: int | str) -> int:
    """Not what getrusage says: that includes the process that started this one."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc here")
def test_a_slow_reader_holds_the_program_back(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    """Presentations of 2 MB exceed what the pipe and both processes buffer."""
    import rxephys._deno as deno

    reads: list[str] = []
    plain = deno._Log._read

    def counting(log: deno._Log) -> None:
        log._lines = reads  # type: ignore[assignment]
        plain(log)

    monkeypatch.setattr(deno._Log, "_read", counting)
    ahead = []
    early = 0
    for taken, _ in enumerate(rxephys.DenoStream([*RUN, NOISE, "30"]), start=1):
        time.sleep(0.02)
        ahead.append(reads.count("read") - taken)
        early = early or peak_kb("self")
    assert len(ahead) == 30
    # One is in the pipe, one is being written.
    assert max(ahead) <= 2
    # The memory of the program, which it prints at its end.
    assert int(reads[-1]) < 200e6
    # 30 stimuli of 0.2 MB stay, responses of 2 MB do not.
    assert peak_kb("self") - early < 40_000


def test_leaving_the_loop_ends_the_program(
    started: list[subprocess.Popen[bytes]],
) -> None:
    for _ in rxephys.DenoStream([*RUN, NOISE, "100000"]):
        break
    assert started[0].returncode is not None and started[0].returncode < 0


def test_an_error_in_the_loop_ends_the_program(
    started: list[subprocess.Popen[bytes]],
) -> None:
    with pytest.raises(ZeroDivisionError):
        for _ in rxephys.DenoStream([*RUN, NOISE, "100000"]):
            raise ZeroDivisionError


def test_a_program_that_ignores_signals_is_killed(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    import rxephys._deno as deno

    monkeypatch.setattr(deno, "_GRACE_S", 0.2)
    script = f"trap '' TERM; cat '{files}/ac1.ndjson'; sleep 1000; sleep 1000"
    items = iter(shell(script))
    next(items)
    del items
    assert started[0].returncode == -9


def test_errors_of_the_program(
    files: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(rxephys.DenoError) as caught:
        list(rxephys.stream("wehr", files / "nowhere", root=ROOT))
    assert str(caught.value).startswith(
        "DataNotFoundError: Cannot find CRCNS AC1: nothing is there"
    )
    assert caught.value.code == 1
    assert "_release.ts" in caught.value.log
    with pytest.raises(rxephys.DenoError, match=r"RangeError: Cannot .*dtMs is -1"):
        list(rxephys.stream("wehr", files, chain={"dtMs": -1}, root=ROOT))


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        ("exit 3", rxephys.DenoError, "sh exited with code 3"),
        ("echo why >&2; exit 3", rxephys.DenoError, "sh exited with code 3: why"),
        ("kill -9 $$", rxephys.DenoError, "sh was ended by signal 9"),
        ('echo \'{"type":"resp\'', rxephys.FormatError, "a head is no JSON"),
        ("printf '{\"type\":'", rxephys.DamagedError, "its last line is cut short"),
        ("echo 3", rxephys.FormatError, "a line is no object"),
        ("true", rxephys.DamagedError, "it ended before its last line"),
        ("head -n 5 FILE", rxephys.DamagedError, "it ended before its last line"),
        ("head -n 5 FILE; kill -9 $$", rxephys.DenoError, "ended by signal 9"),
        ("sed 1d FILE", rxephys.FormatError, "a response is before its stimulus"),
    ],
)
def test_programs_that_fail(
    files: Path,
    started: list[subprocess.Popen[bytes]],
    script: str,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        list(shell(script.replace("FILE", f"'{files}/ac1.ndjson'")))


def test_a_program_that_dies_under_the_loop(
    files: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(rxephys.DenoError, match="was ended by signal 9"):
        for _ in rxephys.DenoStream([*RUN, NOISE, "100000"]):
            started[0].kill()


def test_many_lines_of_errors_do_not_stop_the_program(
    files: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    script = f"seq 100000 >&2; cat '{files}/ac1.ndjson'"
    assert len(list(shell(script))) == 19


def executable(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_deno_is_found_or_npx_stands_for_it(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = deno_command()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(rxephys.DenoNotFoundError) as caught:
        list(ac1(files))
    assert str(caught.value) == (
        "Cannot run deno: neither deno nor npx is on the path, install Deno 2 from "
        "https://deno.com or Node.js"
    )
    # npx is given "-y deno@2" before the arguments of deno.
    executable(tmp_path / "npx", f'shift 2; exec {" ".join(command)} "$@"')
    assert deno_command() == [str(tmp_path / "npx"), "-y", "deno@2"]
    assert len(list(ac1(files))) == 19
    executable(tmp_path / "deno", "exit 0")
    assert deno_command() == [str(tmp_path / "deno")]
    with pytest.raises(rxephys.DenoNotFoundError, match="Cannot run /no/deno"):
        list(rxephys.DenoStream([], deno="/no/deno"))


def test_children_of_npx_end_with_it(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    """npx starts deno as its child, which may ignore the signal that ends npx."""
    program = " ".join([*deno_command(), *RUN, NOISE, "100000"])
    items = iter(shell(f"(trap '' TERM; sleep 1000) & {program}; true"))
    next(items)
    items.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc here")
def test_a_killed_reader_leaves_no_program_behind(tmp_path: Path) -> None:
    """As a DataLoader kills its workers: nothing can be cleaned up."""
    code = (
        "import os, subprocess, rxephys\n"
        "plain = subprocess.Popen\n"
        "def started(*a, **k):\n"
        "    process = plain(*a, **k)\n"
        "    print(process.pid, flush=True)\n"
        "    return process\n"
        "subprocess.Popen = started\n"
        f"next(iter(rxephys.DenoStream({[*RUN, NOISE, '100000']!r})))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(rxephys.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == -9
    wait_for_end(int(run.stdout))


def test_two_streams_in_threads(files: Path) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(list(ac1(files)))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [19, 19]


def test_torch_loads_items_in_workers(files: Path) -> None:
    data = pytest.importorskip("torch.utils.data")
    loader = data.DataLoader(ac1(files), batch_size=None, num_workers=2)
    keys = [(item["head"]["session"], item["head"]["key"]) for item in loader]
    assert sorted(keys) == sorted(identities(iter(ac1(files))))
