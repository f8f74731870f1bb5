import { assert } from "../support/assert.ts";
import { freePort } from "../support/servers/redis_server.ts";
import { succeeds } from "../support/succeeds.ts";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;

/** Whether this machine can run SLURM. */
export const hasSlurm: boolean = isRoot &&
  await succeeds("slurmctld", ["-V"]) &&
  await succeeds("slurmd", ["-V"]);

if (!hasSlurm) {
  console.log(
    "No SLURM, or no root: its recipe is not tested. Debian's package slurm-wlm " +
      "has it.",
  );
}

/** A SLURM of one node, this machine. */
export interface Slurm extends AsyncDisposable {
  /** Environment of its commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of its commands and returns what it prints. */
  run(command: string, args?: readonly string[]): Promise<string>;
}

/** Starts SLURM with all its files in a folder, without accounts or keys. */
export async function startSlurm(folder: string): Promise<Slurm> {
  const path = `${folder}/slurm.conf`;
  const env = { SLURM_CONF: path };
  await Deno.mkdir(`${folder}/state`);
  await Deno.mkdir(`${folder}/spool`);
  await Deno.writeTextFile(path, configuration(folder));
  const servers = ["slurmctld", "slurmd"].map((name) =>
    new Deno.Command(name, {
      args: ["-D", "-f", path],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn()
  );
  // A test that fails must not leave the servers behind.
  const kill = (): void => servers.forEach((server) => server.kill("SIGKILL"));
  globalThis.addEventListener("unload", kill);
  const run: Slurm["run"] = async (command, args = []) => {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      env,
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    assert(success, `${command} ${args.join(" ")}: ${err}`);
    return out ?? "";
  };
  await ready(env);
  return {
    env,
    run,
    [Symbol.asyncDispose]: async () => {
      globalThis.removeEventListener("unload", kill);
      for (const server of servers) server.kill("SIGTERM");
      await Promise.all(servers.map(({ status }) => status));
    },
  };
}

/** Resolves once the node takes jobs. */
async function ready(env: Slurm["env"]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { stdout } = await new Deno.Command("sinfo", {
      args: ["--noheader", "--format=%t"],
      env,
      stderr: "null",
    }).output();
    if (new TextDecoder().decode(stdout).trim() === "idle") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Cannot start SLURM: its node takes no jobs");
}

function configuration(folder: string): string {
  const host = Deno.hostname();
  return `ClusterName=rxephys
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${freePort()}
SlurmdPort=${freePort()}
AuthType=auth/none
CredType=cred/none
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
AccountingStorageType=accounting_storage/none
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
PartitionName=all Nodes=${host} Default=YES State=UP
`;
}
