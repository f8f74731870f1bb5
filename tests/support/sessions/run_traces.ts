import { fromFileUrl } from "@std/path";
import type { TracesFigures } from "./traces_process.ts";

const SCRIPT = new URL("traces_process.ts", import.meta.url).href;
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** Writes megabytes of int16 traces as one NWB file, in a separate process. */
export function writeTraces(
  folder: string,
  megabytes: number,
): Promise<TracesFigures> {
  return run("write", folder, String(megabytes));
}

/** Reads all traces of a folder with `nwb()`, in a separate process. */
export function readTraces(folder: string): Promise<TracesFigures> {
  return run("read", folder);
}

async function run(...args: string[]): Promise<TracesFigures> {
  const deno = ["run", "-A", "--no-check", "--config", CONFIG, SCRIPT];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...deno, ...args],
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}
