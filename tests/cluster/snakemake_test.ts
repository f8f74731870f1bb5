import { fromFileUrl } from "@std/path";
import { CLI } from "../command/_run_command.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { succeeds } from "../support/succeeds.ts";
import { fiftySessions } from "./_fifty_sessions.ts";
import { killProcess } from "./_kill_process.ts";

const SNAKEMAKE = Deno.env.get("SNAKEMAKE") ?? "snakemake";
const EXAMPLE = fromFileUrl(
  new URL("../../examples/cluster/snakemake", import.meta.url),
);
const hasSnakemake = Deno.build.os === "linux" &&
  await succeeds(SNAKEMAKE, ["--version"]);

if (!hasSnakemake) {
  console.log(
    "No Snakemake: its recipe is not tested. `pip install snakemake` has it; " +
      "SNAKEMAKE names the command.",
  );
}

/** Runs the example in a folder. */
async function snakemake(
  folder: string,
  data: string,
): Promise<{ code: number; log: string }> {
  const { code, stderr } = await new Deno.Command(SNAKEMAKE, {
    args: [
      ...["--cores", "2", "--config", "tasks=5", `data=${data}`],
      ...["place=place", "out=out.npz"],
      `rxephys=${Deno.execPath()} run -A --quiet ${CLI}`,
    ],
    cwd: folder,
    env: { HOME: folder, XDG_CACHE_HOME: `${folder}/cache` },
    stdout: "null",
  }).output();
  return { code, log: new TextDecoder().decode(stderr) };
}

Deno.test({
  name: "examples/cluster/snakemake: a job is killed, the merge is whole",
  ignore: !hasSnakemake,
  fn: () =>
    inFolder(async (folder) => {
      const { data, direct } = await fiftySessions(folder);
      for (const name of ["Snakefile", "config.yaml"]) {
        await Deno.copyFile(`${EXAMPLE}/${name}`, `${folder}/${name}`);
      }
      const [{ code, log }] = await Promise.all([
        snakemake(folder, data),
        killProcess(["--shard", "3/5"]),
      ]);
      assertEquals(code, 0, log);
      assert(/Trying to restart job \d+/.test(log), log);
      assertEquals(await Deno.readFile(`${folder}/out.npz`), direct);

      const again = await snakemake(folder, data);
      assertEquals(again.code, 0, again.log);
      assert(again.log.includes("Nothing to be done"), again.log);
    }),
});
