import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { hasRedis } from "../support/servers/redis_server.ts";
import { UnsupportedError } from "../../src/errors.ts";
import { Worker } from "../../src/queue/_bullmq.ts";
import type { ActiveSession, RunStatus } from "../../src/queue/status.ts";
import { removeRun } from "../../src/queue/remove_run.ts";
import { type Queued, runIn, withQueue } from "./_queued.ts";

const linesOf = async ({ folder }: Queued): Promise<string[]> =>
  (await Deno.readTextFile(`${folder}/log`)).trim().split("\n").sort();

function test(name: string, use: (queued: Queued) => Promise<void>): void {
  Deno.test({ name, ignore: !hasRedis, fn: () => withQueue(use) });
}

test("submit adds each session once, and work writes each once", async (queued) => {
  const sessions = Array.from({ length: 40 }, (_, at) => `s${at}`);
  const counts = { written: 0, queued: 0, failed: 0, sessions: 40 };
  const run = "0123456789abcdef";
  assertEquals(await queued.submit(sessions), { ...counts, run, added: 40 });
  assertEquals(await queued.submit(sessions), {
    ...{ ...counts, run, added: 0, queued: 40 },
  });
  const [a, b] = await Promise.all([
    queued.work({ threads: 2 }),
    queued.work({ threads: 2 }),
  ]);
  assertEquals(a.summary.done + b.summary.done, 40);
  assertEquals(await linesOf(queued), [...sessions].sort());
  const { runs, active, failed } = await queued.status();
  assertEquals([active, failed], [[], []]);
  assertEquals(runs.map(({ done, waiting }) => [done, waiting]), [[40, 0]]);
});

test("a session that computes past its lock keeps it", async (queued) => {
  await queued.submit(["computes 5000"]);
  const runs = await Promise.all(
    [{ lockMs: 2000 }, { lockMs: 2000 }].map((lock) => queued.work(lock)),
  );
  const events = runs.flatMap(({ events }) => events);
  assertEquals(events.map(({ kind }) => kind), ["done"]);
  assertEquals(await linesOf(queued), ["computes 5000"]);
});

test("a session that hangs is ended, fails and lets the next one pass", async (queued) => {
  await queued.submit(["loops", "waits", "plain"], { attempts: 1 });
  const { summary, events } = await queued.work({ hangMs: 1500 });
  assertEquals(summary, { done: 1, failures: 2 });
  const reason = "Cannot write session: no progress for 1.5 s";
  assertEquals(
    events.map(({ kind, session, reason }) => [kind, session, reason]),
    [
      ["failed", "loops", reason],
      ["failed", "waits", reason],
      ["done", "plain", undefined],
    ],
  );
});

test("a failure has its attempts, one that lasts has one; status lists both", async (queued) => {
  await queued.submit(["fails", "refuses", "ends", "plain"]);
  const { summary, events } = await queued.work();
  assertEquals(summary, { done: 1, failures: 5 });
  const of = (name: string): string[] =>
    events.filter(({ session }) => session === name).map(({ kind }) => kind);
  assertEquals(of("fails"), ["retry", "failed"]);
  assertEquals(of("refuses"), ["failed"]);
  assertEquals(of("ends"), ["retry", "failed"]);
  const { runs, failed } = await queued.status();
  assertEquals(runs.map(({ done, failed }) => [done, failed]), [[1, 3]]);
  const byName = failed.map(({ session, attempts, reason }) =>
    `${session} ${attempts} ${reason}`
  );
  assertEquals(byName.sort(), [
    "ends 2 Cannot write session: its thread has ended with code 3",
    "fails 2 Cannot do it",
    "refuses 1 Cannot do it",
  ]);

  const again = ["fails", "refuses", "ends", "plain"];
  const left = await queued.submit(again);
  assertEquals([left.added, left.failed], [1, 3]);
  const retried = await queued.submit(again, { retriesFailed: true });
  assertEquals([retried.added, retried.queued, retried.failed], [3, 1, 0]);
});

