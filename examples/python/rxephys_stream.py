"""Stimuli and responses of rxephys as torch data sets, or plain iterables.

With torch, both classes are ``torch.utils.data.IterableDataset``; without it they
are plain iterables. Each item is a dictionary::

    stimulus   float32 (1, F, T), or (1, n) of a waveform
    response   float32 (R, T): the repeats of one cell
    head       description of the response: cell, session, dtMs, meta, ...
    stimulus_head   description of the stimulus: key, durationMs, meta, ...

Train on the stream of a running deno process::

    from rxephys_stream import NdjsonStream, deno_command
    from torch.utils.data import DataLoader

    sessions = NdjsonStream(deno_command("wehr", data="~/data/CRCNS_AC1"))
    for item in DataLoader(sessions, batch_size=None):
        ...

or on a file of ``toSafetensors``::

    for item in DataLoader(SafetensorsStream("wehr.safetensors"), batch_size=None):
        ...

Needs numpy; SafetensorsStream needs safetensors, too.
"""

import base64
import json
import os
import subprocess
from pathlib import Path

import numpy as np

try:
    from torch.utils.data import IterableDataset, get_worker_info
except ModuleNotFoundError:
    IterableDataset = object

    def get_worker_info():
        """Returns None: without torch there is one process."""
        return None


ROOT = Path(__file__).resolve().parents[2]


def deno_command(dataset="wehr", data=None, dt=None, deno="deno"):
    """Command that streams a data set; see examples/stream_ndjson.ts."""
    command = [deno, "run", "-A", str(ROOT / "examples" / "stream_ndjson.ts")]
    command.append(dataset)
    if data is not None:
        command.append(os.path.expanduser(data))
    if dt is not None:
        if data is None:
            raise ValueError("data is None, expected a folder where dt is given")
        command.append(str(dt))
    return command


class NdjsonStream(IterableDataset):
    """Items of the NDJSON that a command prints.

    The command starts and ends with each iteration, and writes to a pipe. While no
    item is requested, the pipe is full and the command waits. Memory holds one line
    and all stimuli so far, since later lines refer to them.
    """

    def __init__(self, command, stderr=None):
        super().__init__()
        self.command = list(command)
        self.stderr = stderr

    def __iter__(self):
        worker = get_worker_info()
        if worker is not None and worker.num_workers > 1:
            raise ValueError(
                f"num_workers is {worker.num_workers}, expected 0 or 1: "
                "each worker would run the command and repeat the items"
            )
        process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=self.stderr
        )
        try:
            yield from items(decoded(line) for line in process.stdout)
        except GeneratorExit:
            process.terminate()
            raise
        except EOFError:
            # A command that ends early has failed; its exit code says why.
            if process.wait() == 0:
                raise
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            code = process.wait()
        if code != 0:
            raise subprocess.CalledProcessError(code, self.command)


class SafetensorsStream(IterableDataset):
    """Items of a file of ``toSafetensors``, one at a time.

    Workers of a DataLoader divide the responses among themselves.
    """

    def __init__(self, path):
        super().__init__()
        self.path = path

    def __iter__(self):
        from safetensors import safe_open

        worker = get_worker_info()
        start, step = (worker.id, worker.num_workers) if worker else (0, 1)
        with safe_open(self.path, framework="numpy") as tensors:
            heads = [json.loads(text) for text in tensors.metadata().values()]
            stimuli = {
                head["stimulus"]: head for head in heads if head["type"] == "stimulus"
            }
            responses = [head for head in heads if head["type"] == "response"]
            responses.sort(key=lambda head: (head["stimulus"], head["cell"]))
            for head in responses[start::step]:
                stimulus = stimuli[head["stimulus"]]
                yield item(
                    stimulus,
                    tensors.get_tensor(stimulus["name"]),
                    head,
                    tensors.get_tensor(head["name"]),
                )


def decoded(line):
    """Splits a line into head and values; a truncated line is an error."""
    head = json.loads(line)
    data = head.pop("data", None)
    if data is None:
        return head, None
    # torch needs a writable array, hence the copy.
    values = (
        np.frombuffer(base64.b64decode(data, validate=True), "<f4").copy()
        if isinstance(data, str)
        else np.array(data, dtype="<f4")
    )
    return head, values.reshape(head["shape"]) if "shape" in head else values


def items(arrays):
    """Pairs responses with earlier stimuli; the last array is marked."""
    stimuli = {}
    end = None
    for head, values in arrays:
        end = head.pop("end", None)
        if head["type"] == "stimulus":
            stimuli[head["stimulus"]] = (head, values)
        elif head["type"] == "response":
            stimulus_head, stimulus = stimuli[head["stimulus"]]
            yield item(stimulus_head, stimulus, head, values)
    if end is None:
        raise EOFError("the stream ended before its last line")


def item(stimulus_head, stimulus, head, response):
    """An item whose stimulus and response are cut to the bins that both have."""
    samples = stimulus_head.get("samplesPerBin", 1)
    if "dtMs" in stimulus_head and response.ndim == 2:
        bins = min(stimulus.shape[-1] // samples, response.shape[-1])
        stimulus = np.ascontiguousarray(stimulus[..., : bins * samples])
        response = np.ascontiguousarray(response[..., :bins])
    return {
        "stimulus": stimulus,
        "response": response,
        "head": head,
        "stimulus_head": stimulus_head,
    }
