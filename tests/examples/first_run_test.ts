import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

async function hasRegistry(): Promise<boolean> {
  try {
    const options = { method: "HEAD", signal: AbortSignal.timeout(5000) };
    return (await fetch("https://registry.npmjs.org/rxjs", options)).ok;
  } catch {
    return false;
  }
}

Deno.test({
  name: "the README's first command downloads only what it runs",
  ignore: !await hasRegistry(),
  fn: () =>
    inFolder(async (folder) => {
      const env = { DENO_DIR: folder };
      const run = await runExample("wehr.ts", [AC1_TINY], env);
      assertEquals(run.code, 0, run.err);
      const downloads = run.err.match(/^Download .*$/gm) ?? [];
      assert(downloads.some((line) => line.includes("/rxjs/-/")), run.err);
      const others = downloads.filter((line) =>
        /tensorflow|assemblyscript|binaryen|plot|linkedom|playwright|ml-matrix/
          .test(line)
      );
      // Without "npm-lazy-caching", Deno fetches all 150 packages of its lock.
      assertEquals(others, []);
      assert(downloads.length < 30, downloads.join("\n"));
    }),
});
