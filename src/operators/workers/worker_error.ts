/**
 * A worker of {@linkcode parallel} exited before it answered: it ran out of
 * memory, its code ended it, or it waited for something that never came.
 *
 * @example Continuing with one core
 * ```ts
 * import { crcnsAc1Pipeline, toDataset, wehr, WorkerError } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * async function load() {
 *   const run = (parallel: boolean) =>
 *     lastValueFrom(
 *       wehr("data").pipe(crcnsAc1Pipeline({ parallel }), toDataset()),
 *     );
 *   try {
 *     return await run(true);
 *   } catch (error) {
 *     if (!(error instanceof WorkerError)) throw error;
 *     return await run(false);
 *   }
 * }
 * ```
 */
export class WorkerError extends Error {
  /** `WorkerError`. */
  override name: string = "WorkerError";
  /** The session under way. */
  readonly session: string;

  /**
   * Makes an error whose message names the session.
   *
   * @param session The session under way.
   * @param reason Why it cannot be read.
   * @param cause What the worker threw.
   */
  constructor(session: string, reason: string, cause?: unknown) {
    super(`Cannot read session "${session}" in a worker: ${reason}`, { cause });
    this.session = session;
  }
}
