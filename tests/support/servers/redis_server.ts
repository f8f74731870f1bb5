import { succeeds } from "../succeeds.ts";

/** Whether this machine has a Redis server. */
export const hasRedis: boolean = await succeeds("redis-server", ["--version"]);

if (!hasRedis) {
  console.log(
    "No redis-server: the queue is not tested. Debian's package redis-server " +
      "has it.",
  );
}

/** Options of {@linkcode redisServer}. */
export interface RedisServerOptions {
  /** Settings beside those that tests need, as arguments: `--appendonly yes`. */
  readonly settings?: readonly string[];
}

/** A Redis server of a test, with its data in a folder. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Address, without a password. */
  readonly url: string;
  /** Ends it, by a signal that lets it write its data, or by one that does not. */
  stop(signal?: Deno.Signal): Promise<void>;
  /** Starts it again on the same port, with the same data. */
  start(): Promise<void>;
  /** Sends a signal, such as `SIGSTOP`. */
  signal(name: Deno.Signal): void;
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Starts a Redis server whose data lie in a folder. */
export async function redisServer(
  folder: string,
  { settings = [] }: RedisServerOptions = {},
): Promise<RedisServer> {
  const port = freePort();
  let server: Deno.ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = new Deno.Command("redis-server", {
      args: [
        ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
        ...["--save", "", "--daemonize", "no", ...settings],
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await answering(port, server.status);
  };
  const stop = async (signal: Deno.Signal = "SIGTERM"): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined) return;
    running.kill(signal);
    await running.status;
  };
  // A test that fails must not leave the server behind.
  const kill = (): void => server?.kill("SIGKILL");
  globalThis.addEventListener("unload", kill);
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    signal: (name) => server?.kill(name),
    [Symbol.asyncDispose]: async () => {
      server?.kill("SIGCONT");
      await stop("SIGKILL");
      globalThis.removeEventListener("unload", kill);
    },
  };
}

/** Resolves once a server accepts connections on a port. */
async function answering(
  port: number,
  ended: Promise<Deno.CommandStatus>,
): Promise<void> {
  let hasEnded = false;
  void ended.then(() => hasEnded = true);
  while (!hasEnded) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error(`Cannot start redis-server on port ${port}: it has ended`);
}
