import { OneAtATime } from "../../src/base/turns.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";

Deno.test("OneAtATime: runs in order, one at a time, whatever becomes of them", async () => {
  const queue = new OneAtATime();
  const log: string[] = [];
  const task = (name: string, fails = false) => async (): Promise<string> => {
    log.push(`${name} starts`);
    await Promise.resolve();
    await Promise.resolve();
    log.push(`${name} ends`);
    if (fails) throw new RangeError(name);
    return name;
  };
  const runs = [
    queue.run(task("a")),
    queue.run(task("b", true)),
    queue.run(task("c")),
  ];
  const ends = await Promise.allSettled(runs);
  assertEquals(ends.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertEquals(
    log,
    ["a", "b", "c"].flatMap((x) => [`${x} starts`, `${x} ends`]),
  );
});

Deno.test("OneAtATime: who leaves the queue leaves at once, nobody overtakes", async () => {
  const queue = new OneAtATime();
  const log: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = queue.run(() => first.promise.then(() => log.push("first")));
  const leaving = new AbortController();
  const left = queue.run(() => Promise.resolve(log.push("left")), leaving);
  const last = queue.run(() => Promise.resolve(log.push("last")));
  leaving.abort(new RangeError("enough"));
  await assertRejects(() => left, RangeError, "enough");
  assertEquals(log, []);
  first.resolve();
  await Promise.all([running, last]);
  assertEquals(log, ["first", "last"]);
});

Deno.test("OneAtATime: an aborted signal starts nothing", async () => {
  const queue = new OneAtATime();
  const signal = AbortSignal.abort(new RangeError("enough"));
  let started = false;
  const run = (): Promise<void> =>
    queue.run(() => Promise.resolve(void (started = true)), { signal });
  await assertRejects(run, RangeError, "enough");
  assertEquals(started, false);
});
