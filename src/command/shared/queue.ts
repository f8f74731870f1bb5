import { checkCount, checkRange } from "../../base/check.ts";
import { variable } from "../../platform/environment.ts";
import { parseRedisAddress } from "../../queue/address.ts";
import { type Connection, connectRedis } from "../../queue/connection.ts";
import { settingWarnings } from "../../queue/settings.ts";
import type { CommonFlags, Invocation } from "./invocation.ts";

/** Flags of the subcommands that use a queue. */
export interface QueueFlags extends CommonFlags {
  readonly redis?: string;
  readonly queue?: string;
  readonly wait?: number;
}

/** How a subcommand uses Redis. */
export interface QueueUse {
  /** Action that fails without Redis, as it completes "Cannot ...". */
  readonly act: string;
  /** Whether to wait longer for a Redis that has answered before. */
  readonly isWorker?: boolean;
}

const VARIABLE = "REDIS_URL";
const LOCAL = "redis://localhost:6379";
/** Time to wait for Redis, in s: at the start, and for a worker that has lost it. */
const START_S = 5;
const LOST_S = 60;
const LONGEST_S = 86_400;

/** Name of the queue that the flags choose. */
export function queueName(
  act: string,
  { queue = "rxephys" }: QueueFlags,
): string {
  // Characters that are safe in keys of Redis.
  if (/^[\w.-]{1,100}$/.test(queue)) return queue;
  throw new RangeError(
    `Cannot ${act}: --queue is ${queue}, expected letters, digits, ., _ and -, ` +
      "100 of them at most",
  );
}

/**
 * Connects to the Redis that `--redis` or `REDIS_URL` names, else to that of this
 * machine, and warns about its settings.
 *
 * @throws {RangeError} If the address or a flag is wrong.
 * @throws {DownloadError} If Redis does not answer in time.
 */
export async function connected(
  { signal, note }: Invocation,
  { redis, wait }: QueueFlags,
  { act, isWorker = false }: QueueUse,
): Promise<Connection> {
  if (wait !== undefined) checkRange(act, "--wait", wait, 0.1, LONGEST_S);
  const fromVariable = variable(VARIABLE) || undefined;
  const address = redis !== undefined
    ? parseRedisAddress(redis, "--redis")
    : parseRedisAddress(fromVariable ?? LOCAL, VARIABLE);
  const startMs = (wait ?? START_S) * 1000;
  const connection = await connectRedis(address, {
    ...{ act, startMs, signal },
    lostMs: isWorker ? (wait ?? LOST_S) * 1000 : startMs,
  });
  try {
    for (const warning of await settingWarnings(connection)) {
      note(`warning: ${warning}`);
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw connection.errorOf(error);
  }
  return connection;
}

/** A whole number that a flag gives, checked. */
export function countFlag(
  act: string,
  name: string,
  value: number,
  most: number,
): number {
  checkCount(act, name, value, 1, most);
  return value;
}
