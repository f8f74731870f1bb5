import {
  type Loaded,
  SessionCache,
} from "../../../src/sources/shared/session_cache.ts";
import { SharedLoad } from "../../../src/base/shared_load.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";

function loader(
  value: string,
  bytes: number,
  log: string[],
): () => Promise<Loaded<string>> {
  return () => {
    log.push(value);
    return Promise.resolve({ value, bytes });
  };
}

Deno.test("SessionCache: keeps to its bytes, least recently used out first", async () => {
  const log: string[] = [];
  const cache = new SessionCache<string>(100);
  for (const key of ["a", "b", "a", "c", "a", "b"]) {
    assertEquals(await cache.get(key, loader(key, 40, log)), key);
    assertEquals(cache.bytes <= 100, true);
  }
  // c pushed b out, since a was used after it; b pushed c out.
  assertEquals(log, ["a", "b", "c", "b"]);
});

Deno.test("SessionCache: holds one entry however large", async () => {
  const log: string[] = [];
  const cache = new SessionCache<string>(10);
  await cache.get("a", loader("a", 40, log));
  await cache.get("a", loader("a", 40, log));
  assertEquals(cache.bytes, 40);
  await cache.get("b", loader("b", 50, log));
  assertEquals(cache.bytes, 50);
  assertEquals(log, ["a", "b"]);
});

Deno.test("SessionCache: drops a session that was read to its end if not all fit", async () => {
  const log: string[] = [];
  const cache = new SessionCache<string>(100);
  cache.expect(60);
  await cache.get("a", loader("a", 40, log));
  cache.spend("a");
  assertEquals(cache.bytes, 40);
  cache.expect(60);
  cache.spend("a");
  assertEquals(cache.bytes, 0);
  await cache.get("a", loader("a", 40, log));
  assertEquals(log, ["a", "a"]);
});

Deno.test("SessionCache: from the second pass on, sessions that fit stay", async () => {
  const log: string[] = [];
  const cache = new SessionCache<string>(100, { keepFromPass: 2 });
  cache.expect(80);
  const read = async (key: string): Promise<void> => {
    await cache.get(key, loader(key, 40, log));
    await cache.get(key, loader(key, 40, log));
    cache.spend(key);
  };
  for (const key of ["a", "b"]) {
    await read(key);
    assertEquals(cache.bytes, 0);
  }
  for (const key of ["a", "b", "a", "b"]) await read(key);
  assertEquals(cache.bytes, 80);
  assertEquals(log, ["a", "b", "a", "b"]);
});

Deno.test("SharedLoad: two callers share one load", async () => {
  let loads = 0;
  const { promise, resolve } = Promise.withResolvers<number>();
  const shared = new SharedLoad(() => {
    loads++;
    return promise;
  });
  const both = Promise.all([shared.get(), shared.get()]);
  resolve(7);
  assertEquals(await both, [7, 7]);
  assertEquals(loads, 1);
});

Deno.test("SharedLoad: a caller that aborts does not end another's wait", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let ended: AbortSignal | undefined;
  const shared = new SharedLoad((signal) => {
    ended = signal;
    return promise;
  });
  const leaving = new AbortController();
  const first = shared.get(leaving.signal);
  const second = shared.get(new AbortController().signal);
  leaving.abort(new RangeError("first leaves"));
  await assertRejects(() => first, RangeError, "first leaves");
  assertEquals(ended?.aborted, false);
  resolve("loaded");
  assertEquals(await second, "loaded");
});

Deno.test("SharedLoad: the last caller that aborts ends the load, the next starts another", async () => {
  let loads = 0;
  const shared = new SharedLoad((signal) =>
    ++loads === 1 ? untilAborted(signal) : Promise.resolve("second")
  );
  const leaving = new AbortController();
  const first = shared.get(leaving.signal);
  const other = shared.get(leaving.signal);
  leaving.abort(new RangeError("both leave"));
  await assertRejects(() => first, RangeError, "both leave");
  await assertRejects(() => other, RangeError, "both leave");
  assertEquals(await shared.get(), "second");
});

Deno.test("SharedLoad: an aborted caller stops waiting at once", async () => {
  const shared = new SharedLoad(() => new Promise(() => {}));
  shared.get();
  const leaving = new AbortController();
  const second = shared.get(leaving.signal);
  leaving.abort(new RangeError("enough"));
  await assertRejects(() => second, RangeError, "enough");
});

Deno.test("SharedLoad: a failure is not cached", async () => {
  let loads = 0;
  const shared = new SharedLoad(() =>
    ++loads === 1 ? Promise.reject(new RangeError("once")) : Promise.resolve(1)
  );
  await assertRejects(() => shared.get(), RangeError, "once");
  assertEquals(await shared.get(), 1);
});

function untilAborted(signal?: AbortSignal): Promise<string> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}
