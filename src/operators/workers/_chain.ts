import {
  firstValueFrom,
  type MonoTypeOperatorFunction,
  Observable,
  of,
} from "rxjs";
import {
  type Call,
  linksOf,
  type SessionFinder,
} from "../../stream/lineage.ts";
import type { Session } from "../../session.ts";
import type { Relay } from "../../stream/relayed_warning.ts";
import type { Address, Chain } from "./messages.ts";

/** Finds a session of an open chain and repeats the main thread's edits. */
export type ChainFinder = (
  hint: unknown,
  edits: Address["edits"],
) => Session | Promise<Session>;

/**
 * Opens a chain in this thread, with another archive and cache.
 *
 * @param shared Value that the main thread reads for all workers.
 */
export function openChain(
  chain: Chain,
  shared: Promise<unknown> | undefined,
  relay: Relay,
): Promise<ChainFinder> {
  return "module" in chain
    ? openModule(chain)
    : openRecipe(chain, shared, relay);
}

async function openRecipe(
  { source, steps }: Extract<Chain, { source: Call }>,
  shared: Promise<unknown> | undefined,
  relay: Relay,
): Promise<ChainFinder> {
  const operators = await Promise.all(
    steps.map((step) => call<MonoTypeOperatorFunction<Session>>(step)),
  );
  const open = await call<SessionFinder>({
    ...source,
    args: [...source.args, shared, relay],
  });
  return async (hint, edits) => {
    let session = await open(hint);
    for (const [at, operator] of operators.entries()) {
      for (const { step, id, cells } of edits) {
        if (step === at) session = { ...session, id, cells };
      }
      session = await firstValueFrom(of(session).pipe(operator));
    }
    return session;
  };
}

async function call<Result>({ module, name, args }: Call): Promise<Result> {
  const exports = await import(module);
  return await exports[name](...args);
}

async function openModule(
  { module, steps }: Extract<Chain, { module: string }>,
): Promise<ChainFinder> {
  const { default: sessions } = await import(module);
  if (typeof sessions !== "function") {
    throw new TypeError(
      `Cannot read in workers: the default export of ${module} is ` +
        `${typeof sessions}, expected a function that gives the sessions`,
    );
  }
  const byId = await gathered(made(sessions, module), module);
  return (hint) => {
    const session = byId.get(String(hint));
    if (session === undefined) {
      throw new RangeError(
        `Cannot read in workers: ${module} gives no session "${hint}", ` +
          "expected the stream that parallel() is in",
      );
    }
    return beforeMemory(session, module, steps);
  };
}

function made(sessions: () => unknown, module: string): unknown {
  try {
    return sessions();
  } catch (cause) {
    throw new TypeError(
      `Cannot read in workers: the default export of ${module} fails where it ` +
        "is called without arguments, expected a function that gives the " +
        "sessions",
      { cause },
    );
  }
}

async function gathered(
  sessions: unknown,
  module: string,
): Promise<ReadonlyMap<string, Session>> {
  if (!(sessions instanceof Observable)) {
    throw new TypeError(
      `Cannot read in workers: the function of ${module} gives ` +
        `${String(sessions)}, expected an Observable of sessions`,
    );
  }
  const byId = new Map<string, Session>();
  await sessions.forEach((session: Session) => {
    if (byId.has(session.id)) {
      throw new RangeError(
        `Cannot read in workers: ${module} gives two sessions ` +
          `"${session.id}", expected names that are unique`,
      );
    }
    byId.set(session.id, session);
  });
  return byId;
}

/** The session before the first step that stays in the main thread. */
function beforeMemory(
  session: Session,
  module: string,
  steps: readonly string[],
): Session {
  const links = linksOf(session);
  const names = links.map(({ step }) => step.name);
  if (String(names) !== String(steps)) {
    throw new RangeError(
      `Cannot read in workers: the chain of ${module} is [${names}], ` +
        `expected that of the stream before parallel(), [${steps}]`,
    );
  }
  const first = links.find(({ step }) => step.hasMemory);
  return first?.previous ?? session;
}
