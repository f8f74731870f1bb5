import { output } from "./_output.ts";
import { hasName } from "../../_has_name.ts";
import { removeIfThere } from "../../_remove_if_there.ts";

/** Options of {@linkcode lockFile}. */
export interface LockOptions {
  /** Waits between two looks at the lock. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Told when somebody else has the lock. */
  readonly onWait?: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** Time between two looks at a lock, in ms. */
const LOOK_MS = 500;

/**
 * Waits until a lock is free and takes it; disposing of it sets it free.
 *
 * The system holds the lock on behalf of the process (`flock`, on Windows
 * `LockFileEx`) and drops it when that ends, however it ends: a lock is never
 * stale, and a file left behind by a killed process locks nothing.
 *
 * @param path A file for the lock alone; it is made, and removed in the end.
 * @throws {OutputError} If it cannot be made or locked there.
 */
export async function lockFile(
  path: string,
  options: LockOptions,
): Promise<Disposable> {
  while (true) {
    const file = await taken(path, options);
    if (file === null) continue;
    return {
      [Symbol.dispose](): void {
        try {
          removeIfThere(path);
        } finally {
          file.close();
        }
      },
    };
  }
}

/** The locked file; null where its name has gone to another one meanwhile. */
async function taken(
  path: string,
  { sleep, onWait, signal }: LockOptions,
): Promise<Deno.FsFile | null> {
  const act = "lock the download";
  const file = await output(
    act,
    path,
    () => Deno.open(path, { write: true, create: true }),
  );
  let isTaken = false;
  try {
    while (!await output(act, path, () => file.tryLock(true))) {
      onWait?.();
      await sleep(LOOK_MS, signal);
    }
    isTaken = await hasName(file, path);
    return isTaken ? file : null;
  } finally {
    if (!isTaken) file.close();
  }
}
