import { crcnsAc1Pipeline, shard, wehr } from "rxephys";
import { toShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
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

Deno.test("convert --merge: the shards of all runs are one file, in each format and on a pipe", () =>
  inFolder(async (folder) => {
    const place = `${folder}/place`;
    const run = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await runCommand(["convert", ...args, "-q"]);
      assertEquals(code, 0, err);
      return out;
    };
    const shards = [AC1_TINY, place, "--shards", "safetensors"];
    for (const share of ["1/2", "0/2"]) await run(...shards, "--shard", share);
    for (const end of ["npz", "ndjson"]) {
      const [direct, merged] = [
        `${folder}/direct.${end}`,
        `${folder}/m.${end}`,
      ];
      const said = await run(AC1_TINY, direct);
      assertEquals(
        (await run(place, merged, "--merge")).replace(merged, direct),
        said,
      );
      assertEquals(await treeOf(merged), await treeOf(direct));
    }
    assertEquals(
      await run(place, "-", "--merge"),
      await Deno.readTextFile(`${folder}/direct.ndjson`),
    );
  }));

Deno.test("convert --merge: missing shards are an error of the place, flags of a chain a wrong call", () =>
  inFolder(async (folder) => {
    const [place, out] = [`${folder}/place`, `${folder}/out.npz`];
    const share = ["--shards", "npz", "--shard", "0/2", "-q"];
    const written = await runCommand(["convert", AC1_TINY, place, ...share]);
    assertEquals(written.code, 0, written.err);
    const merge = ["convert", place, out, "--merge", "-q"];
    const missing = await runCommand(merge);
    assertEquals(missing.code, 1);
    assertStringIncludes(
      missing.err,
      "error: Cannot merge shards: 4 of 8 sessions are missing: ",
    );
    assert(!missing.err.includes("rxephys download"), missing.err);
    for (
      const flags of [["--dt", "10"], ["--dataset", "wehr"], share.slice(0, 2)]
    ) {
      const wrong = await runCommand([...merge, ...flags]);
      assertEquals(wrong.code, 2, wrong.err);
      assertStringIncludes(
        wrong.err,
        `Cannot merge shards: ${
          flags[0]
        } is given, expected --merge without it`,
      );
    }
    assertEquals((await runCommand([...merge.with(2, "x.csv")])).code, 2);
  }));
