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
/** Values that sources wait for, and the chains of those that have come. */
const awaited = new Map<number, PromiseWithResolvers<unknown>>();
const arrived = new Set<number>();
const first = new Map<string, Promise<Sendable<Value>>>();
const controllers = new Map<number, AbortController>();
const queue = new OneAtATime();

parent?.listen((message) => {
  const request = message as Request;
  if ("abort" in request) {
    controllers.get(request.abort)?.abort();
  } else if ("open" in request) {
    chains.set(request.open, request);
    if (request.waits) awaited.set(request.open, Promise.withResolvers());
  } else if ("shared" in request) {
    awaited.get(request.shared)?.resolve(request.value);
    arrived.add(request.shared);
    holdPort();
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
  holdPort();
  try {
    // The main thread asks ahead, so that this one never waits for it.
    const { value, bytes, buffers } = await unlessAborted(
      takeFirst(address, wanted) ?? queued(address, wanted, controller),
      controller.signal,
    );
    reply({ id, value, bytes }, buffers);
    if (wanted.what === "list") readFirst(address, wanted.first);
  } catch (error) {
    reply({ id, error: plainError(error) });
  } finally {
    controllers.delete(id);
    holdPort();
  }
}

/** Reads after those before it. */
function queued(
  address: Address,
  wanted: Wanted,
  controller: AbortController,
): Promise<Sendable<Value>> {
  return queue.run(
    () => unlessAborted(read(address, wanted, controller), controller.signal),
    controller,
  );
}

/**
 * Reads the responses that the main thread will ask for when it has the list: it
 * may be busy then.
 */
function readFirst(address: Address, count: number = 0): void {
  const { length } = lists.get(JSON.stringify(address)) ?? [];
  for (let index = 0; index < Math.min(count, length); index++) {
    const wanted = { what: "trials", index } as const;
    const result = queued(address, wanted, new AbortController());
    // A failure counts at its turn.
    result.catch(() => {});
    first.set(JSON.stringify([address, wanted]), result);
  }
}

/** A result of {@linkcode readFirst}, for one request. */
function takeFirst(
  address: Address,
  wanted: Wanted,
): Promise<Sendable<Value>> | undefined {
  const key = JSON.stringify([address, wanted]);
  const result = first.get(key);
  first.delete(key);
  return result;
}

/** Waits for messages unless all that reads wait for is in this thread. */
function holdPort(): void {
  parent?.hold(controllers.size === 0 || awaited.size > arrived.size);
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
      return openChain(open.chain, awaited.get(chain)?.promise, relay);
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
