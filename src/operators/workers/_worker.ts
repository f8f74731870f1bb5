import { parentPort } from "node:worker_threads";
import { lineageOf } from "../../stream/lineage.ts";
import type {
  Presentation,
  ReadOptions,
  Samples,
  Session,
  Trials,
  Waveform,
} from "../../session.ts";
import { plainError } from "./_plain_error.ts";
import { type ChainFinder, openChain } from "./_chain.ts";
import type {
  Address,
  Chain,
  Listed,
  Reply,
  Request,
  Value,
  Wanted,
} from "./messages.ts";
import type { RelayedWarning } from "../../stream/relayed_warning.ts";
import type { Tensor } from "../../tensor.ts";

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
export function sendable<Value extends Waveform | Tensor | Trials>(
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
  value: Waveform | Tensor | Trials,
  copied: <Own extends Samples>(samples: Own) => Own,
): Waveform | Tensor | Trials {
  if ("shape" in value) return { ...value, data: copied(value.data) };
  if ("samples" in value) return { ...value, samples: copied(value.samples) };
  return {
    ...value,
    responses: value.responses.map((response) =>
      response && { ...response, repeats: response.repeats.map(copied) }
    ),
  };
}

/** The worker of `parallel()`: reads what it is asked for, one chain or many. */

const chains = new Map<number, Chain>();
const finders = new Map<string, Promise<ChainFinder>>();
const sessions = new Map<string, Promise<Session>>();
const lists = new Map<string, readonly Presentation[]>();
const leaving = new Map<number, AbortController>();

parentPort?.on("message", (request: Request) => {
  if ("abort" in request) {
    leaving.get(request.abort)?.abort();
  } else if ("open" in request) {
    chains.set(request.open, request.chain);
  } else {
    void answer(request);
  }
});

async function answer(
  { id, address, wanted }: Extract<Request, { id: number }>,
): Promise<void> {
  const leave = new AbortController();
  leaving.set(id, leave);
  // A read that waits for nothing leaves the thread nothing to do: it then ends,
  // which the main thread sees, where a waiting port would let both hang.
  parentPort?.unref();
  try {
    const { value, bytes, buffers } = await read(address, wanted, leave);
    tell({ id, value, bytes }, buffers);
  } catch (error) {
    tell({ id, error: plainError(error) });
  } finally {
    leaving.delete(id);
    if (leaving.size === 0) parentPort?.ref();
  }
}

function tell(reply: Reply, buffers: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, [...buffers]);
}

async function read(
  address: Address,
  wanted: Wanted,
  { signal }: AbortController,
): Promise<Sendable<Value>> {
  if (wanted.what === "list") {
    const value = (await listed(address, { signal })).map(told);
    return { value, buffers: [], bytes: 0 };
  }
  const known = lists.get(JSON.stringify(address));
  const presentations = known ?? await listed(address, { signal });
  const { stimulus, read } = presentations[wanted.index];
  return wanted.what === "stimulus"
    ? sendable(await stimulus.read({ signal }))
    : sendable(await read({ signal }));
}

async function listed(
  address: Address,
  options: ReadOptions,
): Promise<readonly Presentation[]> {
  const session = await opened(address);
  const { whole = session } = lineageOf(session);
  const presentations = await (address.whole ? whole : session)
    .presentations(options);
  lists.set(JSON.stringify(address), presentations);
  return presentations;
}

function told({ stimulus, dtMs }: Presentation): Listed {
  const { key, meta, durationMs } = stimulus;
  return { key, meta, durationMs, dtMs };
}

function opened({ chain, hint, edits }: Address): Promise<Session> {
  const name = JSON.stringify([chain, hint, edits]);
  return kept(sessions, name, async () => {
    const find = await kept(finders, String(chain), () =>
      openChain(
        chains.get(chain) as Chain,
        (warning) => warn(chain, warning),
      ));
    return find(hint, edits);
  });
}

/** The value of a key, made once; a failure is not kept. */
function kept<Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = values.get(key);
  if (known) return known;
  const made = make();
  values.set(key, made);
  made.catch(() => values.delete(key));
  return made;
}

function warn(chain: number, { cause, ...warning }: RelayedWarning): void {
  const plain = cause === undefined ? {} : { cause: plainError(cause) };
  tell({ warning: { ...warning, ...plain }, chain });
}
