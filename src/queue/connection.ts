import { unlessAborted } from "../base/abort.ts";
import { CredentialError, DownloadError } from "../errors.ts";
import { Redis } from "./_bullmq.ts";
import type { RedisAddress } from "./address.ts";

/** Options of {@linkcode connectRedis}. */
export interface ConnectOptions {
  /** Action that fails without Redis, as it completes "Cannot ...". */
  readonly act: string;
  /** Longest time to wait for the first answer, in ms. */
  readonly startMs: number;
  /** Longest time to wait for Redis once it has answered, in ms. */
  readonly lostMs: number;
  /** Longest time that a command may take, in ms; none for blocking commands. */
  readonly commandMs?: number;
  /**
   * Longest time without a byte while an answer is due, in ms, after which the
   * connection counts as broken; blocking commands wait 10 s on purpose.
   */
  readonly silentMs?: number;
  /** Ends the wait for the first answer. */
  readonly signal: AbortSignal;
}

/** A connection to Redis, which reconnects for a limited time. */
export interface Connection extends AsyncDisposable {
  readonly client: Redis;
  /** Rejects once Redis has not answered for too long; never resolves. */
  readonly lost: Promise<never>;
  /** The error to show for one that the client threw: without commands. */
  readonly errorOf: (error: unknown) => unknown;
}

/** Replies of a server that wants another user or password. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH))/;
/** Longest pause between two attempts to reconnect, in ms. */
const PAUSE_MS = 1000;

/**
 * Connects to Redis, or fails in bounded time.
 *
 * Errors name host and port only, and do not carry the client's errors, which hold
 * the commands with their arguments.
 *
 * @throws {DownloadError} If Redis does not answer in time.
 * @throws {CredentialError} If it refuses the user or the password.
 */
export async function connectRedis(
  address: RedisAddress,
  { act, startMs, lostMs, commandMs, silentMs, signal }: ConnectOptions,
): Promise<Connection> {
  const { host, port, db, username, password, isEncrypted, shown } = address;
  let reason = "no answer";
  let limitMs = startMs;
  let lostAt = performance.now();
  const client = new Redis({
    ...{ host, port, db },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    ...(commandMs !== undefined && { commandTimeout: commandMs }),
    ...(silentMs !== undefined && { socketTimeout: silentMs }),
    connectTimeout: Math.max(startMs, PAUSE_MS),
    // Commands wait for a reconnection, which has its own limit.
    maxRetriesPerRequest: null,
    retryStrategy: (attempts) => {
      // The first attempt after a connection that worked starts the clock anew.
      if (attempts === 1) lostAt = performance.now();
      return performance.now() - lostAt < limitMs
        ? Math.min(2 ** attempts * 25, PAUSE_MS)
        : null;
    },
  });
  const lostError = (): DownloadError =>
    new DownloadError(
      `Cannot ${act}: Redis at ${shown} has not answered for ` +
        `${limitMs / 1000} s: ${reason}`,
    );
  const first = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<never>();
  // Those who wait handle it; a connection that is closed has nobody.
  first.promise.catch(() => {});
  lost.promise.catch(() => {});
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    first.reject(error);
    lost.reject(error);
    // One that has ended would wait 2 s for the end of its socket.
    if (client.status !== "end") client.disconnect();
  };
  client.on("error", (error: Error) => {
    reason = reasonOf(error);
    if (!REFUSED.test(error.message)) return;
    fail(
      new CredentialError(
        `Cannot ${act}: Redis at ${shown} refuses the user or the password ` +
          "of its address",
      ),
    );
  });
  client.on("ready", () => {
    limitMs = lostMs;
    first.resolve();
  });
  client.on("end", () => fail(lostError()));
  // A server that accepts the connection and says nothing raises no event.
  const timer = setTimeout(() => fail(lostError()), startMs + PAUSE_MS);
  try {
    await unlessAborted(first.promise, signal);
  } catch (error) {
    if (client.status !== "end") client.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    client,
    lost: lost.promise,
    errorOf: (error) =>
      error instanceof Error && isClientError(error)
        ? failure ?? new DownloadError(
          `Cannot ${act}: Redis at ${shown} fails: ${reasonOf(error)}`,
        )
        : error,
    [Symbol.asyncDispose]: async () => {
      const hasEnded = Promise.withResolvers<void>();
      if (client.status === "end") return;
      client.once("end", () => hasEnded.resolve());
      client.disconnect();
      await hasEnded.promise;
    },
  };
}

/** Whether the client made an error: of a reply, the connection or a time limit. */
function isClientError({ name, message }: Error): boolean {
  return ["ReplyError", "AbortError", "MaxRetriesPerRequestError"]
    .includes(name) ||
    ["Connection is closed.", "Command timed out"].includes(message);
}

/** Reason of a failure in words, without the arguments of the command. */
function reasonOf(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  if (code === "ECONNREFUSED") return "the connection is refused";
  if (code === "ENOTFOUND") return "there is no such host";
  return error.message.replace(/\s+/g, " ");
}
