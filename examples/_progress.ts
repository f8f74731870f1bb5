import type { SinkProgress } from "rxephys";

/** A line of progress. */
export interface ProgressLine {
  /** Shows the progress of a sink. */
  readonly update: (progress: SinkProgress) => void;
  /** Ends the line. */
  readonly done: () => void;
}

/**
 * Shows sessions done, the rate and the time left. A terminal gets one line that is
 * rewritten; a file or pipe gets a plain line per session.
 */
export function showProgress(what: string): ProgressLine {
  const started = performance.now();
  const onTerminal = Deno.stderr.isTerminal();
  let lastDone = 0;
  return {
    update: ({ sessionsDone, sessionsTotal, presentationsDone }) => {
      const seconds = (performance.now() - started) / 1000;
      const rate = presentationsDone / seconds;
      const left = sessionsDone === 0
        ? ""
        : `, ${
          (seconds * (sessionsTotal / sessionsDone - 1)).toFixed(0)
        } s left`;
      const text = `${sessionsDone}/${sessionsTotal} ${what}, ` +
        `${rate.toFixed(0)} presentations/s${left}`;
      if (onTerminal) write(`\r\x1b[K${text}`);
      else if (sessionsDone > lastDone) write(`${text}\n`);
      lastDone = sessionsDone;
    },
    done: () => onTerminal && write("\n"),
  };
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
