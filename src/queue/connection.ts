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
  /** Longest time to wait for an answer after the first, in ms. */
  readonly lostMs: number;
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
/** Longest pause between two attempts to connect, and between two pings, in ms. */
const PAUSE_MS = 1000;
const NO_ANSWER = "no answer";

/**
 * Connects to Redis, or fails in bounded time. A connection that breaks is made
 * anew, and commands wait for it; with a server that does not answer for too long,
 * all of them fail.
 *
 * Errors name host and port only, and do not carry the client's errors, which hold
 * the commands with their arguments.
 *
 * @throws {DownloadError} If Redis does not answer in time.
 * @throws {CredentialError} If it refuses the user or the password.
 */
export async function connectRedis(
  address: RedisAddress,
  { act, startMs, lostMs, signal }: ConnectOptions,
): Promise<Connection> {
  let isOver = false;
  const client = openClient(address, () => isOver);
  const server = `Redis at ${address.shown}`;
  const lost = Promise.withResolvers<never>();
  const ready = Promise.withResolvers<void>();
  // A connection that is closed has nobody who waits.
  lost.promise.catch(() => {});
  let reason = NO_ANSWER;
  let failure: unknown;
  const end = (): void => {
    isOver = true;
    // Between two attempts it would not end, but its next attempt is the last one;
    // once it has ended, it would wait 2 s for the end of its socket.
    const isIdle = ["reconnecting", "end"].includes(client.status);
    if (!isIdle) client.disconnect();
  };
  const fail = (error: unknown): void => {
    failure ??= error;
    lost.reject(failure);
    end();
  };
  const failSilent = (ms: number): void =>
    fail(
      new DownloadError(
        `Cannot ${act}: ${server} has not answered for ${ms / 1000} s: ` +
          reason,
      ),
    );
  client.on("error", (error: Error) => {
    reason = reasonOf(error);
    if (!REFUSED.test(error.message)) return;
    const refuses = `${server} refuses the user or the password of its address`;
    fail(new CredentialError(`Cannot ${act}: ${refuses}`));
  });
  client.on("ready", () => {
    if (isOver) return end();
    reason = NO_ANSWER;
    ready.resolve();
  });

  const timer = setTimeout(() => failSilent(startMs), startMs);
  try {
    await unlessAborted(Promise.race([ready.promise, lost.promise]), signal);
  } catch (error) {
    end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const stop = watch(client, lostMs, () => failSilent(lostMs));
  return {
    client,
    lost: lost.promise,
    errorOf: (error) =>
      error instanceof Error && isClientError(error)
        ? failure ?? new DownloadError(
          `Cannot ${act}: ${server} fails: ${reasonOf(error)}`,
        )
        : error,
    [Symbol.asyncDispose]: async () => {
      stop();
      if (client.status === "end") return;
      const ended = Promise.withResolvers<void>();
      client.once("end", () => ended.resolve());
      end();
      await ended.promise;
    },
  };
}

function openClient(
  { host, port, db, username, password, isEncrypted }: RedisAddress,
  isOver: () => boolean,
): Redis {
  return new Redis({
    ...{ host, port, db },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    // Both have no limit of their own: the caller watches the answers.
    maxRetriesPerRequest: null,
    retryStrategy: (attempts) =>
      isOver() ? null : Math.min(2 ** attempts * 25, PAUSE_MS),
  });
}

/**
 * Asks the server again and again for an answer, also one that holds the connection
 * and says nothing.
 *
 * @param silent Called once it has not answered for so long.
 * @returns Ends the watch.
 */
function watch(client: Redis, lostMs: number, silent: () => void): () => void {
  const stepMs = Math.min(PAUSE_MS, lostMs / 4);
  let isAsking = false;
  // Counted, not read from a clock: a machine that slept has lost no answer.
  let silentMs = 0;
  const timer = setInterval(() => {
    silentMs += stepMs;
    if (silentMs > lostMs) {
      clearInterval(timer);
      return silent();
    }
    if (isAsking) return;
    isAsking = true;
    // It waits while the connection is made anew, and fails with its end.
    client.ping().then(() => silentMs = 0, () => {})
      .finally(() => isAsking = false);
  }, stepMs);
  return () => clearInterval(timer);
}

/** Whether the client made an error: of a reply, or of the connection. */
function isClientError({ name, message }: Error): boolean {
  return ["ReplyError", "AbortError"].includes(name) ||
    message === "Connection is closed.";
}

/** Reason of a failure in words, without the arguments of the command. */
function reasonOf(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  if (code === "ECONNREFUSED") return "the connection is refused";
  if (code === "ENOTFOUND") return "there is no such host";
  return error.message.replace(/\s+/g, " ");
}
