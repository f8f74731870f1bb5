import {
  crcnsAc1Pipeline,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { toShards } from "rxephys/shards";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import {
  freePort,
  hasRedis,
  type RedisServer,
  redisServer,
} from "../support/servers/redis_server.ts";
import { type CommandRun, runCommand, startCommand } from "./_run_command.ts";

const PASSWORD = "s3cret-w0rd";

/** Calls a function with a folder and the environment of a Redis in it. */
function withRedis(
  use: (
    folder: string,
    env: { REDIS_URL: string },
    server: RedisServer,
  ) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const settings = ["--appendonly", "yes", "--requirepass", PASSWORD];
    await Deno.mkdir(`${folder}/redis`);
    await using server = await redisServer(`${folder}/redis`, { settings });
    const REDIS_URL = `redis://:${PASSWORD}@127.0.0.1:${server.port}`;
    await use(folder, { REDIS_URL }, server);
  });
}

async function shardsIn(place: string): Promise<Map<string, Uint8Array>> {
  const shards = new Map<string, Uint8Array>();
  for await (const { name } of Deno.readDir(`${place}/shards`)) {
    shards.set(name, await Deno.readFile(`${place}/shards/${name}`));
  }
  return new Map([...shards].sort(([a], [b]) => a < b ? -1 : 1));
}

Deno.test({
  name:
    "rxephys submit, work, status: a data set through the queue, each session once, no word of the password",
  ignore: !hasRedis,
  fn: () =>
    withRedis(async (folder, env) => {
      const data = `${folder}/data`;
      await writeSyntheticAc1(data, { scale: 12 });
      const place = `${folder}/shards`;
      const runs: CommandRun[] = [];
      const run = async (...args: string[]): Promise<unknown> => {
        const result = await runCommand([...args, "--json"], { env });
        runs.push(result);
        assertEquals(result.code, 0, result.err);
        return JSON.parse(result.out);
      };
      const submit = [
        ...["submit", data, place, "--dataset", "wehr"],
        ...["--shards", "safetensors"],
      ];
      const { sessions, run: id, ...first } = await run(...submit) as {
        readonly sessions: number;
        readonly run: string;
      };
      assertEquals(
        first,
        {
          ...{ added: sessions, written: 0, queued: 0, failed: 0 },
        } as typeof first,
      );
      assertEquals(await run(...submit), {
        ...{ run: id, sessions, added: 0, written: 0 },
        ...{ queued: sessions, failed: 0 },
      });
      const { done, failures } = await run("work", "--until-empty") as {
        readonly done: number;
        readonly failures: number;
      };
      assertEquals([done, failures], [sessions, 0]);
      assertEquals(await run(...submit), {
        ...{ run: id, sessions, added: 0, written: sessions },
        ...{ queued: 0, failed: 0 },
      });
      const { runs: states } = await run("status") as {
        readonly runs: readonly {
          readonly submitted: string;
        }[];
      };
      assertEquals(states.map(({ submitted: _, ...state }) => state), [{
        ...{ run: id, data, place, format: "safetensors", sessions },
        ...{ waiting: 0, active: 0, delayed: 0, done: sessions, failed: 0 },
      }] as object[]);

      // The same shards as without a queue; one that is removed is written again.
      const options = { format: "safetensors" } as const;
      await lastValueFrom(
        wehr(data).pipe(
          crcnsAc1Pipeline(),
          toShards(`${folder}/direct`, options),
        ),
      );
      const direct = await shardsIn(`${folder}/direct`);
      assertEquals(direct.size, sessions);
      assertEquals(await shardsIn(place), direct);
      await Deno.remove(`${place}/shards/${[...direct.keys()][1]}`);
      const again = await run(...submit) as { readonly added: number };
      assertEquals(again.added, 1);
      await run("work", "--until-empty");
      assertEquals(await shardsIn(place), direct);

      const other = [...submit, "--dt", "10"];
      const refused = await runCommand(other, { env });
      assertEquals(
        [refused.code, refused.err.trimEnd().split("\n").at(-1)],
        [
          1,
          "error: Cannot write shards: the place holds those of another job: " +
          `bin's dtMs was 5, is 10 (file "${place}")`,
        ],
      );
      runs.push(refused);
      const wrong = env.REDIS_URL.replace(PASSWORD, `${PASSWORD}-or-not`);
      const args = ["status", "--redis", wrong, "--debug"];
      const denied = await runCommand(args, { env });
      assertEquals(denied.code, 1);
      assert(
        denied.err.includes("refuses the user or the password"),
        denied.err,
      );
      runs.push(denied);
      const said = runs.map(({ out, err }) => out + err).join("\n");
      assert(!said.includes(PASSWORD), said);
    }),
});

