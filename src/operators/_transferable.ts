import type { Samples, Signal, Trials } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** A value whose arrays can leave the thread. */
export interface Sendable<Value> {
  readonly value: Value;
  readonly buffers: readonly ArrayBuffer[];
  readonly bytes: number;
}

/**
 * Copies of the arrays of what was read: an array may be a view of a larger
 * buffer, or what a cache holds, and sending either would take it away.
 */
export function sendable<Value extends Signal | Tensor | Trials>(
  value: Value,
): Sendable<Value> {
  const buffers: ArrayBuffer[] = [];
  const copied = <Own extends Samples>(samples: Own): Own => {
    const copy = samples.slice();
    buffers.push(copy.buffer as ArrayBuffer);
    return copy as Own;
  };
  const copy = copyOf(value, copied) as Value;
  const bytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { value: copy, buffers, bytes };
}

function copyOf(
  value: Signal | Tensor | Trials,
  copied: <Own extends Samples>(samples: Own) => Own,
): Signal | Tensor | Trials {
  if ("shape" in value) return { ...value, data: copied(value.data) };
  if ("samples" in value) return { ...value, samples: copied(value.samples) };
  return {
    ...value,
    responses: value.responses.map((response) =>
      response && { ...response, repeats: response.repeats.map(copied) }
    ),
  };
}
