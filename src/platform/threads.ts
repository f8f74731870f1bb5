import { UnsupportedError } from "../errors.ts";
import { isNotFound } from "./files.ts";
import { packedArrays, unpackedArrays } from "./_packed_arrays.ts";

/** Another thread of this process. */
export interface Thread {
  /** Sends a value, structured-cloned. */
  post(value: unknown): void;
  /** Keeps the process alive, or not. */
  hold(isHeld: boolean): void;
  /** Ends the thread. */
  end(): void;
}

/** Receives what a thread sends. */
export interface ThreadListener {
  /** Called with every value that the thread posts. */
  readonly message: (value: unknown) => void;
  /** Called with an error that the thread does not catch; it exits then. */
  readonly error: (error: unknown) => void;
  /** Called when the thread has ended. */
  readonly exit: (code: number) => void;
}

/** The way from a thread back to the one that started it. */
export interface ParentThread {
  /** Calls a function with every value that the other thread posts. */
  listen(message: (value: unknown) => void): void;
  /** Sends a value; the buffers move to the other thread. */
  post(value: unknown, buffers: readonly ArrayBuffer[]): void;
  /** Keeps this thread alive, or not, while it waits for values. */
  hold(isHeld: boolean): void;
}

/**
 * Refuses to go on where there are no threads.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param advice What the caller can do instead.
 * @throws {UnsupportedError} In a browser.
 */
export function checkThreads(act: string, advice?: string): void {
  if (workerThreads()) return;
  throw new UnsupportedError(
    `Cannot ${act}: this platform has no node:worker_threads, expected Deno ` +
      `or Node${advice === undefined ? "" : `; ${advice}`}`,
  );
}

/** The number of cores, at least 1. */
export function coreCount(): number {
  return navigator.hardwareConcurrency || 1;
}

/**
 * Starts a thread that runs a module, a local or a remote one.
 *
 * @throws {UnsupportedError} In a browser.
 */
export function startThread(module: URL, listener: ThreadListener): Thread {
  const found = workerThreads();
  if (!found) throw new UnsupportedError("Cannot start a thread here");
  const { port1: port, port2 } = new found.MessageChannel();
  const worker = new found.Worker(loadable(module), {
    workerData: port2,
    transferList: [port2],
  });
  const receive = (): void => {
    for (;;) {
      const next = found.receiveMessageOnPort(port);
      if (next === undefined) return;
      receiveOne(next.message);
    }
  };
  const receiveOne = (message: unknown): void =>
    listener.message(unpackedArrays(message));
  port.on("message", receiveOne);
  // The worker alone keeps the process alive.
  port.unref();
  // Of a module that posts without `parentThread`.
  worker.on("message", listener.message);
  receivers.add(receive);
  worker.on("error", listener.error);
  worker.on("exit", (code) => {
    receive();
    receivers.delete(receive);
    port.close();
    listener.exit(code);
  });
  return {
    post: (value) => worker.postMessage(value),
    hold: (isHeld) => isHeld ? worker.ref() : worker.unref(),
    end: () => void worker.terminate(),
  };
}

/**
 * Refuses to go on without the module of a thread, which an executable made of a
 * bundle does not have.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @throws {UnsupportedError} If the file is missing.
 */
export async function checkThreadModule(
  act: string,
  module: URL,
): Promise<void> {
  if (module.protocol !== "file:") return;
  try {
    await Deno.stat(module);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UnsupportedError(
      `Cannot ${act}: this program has no ${module.pathname}, expected the ` +
        "files of rxephys, as with deno run",
    );
  }
}

/** A module's address; where that is remote, one of a module that imports it. */
function loadable(module: URL): URL {
  if (module.protocol === "file:") return module;
  const imports = `import ${JSON.stringify(module.href)}`;
  return new URL(`data:text/javascript,${encodeURIComponent(imports)}`);
}

const receivers = new Set<() => void>();

/**
 * Receives all that threads have sent. While this thread computes, Deno delivers
 * messages up to 0.4 s late, even if the event loop turns: it has to wait for
 * something.
 */
export function receiveFromThreads(): void {
  for (const receive of receivers) receive();
}

/** The thread that started this one; null in the main thread. */
export function parentThread(): ParentThread | null {
  const { parentPort: port, workerData: back } = workerThreads() ?? {};
  if (!port) return null;
  return {
    listen: (message) => void port.on("message", message),
    post: (value, buffers) =>
      back.postMessage(packedArrays(value), [...buffers]),
    hold: (isHeld) => isHeld ? port.ref() : port.unref(),
  };
}

function workerThreads(): typeof import("node:worker_threads") | undefined {
  return globalThis.process?.getBuiltinModule?.("node:worker_threads");
}
