import { fromFileUrl } from "@std/path";
import { CLI } from "../command/_run_command.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { fiftySessions } from "./_fifty_sessions.ts";
import { killProcess } from "./_kill_process.ts";
import { hasSlurm, startSlurm } from "./_slurm.ts";

const SUBMIT = fromFileUrl(
  new URL("../../examples/cluster/slurm/submit.sh", import.meta.url),
);

Deno.test({
  name: "examples/cluster/slurm: one of 5 tasks is killed, the merge is whole",
  ignore: !hasSlurm,
  fn: () =>
    inFolder(async (folder) => {
      const { data, direct } = await fiftySessions(folder);
      await using slurm = await startSlurm(folder);
      const submitted = await new Deno.Command(SUBMIT, {
        args: [data, "place", "out.npz", "--dataset", "wehr"],
        cwd: folder,
        env: {
          ...slurm.env,
          TASKS: "5",
          RXEPHYS: `${Deno.execPath()} run -A --quiet ${CLI}`,
        },
      }).output();
      const [out, err] = [submitted.stdout, submitted.stderr].map((bytes) =>
        new TextDecoder().decode(bytes)
      );
      assertEquals(submitted.code, 0, err);
      const found = /^Submitted (\d+), \d+ and (\d+):/.exec(out ?? "");
      assert(found, out);
      const [, first = "", merge = ""] = found;
      await killProcess(["--shard", "3/5"]);
      const stateOf = async (job: string): Promise<string | undefined> => {
        const text = await slurm.run("scontrol", ["show", "job", job]);
        return /JobState=(\w+)/.exec(text)?.[1];
      };
      while (/PENDING|RUNNING|COMPLETING/.test(await stateOf(merge) ?? "")) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const jobs = [`${first}_2`, `${first}_3`, merge];
      assertEquals(await Promise.all(jobs.map(stateOf)), [
        ...["COMPLETED", "FAILED", "COMPLETED"],
      ]);
      assertEquals(await Deno.readFile(`${folder}/out.npz`), direct);
    }),
});
