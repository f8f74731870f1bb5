import { fromFileUrl } from "@std/path";
import { itemAt } from "../support/item_at.ts";
import type { MergeFigures } from "./_merge_process.ts";

/**
 * Merges a place in a separate process; see `_merge_process.ts`.
 *
 * @param killAfter Reports of progress after which the process is killed.
 * @returns What it printed at its end; null if it was killed.
 */
export async function startMerge(
  format: string,
  path: string,
  place: string,
  killAfter: number = Infinity,
): Promise<MergeFigures | null> {
  const script = new URL("_merge_process.ts", import.meta.url);
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--config", config, script.href],
      ...[format, path, place],
    ],
    stdout: "piped",
  }).spawn();
  let printed = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (printed.split("\n").length <= killAfter) continue;
    child.kill("SIGKILL");
    break;
  }
  const { success } = await child.status;
  if (killAfter < Infinity) return null;
  if (!success) throw new Error(`The merge failed: ${printed}`);
  const lines = printed.trim().split("\n");
  return JSON.parse(itemAt(lines, lines.length - 1));
}
