import type { Terminal } from "../../platform/process.ts";
import { timeText, visible } from "./text.ts";

/** State of a task. */
export interface ProgressState {
  /** Part that is done, in the unit of the total. */
  readonly done: number;
  /** The whole. */
  readonly total: number;
  /** More about it, such as a rate. */
  readonly detail?: string;
  /** Text in place of `done/total unit`. */
  readonly text?: string;
  /** Whether a log has a line of it at once. */
  readonly isNews?: boolean;
}

/** Display of a task's progress. */
export interface Progress {
  /** Shows the state, unless it did so a moment ago. */
  update(state: ProgressState): void;
  /** Ends the display. */
  end(): void;
}

/** Time between two lines of a log, in ms. */
const LINE_MS = 10_000;
/** Time between two states of a bar, in ms. */
const REDRAW_MS = 100;
const BAR = 24;
const CLEAR_LINE = "\r\x1b[K";

/**
 * Shows how far a task is. A terminal gets a bar that is redrawn and disappears at
 * the end; a log gets a plain line every 10 s, one at the end, and one for news.
 *
 * @param err Standard error; null for no display.
 * @param unit What is counted, such as "sessions".
 */
export function showProgress(err: Terminal | null, unit: string): Progress {
  if (err === null) return { update: () => {}, end: () => {} };
  const started = performance.now();
  let shown = err.isTerminal ? -Infinity : started;
  let last: string | undefined;
  return {
    update(state): void {
      const now = performance.now();
      const wait = err.isTerminal ? REDRAW_MS : LINE_MS;
      const text = stateText(state, unit, (now - started) / 1000);
      last = text;
      if (!state.isNews && now - shown < wait) return;
      shown = now;
      last = undefined;
      err.write(
        err.isTerminal ? barLine(state, text, err.columns) : `${text}\n`,
      );
    },
    end(): void {
      if (err.isTerminal) err.write(CLEAR_LINE);
      else if (last !== undefined) err.write(`${last}\n`);
      last = undefined;
    },
  };
}

function stateText(
  { done, total, detail, text }: ProgressState,
  unit: string,
  seconds: number,
): string {
  const parts = [text ?? `${done}/${total} ${unit}`];
  if (detail !== undefined) parts.push(detail);
  if (done > 0 && done < total) {
    parts.push(`${timeText(seconds * (total / done - 1))} left`);
  }
  return visible(parts.join(", "));
}

function barLine(
  { done, total }: ProgressState,
  text: string,
  columns = 80,
): string {
  const full = Math.round(BAR * (total > 0 ? Math.min(1, done / total) : 1));
  const line = `[${"#".repeat(full)}${".".repeat(BAR - full)}] ${text}`;
  // A line that wraps cannot be redrawn.
  return CLEAR_LINE + line.slice(0, Math.max(1, columns - 1));
}
