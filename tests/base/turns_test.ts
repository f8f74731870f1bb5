import { inOrder, oneAhead, OneAtATime } from "../../src/base/turns.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";

Deno.test("OneAtATime: runs tasks in order, one at a time, whether or not they fail", async () => {
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

Deno.test("OneAtATime: a task leaves the queue at once, and none overtakes", async () => {
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

/** Reader that logs its reads and ends each on demand. */
function logged(log: string[]): {
  read: (item: string) => Promise<string>;
  finish: (item: string, error?: Error) => void;
} {
  const pending = new Map<string, PromiseWithResolvers<string>>();
  return {
    read: (item) => {
      log.push(`begin ${item}`);
      const result = Promise.withResolvers<string>();
      pending.set(item, result);
      return result.promise;
    },
    finish: (item, error) => {
      log.push(`end ${item}`);
      if (error) pending.get(item)?.reject(error);
      else pending.get(item)?.resolve(item);
    },
  };
}

Deno.test("oneAhead: reads one item beyond the one in hand, no more", async () => {
  const log: string[] = [];
  const { read, finish } = logged(log);
  const items = oneAhead(["a", "b", "c"], read);
  const first = items.next();
  finish("a");
  assertEquals((await first).value, ["a", "a"]);
  assertEquals(log, ["begin a", "end a", "begin b"]);
  finish("b");
  assertEquals((await items.next()).value, ["b", "b"]);
  assertEquals(log.slice(3), ["end b", "begin c"]);
  finish("c");
  assertEquals((await items.next()).value, ["c", "c"]);
  assertEquals((await items.next()).done, true);
  assertEquals(log.length, 6);
});

Deno.test("oneAhead: leaving waits for the pending read, and none follows", async () => {
  const log: string[] = [];
  const { read, finish } = logged(log);
  const items = oneAhead(["a", "b", "c"], read);
  const first = items.next();
  finish("a");
  await first;
  const left = items.return(undefined);
  finish("b", new RangeError("aborted"));
  await left;
  assertEquals(log, ["begin a", "end a", "begin b", "end b"]);
});

Deno.test("oneAhead: a failure comes in its turn", async () => {
  const { read, finish } = logged([]);
  const items = oneAhead(["a", "b"], read);
  const first = items.next();
  finish("a");
  await first;
  finish("b", new RangeError("damaged"));
  await assertRejects(() => items.next(), RangeError, "damaged");
});

Deno.test("oneAhead: nothing to read", async () => {
  const items = oneAhead([], () => Promise.reject(new Error("read")));
  assertEquals((await items.next()).done, true);
});

Deno.test("inOrder: a later failure waits for its turn and is handled", async () => {
  const visited: number[] = [];
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  const read = async (item: number): Promise<number> => {
    if (item === 2) throw new RangeError("two");
    await new Promise((resolve) => setTimeout(resolve, 5));
    return item;
  };
  await assertRejects(
    () => inOrder([0, 1, 2, 3], 4, read, (item) => void visited.push(item)),
    RangeError,
    "two",
  );
  globalThis.removeEventListener("unhandledrejection", note);
  assertEquals([visited, unhandled], [[0, 1], []]);
});