Deno.test({
  name:
    "rxephys work: SIGTERM and Ctrl-C end it after the session under way; the next worker writes the rest",
  ignore: !hasRedis,
  fn: () =>
    withRedis(async (folder, env) => {
      const data = `${folder}/data`;
      await writeSyntheticAc1(data, { scale: 30 });
      const place = `${folder}/shards`;
      await runCommand(["submit", data, place, "--dataset", "wehr"], { env });
      for (
        const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const
      ) {
        const before = await countIn(`${place}/sessions`);
        const child = startCommand(["work", "--threads", "1"], { env });
        while (await countIn(`${place}/sessions`) === before) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        child.kill(signal);
        const ended = await child.output();
        const err = new TextDecoder().decode(ended.stderr);
        const out = new TextDecoder().decode(ended.stdout);
        assertEquals(ended.code, code, err);
        const lines = err.trimEnd().split("\n");
        assertEquals(lines.at(-1), `interrupted by ${signal}`);
        const written = lines.filter((line) => line.includes(": written in"));
        assertEquals(
          await countIn(`${place}/sessions`),
          before + written.length,
          err,
        );
        assert(/^Wrote \d+ sessions?\n$/.test(out), out);
      }
      const args = ["status", "--json"];
      const state = JSON.parse((await runCommand(args, { env })).out);
      const [{ waiting, active, done, failed, sessions }] = state.runs;
      assertEquals([active, failed], [0, 0]);
      assertEquals(waiting + done, sessions);
      assert(waiting > 0, "all sessions are written");
      await runCommand(["work", "--until-empty"], { env });
      assertEquals(await countIn(`${place}/shards`), sessions);
    }),
});

Deno.test({
  name:
    "rxephys submit measures the ranges of Wingert 2026 once, and workers use them",
  ignore: !hasRedis,
  fn: () =>
    withRedis(async (folder, env) => {
      const data = `${folder}/data`;
      await writeSyntheticWingert(data, { scale: 3 });
      const place = `${folder}/shards`;
      const submit = ["submit", data, place];
      const note =
        "Measuring the ranges of all sessions, once for all workers.";
      const first = await runCommand(submit, { env });
      assertEquals(first.code, 0, first.err);
      assert(first.err.includes(note), first.err);
      const second = await runCommand(submit, { env });
      assert(!second.err.includes(note), second.err);
      assertEquals(
        second.out.replace(/\w{16}: queued 0 of \d+/, "x of n"),
        `Run x of n sessions; ${
          /of (\d+)/.exec(first.out)?.[1]
        } were in the queue\n`,
      );
      const worked = await runCommand(["work", "--until-empty"], { env });
      assertEquals(worked.code, 0, worked.err);

      // Arrays as the whole stream normalizes them.
      const direct = `${folder}/direct`;
      await lastValueFrom(
        wingert2026(data).pipe(wingert2026Pipeline(), toShards(direct)),
      );
      assertEquals(await shardsIn(place), await shardsIn(direct));
    }),
});

Deno.test("rxephys submit, work, status without Redis: an error in seconds; with a wrong call: code 2", async () => {
  const port = freePort();
  const env = { REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${port}` };
  const started = performance.now();
  const commands = [["submit", "/none", "/none"], ["work"], ["status"]];
  const acts = ["submit", "work", "show the queue"];
  const runs = await Promise.all(
    commands.map((args) => runCommand([...args, "--wait", "1"], { env })),
  );
  assert(performance.now() - started < 20_000);
  assertEquals(
    runs.map(({ code, out, err }) => [code, out, err]),
    acts.map((act) => [
      1,
      "",
      `error: Cannot ${act}: Redis at 127.0.0.1:${port} has not answered for ` +
      "1 s: the connection is refused\n",
    ]),
  );
  const wrong = [
    [
      ["status", "--redis", `http://:${PASSWORD}@h`],
      "Cannot reach Redis: the address in --redis is of another kind",
    ],
    [["status", "--queue", "a:b"], "Cannot show the queue: --queue is a:b"],
    [["work", "--threads", "0"], "Cannot work: --threads is 0"],
    [["work", "--lock", "0"], "Cannot work: --lock is 0"],
    [
      ["submit", "/none", "/none", "--attempts", "1.5"],
      "Cannot submit: --attempts is 1.5",
    ],
  ] as const;
  for (const [args, message] of wrong) {
    const { code, err } = await runCommand(args, { env });
    assertEquals([code, err.slice(7, 7 + message.length)], [2, message]);
    assert(!err.includes(PASSWORD), err);
  }
});

async function countIn(folder: string): Promise<number> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
