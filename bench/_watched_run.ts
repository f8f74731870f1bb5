const EVERY_MS = 20;

/** Output, time and memory of a watched process. */
export interface WatchedRun<Figures> {
  /** Its last line, parsed from JSON. */
  readonly figures: Figures;
  /** Seconds from its start to its end. */
  readonly wallSeconds: number;
  /**
   * Sum of the peak resident bytes of each process of its tree (`VmHWM` of the
   * kernel, read every 20 ms). 0 without /proc.
   */
  readonly peakRss: number;
}

/**
 * Runs a program to its end, watching its memory and that of its children.
 *
 * @param env Variables of its environment besides those of this process.
 */
export async function watchedRun<Figures>(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<WatchedRun<Figures>> {
  const started = performance.now();
  const child = new Deno.Command(command, {
    args: [...args],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const peaks = new Map<number, number>();
  const watch = setInterval(() => look(child.pid, peaks), EVERY_MS);
  try {
    const { code, stdout, stderr } = await child.output();
    const wallSeconds = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const peakRss = [...peaks.values()].reduce((sum, rss) => sum + rss, 0);
    const figures = JSON.parse(lines.at(-1) ?? "");
    return { figures, wallSeconds, peakRss };
  } finally {
    clearInterval(watch);
  }
}

function look(pid: number, peaks: Map<number, number>): void {
  const status = textOf(`/proc/${pid}/status`);
  const found = /VmHWM:\s+(\d+) kB/.exec(status);
  if (found) peaks.set(pid, 1024 * Number(found[1]));
  const children = textOf(`/proc/${pid}/task/${pid}/children`);
  for (const child of children.split(" ").filter(Boolean)) {
    look(Number(child), peaks);
  }
}

/** Text of a file; empty if the process or the file does not exist. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
