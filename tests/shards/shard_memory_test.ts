import { assert } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { shardProcessArgs } from "./_shard_process.ts";

/** Peak memory of a program that writes presentations of 4 MB as shards. */
async function peakOf(
  sessions: number,
  presentations: number,
): Promise<number> {
  let peak = 0;
  await inFolder(async (folder) => {
    const size = { cells: 10, repeats: 5, bands: 50, bins: 10_000 };
    const noise = { ...size, sessions, presentations };
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: shardProcessArgs(`${folder}/place`, 0, 1, noise),
      stderr: "inherit",
    }).output();
    assert(code === 0);
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    peak = Number(lines.at(-1));
  });
  return peak;
}

Deno.test("toShards: 200 MB take no more memory than 40 MB, in many shards or in one", async () => {
  const less = await peakOf(2, 5);
  for (const [sessions, presentations] of [[10, 5], [1, 50]] as const) {
    const more = await peakOf(sessions, presentations);
    // A shard that was kept in memory would take 160 MB more.
    assert(more - less < 80e6, `${more - less} bytes more in ${sessions}`);
    assert(more < 400e6, `${more} bytes`);
  }
});
