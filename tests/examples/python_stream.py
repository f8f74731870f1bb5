"""Drives examples/python/rxephys_stream.py and prints what it gives as JSON.

    python python_stream.py MODE [argument ...]
"""

import hashlib
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))

import rxephys_stream as stream  # noqa: E402


def described(item):
    sha256 = {
        name: hashlib.sha256(item[name]).hexdigest() for name in ("stimulus", "response")
    }
    shapes = {name: item[name].shape for name in ("stimulus", "response")}
    return {**item["head"], "sha256": sha256, "shapes": shapes}


def peak_kb():
    """Not what getrusage says: that goes on from who started this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def slow(*command):
    """Takes every item slowly; how far was the producer ahead at most?"""
    process_ends = []
    reads = 0
    peak = 0

    class Watched(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **{**options, "stderr": subprocess.PIPE})
            process_ends.append(self)
            self.watch = threading.Thread(target=self.count)
            self.watch.start()

        def count(self):
            nonlocal reads, peak
            for line in self.stderr:
                if line == b"read\n":
                    reads += 1
                else:
                    peak = int(line)
            self.stderr.close()

    stream.subprocess.Popen = Watched
    ahead = []
    early = 0
    for taken, _ in enumerate(stream.NdjsonStream(command), start=1):
        time.sleep(0.02)
        ahead.append(reads - taken)
        if taken == 5:
            early = peak_kb()
    process_ends[0].watch.join()
    late = peak_kb()
    return {
        "items": len(ahead),
        "ahead": max(ahead),
        "producer": peak,
        "growth": 1024 * (late - early),
    }


def left(*command):
    """Leaves after the first item; is the command gone?"""
    started = []
    plain = subprocess.Popen

    def remember(*args, **options):
        started.append(plain(*args, **options))
        return started[-1]

    stream.subprocess.Popen = remember
    iterator = iter(stream.NdjsonStream(command, stderr=subprocess.DEVNULL))
    next(iterator)
    iterator.close()
    return {"code": started[0].returncode}


def workers(path):
    """What two workers of a DataLoader would get."""

    class Worker:
        num_workers = 2

        def __init__(self, id):
            self.id = id

    shares = []
    for id in range(2):
        stream.get_worker_info = lambda: Worker(id)
        shares.append([item["head"]["name"] for item in stream.SafetensorsStream(path)])
    try:
        next(iter(stream.NdjsonStream(["true"])))
    except ValueError as error:
        return {"shares": shares, "error": str(error)}


def failing(*command):
    try:
        list(stream.NdjsonStream(command, stderr=subprocess.DEVNULL))
    except (subprocess.CalledProcessError, ValueError) as error:
        return type(error).__name__


MODES = {
    "ndjson": lambda *command: [*map(described, stream.NdjsonStream(command))],
    "dataset": lambda deno, data: [
        *map(described, stream.NdjsonStream(stream.deno_command(data=data, deno=deno)))
    ],
    "safetensors": lambda path: [*map(described, stream.SafetensorsStream(path))],
    "slow": slow,
    "left": left,
    "workers": workers,
    "failing": failing,
}

if __name__ == "__main__":
    _, mode, *arguments = sys.argv
    print(json.dumps(MODES[mode](*arguments)))
