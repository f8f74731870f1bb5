/** The worker of `parallel()`: reads for the main thread, of one chain or many. */
import { unlessAborted } from "../../base/abort.ts";
import { OneAtATime } from "../../base/turns.ts";
import { parentThread } from "../../platform/threads.ts";
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
import { listedOf } from "./messages.ts";
import type { Address, Reply, Request, Value, Wanted } from "./messages.ts";
import type { RelayedWarning } from "../../stream/relayed_warning.ts";
import type { Tensor } from "../../tensor.ts";

/** A value whose arrays can leave the thread. */
export interface Sendable<Value> {
  readonly value: Value;
  readonly buffers: readonly ArrayBuffer[];
  readonly bytes: number;
}

/**
 * Copies the arrays of a value: an array may be a view of a larger buffer or
 * belong to a cache, and sending it would detach either.
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

type OpenRequest = Extract<Request, { open: number }>;

const parent = parentThread();
const chains = new Map<number, OpenRequest>();
const finders = new Map<string, Promise<ChainFinder>>();
const sessions = new Map<string, Promise<Session>>();
const lists = new Map<string, readonly Presentation[]>();
const controllers = new Map<number, AbortController>();
const queue = new OneAtATime();

parent?.listen((message) => {
  const request = message as Request;
  if ("abort" in request) {
    controllers.get(request.abort)?.abort();
  } else if ("open" in request) {
    chains.set(request.open, request);
  } else {
    void answer(request);
  }
});

async function answer(
  { id, address, wanted }: Extract<Request, { id: number }>,
): Promise<void> {
  const controller = new AbortController();
  controllers.set(id, controller);
  // A read that waits for nothing leaves the thread nothing to do: the thread
  // exits and the main thread sees it. A port that waits would let both hang.
  parent?.hold(false);
  try {
    // The main thread asks ahead, so that this one never waits for it.
    const { value, bytes, buffers } = await queue.run(
      () => unlessAborted(read(address, wanted, controller), controller.signal),
      controller,
    );
    reply({ id, value, bytes }, buffers);
  } catch (error) {
    reply({ id, error: plainError(error) });
  } finally {
    controllers.delete(id);
    if (controllers.size === 0) parent?.hold(true);
  }
}

function reply(message: Reply, buffers: readonly ArrayBuffer[] = []): void {
  parent?.post(message, buffers);
}

async function read(
  address: Address,
  wanted: Wanted,
  { signal }: AbortController,
): Promise<Sendable<Value>> {
  if (wanted.what === "list") {
    const value = (await listed(address, { signal })).map(listedOf);
    return { value, buffers: [], bytes: 0 };
  }
  const known = lists.get(JSON.stringify(address));
  const presentations = known ?? await listed(address, { signal });
  const presentation = presentations[wanted.index] as Presentation;
  return wanted.what === "stimulus"
    ? sendable(await presentation.stimulus.read({ signal }))
    : sendable(await presentation.read({ signal }));
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

function opened({ chain, hint, edits }: Address): Promise<Session> {
  const name = JSON.stringify([chain, hint, edits]);
  return cached(sessions, name, async () => {
    const find = await cached(finders, String(chain), () => {
      const open = chains.get(chain) as OpenRequest;
      const relay = (warning: RelayedWarning): void => warn(chain, warning);
      return openChain(open.chain, open.shared, relay);
    });
    return find(hint, edits);
  });
}

/** The value of a key, made once; a failure is not cached. */
function cached<Value>(
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
  reply({ warning: { ...warning, ...plain }, chain });
}
