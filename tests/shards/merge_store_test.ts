import { crcnsAc1, crcnsAc1Pipeline, toNpz } from "rxephys";
import { lastValueFrom } from "rxjs";
import { assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { STORES } from "../support/servers/s3_store.ts";
import { namesIn } from "../support/tree.ts";
import { runCommand } from "../command/_run_command.ts";

for (const { name, start } of STORES) {
  Deno.test(`mergeShards: shards in ${name} equal a direct load, and leave no copy here`, () =>
    inFolder(async (folder) => {
      await using store = await start();
      const place = `s3://${await store.newBucket()}/run`;
      const temporary = `${folder}/tmp`;
      await Deno.mkdir(temporary);
      const env = { ...store.env, TMPDIR: temporary };
      const run = async (...args: string[]): Promise<void> => {
        const { code, err } = await runCommand(
          ["convert", ...args, "--quiet"],
          { env },
        );
        assertEquals(code, 0, err);
      };
      await run(AC1_TINY, place, "--shards", "npz");
      await run(place, `${folder}/merged.npz`, "--merge");
      const direct = `${folder}/direct.npz`;
      const stream = crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline());
      await lastValueFrom(stream.pipe(toNpz(direct)));
      const bytes = await Deno.readFile(`${folder}/merged.npz`);
      assertEquals(bytes, await Deno.readFile(direct));
      assertEquals(namesIn(temporary), []);
    }));
}
