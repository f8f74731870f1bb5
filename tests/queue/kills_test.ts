import { crcnsAc1Pipeline, toNpz, wehr } from "rxephys";
import { fromFileUrl } from "@std/path";
import { lastValueFrom } from "rxjs";
import { runCommand, startCommand } from "../command/_run_command.ts";
import { writeManySessions } from "../support/archives/many_sessions.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { faultyProxy } from "../support/servers/faulty_proxy.ts";
import {
  hasRedis,
  type RedisServer,
  redisServer,
} from "../support/servers/redis_server.ts";
import { STORES } from "../support/servers/s3_store.ts";
import { seeded } from "../support/sessions/traces.ts";

/** Trials of a session, so many that some workers are killed before the end. */
const TRIALS = 8;
const WORKERS = 3;
const KILL_MS = 1000;
/** Kills of a run; given as a variable, the runs are longer, to find rare faults. */
const QUEUE_KILLS = Deno.env.get("QUEUE_KILLS");
const MOST_KILLS = Number(QUEUE_KILLS ?? 8);
const SESSIONS = 200;
/** A slow store takes half a second a session. */
const STORE_SESSIONS = QUEUE_KILLS === undefined ? 40 : SESSIONS;

type Environment = Readonly<Record<string, string>>;

/** Sessions of the queue by state. */
interface State {
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

async function command(
  args: readonly string[],
  env: Environment,
): Promise<unknown> {
  const { code, out, err } = await runCommand([...args, "--json"], { env });
  assertEquals(code, 0, err);
  return JSON.parse(out);
}

async function stateOf(env: Environment): Promise<State> {
  const args = ["status", "--wait", "20"];
  const { runs } = await command(args, env) as { readonly runs: [State] };
  return runs[0];
}

/**
 * Works on a queue with processes of which one is killed each second, and restarts
 * Redis once, until all is written.
 */
async function survive(
  server: RedisServer,
  sessions: number,
  env: Environment,
): Promise<number> {
  const running = new Set<Deno.ChildProcess>();
  const killed = new WeakSet<Deno.ChildProcess>();
  let [kills, isOver] = [0, false];
  const slot = async (): Promise<void> => {
    while (!isOver) {
      const args = ["work", "--threads", "1", "--lock", "1", "--until-empty"];
      const child = startCommand(args, { env });
      running.add(child);
      const { code, stderr } = await child.output();
      running.delete(child);
      if (killed.has(child)) continue;
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return;
    }
  };
  const timer = setInterval(() => {
    // Those who run longest are first in the set.
    const [child] = running;
    if (child === undefined || kills >= MOST_KILLS) return;
    kills++;
    killed.add(child);
    running.delete(child);
    child.kill("SIGKILL");
  }, KILL_MS);
  const restart = async (): Promise<void> => {
    while ((await stateOf(env)).done < sessions / 5);
    await server.stop("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.start();
  };
  try {
    await Promise.all([
      ...Array.from({ length: WORKERS }, slot),
      restart(),
    ]);
  } finally {
    isOver = true;
    clearInterval(timer);
    for (const child of running) child.kill("SIGKILL");
  }
  return kills;
}

/** Runs the whole of it in a folder or a store, and compares with the direct load. */
async function test(
  folder: string,
  place: string,
  { sessions, queue: env, merge }: {
    readonly sessions: number;
    readonly queue: Environment;
    readonly merge: Environment;
  },
): Promise<void> {
  await Deno.mkdir(`${folder}/redis`);
  const settings = ["--appendonly", "yes"];
  await using server = await redisServer(`${folder}/redis`, { settings });
  const data = await writeManySessions(folder, sessions, TRIALS);
  const all = { ...env, REDIS_URL: server.url };
  const submit = ["submit", data, place, "--dataset", "wehr"];
  const { added } = await command(submit, all) as { readonly added: number };
  assertEquals(added, sessions);

  const kills = await survive(server, sessions, all);
  assert(kills > 0, "no worker was killed");

  const { done, ...rest } = await stateOf(all);
  assertEquals(done, sessions);
  const { failed, waiting, active, delayed } = rest;
  assertEquals([failed, waiting, active, delayed], [0, 0, 0, 0]);
  const { written } = await command(submit, all) as {
    readonly written: number;
  };
  assertEquals(written, sessions);

  const direct = `${folder}/direct.npz`;
  await lastValueFrom(wehr(data).pipe(crcnsAc1Pipeline(), toNpz(direct)));
  const merged = `${folder}/merged.npz`;
  const script = fromFileUrl(new URL("./_merge_run.ts", import.meta.url));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, place, merged],
    env: { NO_COLOR: "1", ...merge },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(await Deno.readFile(merged), await Deno.readFile(direct));
}

Deno.test({
  name:
    `${SESSIONS} sessions over ${WORKERS} workers, one killed each second, Redis killed once: each shard once, merged as loaded directly`,
  ignore: !hasRedis,
  fn: () =>
    inFolder(async (folder) => {
      const place = `${folder}/shards`;
      const sessions = SESSIONS;
      await test(folder, place, { sessions, queue: {}, merge: {} });
      const names = await Array.fromAsync(
        Deno.readDir(`${place}/shards`),
        ({ name }) => name.slice(0, 6),
      );
      assertEquals(
        names.sort(),
        Array.from(
          { length: SESSIONS },
          (_, position) => String(position).padStart(6, "0"),
        ),
      );
    }),
});

for (const { name, start } of STORES) {
  Deno.test({
    name:
      `the same with shards in ${name}, which answers slowly, with 503, or not at all`,
    ignore: !hasRedis,
    fn: () =>
      inFolder(async (folder) => {
        await using store = await start();
        const random = seeded(7);
        await using proxy = await faultyProxy(store.endpoint, () => {
          const chance = random();
          if (chance < 0.05) return { status: 503, code: "SlowDown" };
          if (chance < 0.1) return { delayMs: 500 };
          if (chance < 0.12) return { drop: "after" };
          return undefined;
        });
        const place = `s3://${await store.newBucket()}/some/shards`;
        const { env } = store;
        const queue = { ...env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
        const sessions = STORE_SESSIONS;
        await test(folder, place, { sessions, queue, merge: env });
        assert(proxy.requests.length > 5 * sessions);
      }),
  });
}
