import type { DownloadProgress } from "rxephys";

/** Display of a download. */
export interface DownloadDisplay {
  /** Shows the progress. */
  readonly update: (progress: DownloadProgress) => void;
  /** Ends the display. */
  readonly done: () => void;
}

/** Time between two plain lines in ms. */
const LINE_MS = 10_000;
/** Time between two updates of the bar in ms. */
const REDRAW_MS = 100;
const BAR = 24;

/**
 * Shows bytes, rate and time left of a download. A terminal gets a bar that is
 * redrawn; a file or pipe gets a plain line every 10 s and at each change of a
 * file's state.
 */
export function showDownload(): DownloadDisplay {
  const started = performance.now();
  const onTerminal = Deno.stderr.isTerminal();
  const states = new Map<string, string>();
  let shown = -Infinity;
  return {
    update: (progress): void => {
      const now = performance.now();
      const { file, state, filesDone, filesTotal } = progress;
      const isNews = states.get(file) !== state || filesDone === filesTotal;
      states.set(file, state);
      if (!isNews && now - shown < (onTerminal ? REDRAW_MS : LINE_MS)) return;
      shown = now;
      const text = downloadText(progress, (now - started) / 1000);
      write(onTerminal ? `\r\x1b[K${bar(progress)} ${text}` : `${text}\n`);
    },
    done: () => onTerminal && write("\n"),
  };
}

/** One line about a download that started some seconds ago. */
export function downloadText(
  { file, state, bytesDone, bytesTotal, bytesFetched }: DownloadProgress,
  seconds: number,
): string {
  const rate = bytesFetched / seconds;
  const left = bytesTotal - bytesDone;
  const parts = [`${amount(bytesDone)} of ${amount(bytesTotal)}`];
  if (rate > 0) parts.push(`${amount(rate)}/s`);
  if (rate > 0 && left > 0) parts.push(`${time(left / rate)} left`);
  return `${parts.join(", ")} (${file}: ${state})`;
}

function bar({ bytesDone, bytesTotal }: DownloadProgress): string {
  const full = Math.round(BAR * (bytesTotal > 0 ? bytesDone / bytesTotal : 1));
  return `[${"#".repeat(full)}${".".repeat(BAR - full)}]`;
}

function amount(bytes: number): string {
  if (bytes < 999_500) return `${(bytes / 1e3).toFixed(0)} kB`;
  if (bytes < 999.95e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

function time(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
