import type { Presentation, Trials, Waveform } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { receiveFromThreads } from "../../platform/threads.ts";
import { eventLoopTurn } from "../../platform/timers.ts";
import {
  listedOf,
  type RemoteRead,
  type RemoteReader,
  type WorkerResult,
} from "./messages.ts";

/** The main thread as a reader: its results need no copy. */
export class LocalReader implements RemoteReader {
  readonly isRunning = true;
  readonly depth = 1;
  busy = 0;
  readonly #lists = new Map<string, readonly Presentation[]>();

  async read(
    { local, address, wanted }: RemoteRead,
    signal?: AbortSignal,
  ): Promise<WorkerResult> {
    this.busy++;
    try {
      // Workers get their next requests before this thread is busy.
      receiveFromThreads();
      await eventLoopTurn();
      const key = JSON.stringify(address);
      const list = wanted.what === "list" ? undefined : this.#lists.get(key);
      const listed = list ?? await local.presentations({ signal });
      this.#lists.set(key, listed);
      if (wanted.what === "list") {
        return { value: listed.map(listedOf), bytes: 0 };
      }
      const presentation = listed[wanted.index] as Presentation;
      const value = wanted.what === "stimulus"
        ? await presentation.stimulus.read({ signal })
        : await presentation.read({ signal });
      return { value, bytes: bytesOf(value) };
    } finally {
      this.busy--;
    }
  }

  end(): void {
    this.#lists.clear();
  }
}

function bytesOf(value: Waveform | Tensor | Trials): number {
  const arrays = arraysOf(value);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function arraysOf(
  value: Waveform | Tensor | Trials,
): readonly { readonly byteLength: number }[] {
  if ("shape" in value) return [value.data];
  if ("samples" in value) return [value.samples];
  return value.responses.flatMap((response) => response?.repeats ?? []);
}
