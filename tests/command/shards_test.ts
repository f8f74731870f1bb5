import { crcnsAc1Pipeline, shard, wehr } from "rxephys";
import { toShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { treeOf } from "../support/tree.ts";
import { runCommand } from "./_run_command.ts";

Deno.test("convert --shards: shares by number and by name fill one place, which the API fills alike", () =>
  inFolder(async (folder) => {
    const place = `${folder}/place`;
    const base = ["convert", AC1_TINY, place, "--dataset", "wehr", "-q"];
    const run = (...flags: string[]): ReturnType<typeof runCommand> =>
      runCommand([...base, "--shards", "ndjson", ...flags]);
    const [first, named] = await Promise.all([
      run("--shard", "0/2"),
      run("--session", "20020509-mw-002", "--json"),
    ]);
    assertEquals([first.code, named.code], [0, 0], first.err + named.err);
    assertStringIncludes(first.out, `Wrote 3 shards to ${place}. Together `);
    const { warnings: _, ...summary } = JSON.parse(named.out);
    const rest = await run();
    assertStringIncludes(rest.out, "were there already. Together ");
    const chain = (): ReturnType<typeof wehr> =>
      wehr(AC1_TINY).pipe(crcnsAc1Pipeline());
    const other = `${folder}/other`;
    const options = { format: "ndjson" } as const;
    const whole = chain().pipe(toShards(other, options));
    const { sessions } = await lastValueFrom(whole);
    assertEquals(await treeOf(place), await treeOf(other));
    assertEquals([summary.sessions, summary.place], [1, place]);
    const half = chain().pipe(
      shard({ index: 0, count: 2 }),
      toShards(place, options),
    );
    const { kept } = await lastValueFrom(half);
    assertEquals([kept, sessions], [3, 5]);
  }));

Deno.test("convert --shards: another job is an error of the place, other flags are a wrong call", () =>
  inFolder(async (folder) => {
    const base = ["convert", AC1_TINY, folder, "--dataset", "wehr", "-q"];
    const share = ["--session", "20020509-mw-002"];
    const first = await runCommand([...base, "--shards", "npz", ...share]);
    assertEquals(first.code, 0, first.err);
    const other = await runCommand([
      ...[...base, "--shards", "npz", ...share, "--max-abs-mv", "120"],
    ]);
    assertEquals([other.code, other.err], [
      1,
      "error: Cannot write shards: the place holds those of another job: gate's " +
      `maxAbsMv was 150, is 120 (file "${folder}")\n`,
    ]);
    const wrong = await runCommand([...base, "--shards", "npz", "--resume"]);
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.err, "Cannot write shards: --resume is given");
  }));
