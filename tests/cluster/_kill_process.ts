import { assert } from "../support/assert.ts";

/** Longest wait for the process, in ms. */
const WAIT_MS = 60_000;

/**
 * Kills by SIGKILL the first process of Deno that has all of some arguments; waits
 * until there is one. Linux alone: it looks through `/proc`.
 */
export async function killProcess(wanted: readonly string[]): Promise<void> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const pid = await processWith([...wanted, Deno.execPath()]);
    if (pid !== undefined) {
      Deno.kill(pid, "SIGKILL");
      return;
    }
    assert(Date.now() < until, `No process has ${wanted.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function processWith(
  wanted: readonly string[],
): Promise<number | undefined> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const args = await argumentsOf(name);
    // A shell that starts it has them in one argument.
    if (wanted.every((text) => args.includes(text))) return Number(name);
  }
  return undefined;
}

async function argumentsOf(pid: string): Promise<string[]> {
  try {
    return (await Deno.readTextFile(`/proc/${pid}/cmdline`)).split("\0");
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