test("a run that is removed leaves nothing, and can be submitted again", async (queued) => {
  const { connection, folder } = queued;
  const keys = (): Promise<string[]> => connection.client.keys("*");
  await queued.submit(["fails", "refuses", "plain"], { attempts: 1 });
  await queued.work();
  await queued.submit(["fails", "refuses", "plain", "later"]);
  const { id } = runIn(folder);
  assertEquals(await removeRun(connection, "tests", id), 4);
  assertEquals((await queued.status()).runs, []);
  assertEquals((await keys()).filter((key) => key.includes(id)), []);
  await assertRejects(
    () => removeRun(connection, "tests", id),
    RangeError,
    `Cannot remove run: run is ${id}, expected one that status lists`,
  );
  assertEquals((await queued.submit(["a", "b"])).added, 2);
});

test("status shows how far a session is that is under way", async (queued) => {
  await queued.submit(["reports", "plain"]);
  const working = queued.work();
  let state = await queued.status();
  while (state.active[0]?.done === undefined) state = await queued.status();
  const [{ ms, ...active }] = state.active as [ActiveSession];
  assert(ms > 1000, `${ms} ms`);
  assertEquals(active, {
    ...{ run: "0123456789abcdef", position: 0, session: "reports" },
    ...{ attempt: 1, done: 3, total: 8 },
  });
  const [{ waiting, active: count }] = state.runs as [RunStatus];
  assertEquals([waiting, count], [1, 1]);
  const { events } = await working;
  assertEquals(
    events.map(({ kind, wasThere }) => [kind, wasThere]),
    [["done", true], ["done", false]],
  );
});

test("a signal ends the work after the session under way, and the rest stays", async (queued) => {
  await queued.submit(["computes 800", "later"]);
  const controller = new AbortController();
  const working = queued.work({ signal: controller.signal, untilEmpty: false });
  while ((await queued.status()).active.length === 0);
  controller.abort();
  assertEquals((await working).summary, { done: 1, failures: 0 });
  assertEquals(await linesOf(queued), ["computes 800"]);
  const { runs } = await queued.status();
  assertEquals(runs.map(({ done, waiting }) => [done, waiting]), [[1, 1]]);
});

test("a session whose workers end again and again fails", async (queued) => {
  await queued.submit(["deadly"], { attempts: 100 });
  const { connection: { client } } = queued;
  while ((await queued.status()).failed.length === 0) {
    const options = {
      lockDuration: 50,
      stalledInterval: 40,
      maxStalledCount: 5,
    };
    const started = Promise.withResolvers<void>();
    const worker = new Worker("tests", () => {
      started.resolve();
      return new Promise<void>(() => {});
    }, { connection: client, skipVersionCheck: true, ...options });
    worker.on("error", () => {});
    const failed = (async () => {
      while ((await queued.status()).failed.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await Promise.race([started.promise, failed]);
    await worker.close(true);
  }
  const [{ reason } = { reason: "" }] = (await queued.status()).failed;
  assertEquals(
    reason,
    "its workers ended again and again while it was under way: too little memory?",
  );
});

test("a worker without the module of its threads takes no session", async (queued) => {
  await queued.submit(["plain"]);
  const module = new URL("./no_such_thread.js", import.meta.url);
  await assertRejects(
    () => queued.work({ module }),
    UnsupportedError,
    `Cannot work: this program has no ${module.pathname}, expected the files ` +
      "of rxephys, as with deno run",
  );
  const { runs } = await queued.status();
  assertEquals(runs.map(({ waiting, failed }) => [waiting, failed]), [[1, 0]]);
});

test("work ends with an error where Redis stays away", async (queued) => {
  await queued.submit(["computes 100"]);
  const working = queued.work({ untilEmpty: false });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await queued.server.stop();
  const started = performance.now();
  const error = await working.then(() => null, (error) => error);
  assertEquals(
    String(error),
    `DownloadError: Cannot test: Redis at 127.0.0.1:${queued.server.port} has ` +
      "not answered for 2 s: the connection is refused",
  );
  assert(performance.now() - started < 10_000);
});

test("work ends with an error where Redis hangs", async (queued) => {
  await queued.submit(["computes 100", "computes 200", "waits"]);
  const working = queued.work();
  await new Promise((resolve) => setTimeout(resolve, 300));
  queued.server.signal("SIGSTOP");
  const started = performance.now();
  const error = await working.then(() => null, (error) => error);
  queued.server.signal("SIGCONT");
  assertEquals(
    String(error),
    `DownloadError: Cannot test: Redis at 127.0.0.1:${queued.server.port} has ` +
      "not answered for 2 s: no answer",
  );
  assert(performance.now() - started < 20_000);
});
