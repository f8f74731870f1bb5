import fc from "fast-check";
import { BlockCache } from "../../../src/archive/bytes/_block_cache.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";

const FILE = new Uint8Array(40_000).map((_, i) => (i * 2654435761) >>> 13);

interface Counted {
  readonly cache: BlockCache;
  /** Requests as `[start, end]`. */
  readonly requests: [number, number][];
  /** Most bytes held when a request was sent, including its own. */
  peak(): number;
}

/** Cache over the file that records its requests. */
function counted(windowBytes = 1000, heldBytes = 5000): Counted {
  const requests: [number, number][] = [];
  let peak = 0;
  const cache = new BlockCache((offset, length) => {
    requests.push([offset, offset + length]);
    peak = Math.max(peak, cache.bytes);
    return Promise.resolve(FILE.slice(offset, offset + length));
  }, { windowBytes, heldBytes });
  return { cache, requests, peak: () => peak };
}

/** Neighbours of 200 bytes each. */
function neighbours(from: number, count: number, reads = 1): {
  offset: number;
  length: number;
  reads: number;
}[] {
  return Array.from({ length: count }, (_, i) => ({
    offset: from + 200 * i,
    length: 200,
    reads,
  }));
}

Deno.test("block cache: neighbours come in one request, up to a window", async () => {
  const { cache, requests } = counted();
  const stretches = neighbours(100, 12);
  cache.expect(stretches);
  for (const { offset, length } of stretches) {
    const bytes = await cache.read(offset, length);
    assertEquals(bytes, FILE.slice(offset, offset + length));
  }
  assertEquals(requests, [[100, 1100], [1100, 2100], [2100, 2500]]);
  assertEquals(cache.bytes, 0);
});

Deno.test("block cache: earlier neighbours of the same call are fetched, too", async () => {
  const { cache, requests } = counted();
  cache.expect(neighbours(0, 3));
  cache.expect(neighbours(600, 3));
  for (const offset of [1000, 600, 800]) await cache.read(offset, 200);
  assertEquals(requests, [[600, 1200]]);
  for (const offset of [200, 0, 400]) await cache.read(offset, 200);
  assertEquals(requests, [[600, 1200], [0, 600]]);
});

Deno.test("block cache: distant stretches take a request each", async () => {
  const { cache, requests } = counted();
  cache.expect([
    { offset: 0, length: 400 },
    { offset: 420, length: 200 },
    { offset: 700, length: 200 },
  ]);
  await cache.read(0, 400);
  await cache.read(420, 200);
  await cache.read(700, 200);
  // A gap of 20 in 400 is bridged, one of 80 is not.
  assertEquals(requests, [[0, 620], [700, 900]]);
});

Deno.test("block cache: a stretch of two reads is held until the second", async () => {
  const { cache, requests } = counted();
  const stretches = neighbours(0, 5, 2);
  cache.expect(stretches);
  for (const { offset, length } of stretches) await cache.read(offset, length);
  assertEquals(cache.bytes, 1000);
  for (const { offset, length } of stretches) await cache.read(offset, length);
  assertEquals(cache.bytes, 0);
  assertEquals(requests, [[0, 1000]]);
});

Deno.test("block cache: an announcement may be repeated", async () => {
  const { cache, requests } = counted();
  for (let pass = 0; pass < 2; pass++) {
    cache.expect(neighbours(0, 5));
    for (const { offset } of neighbours(0, 5)) await cache.read(offset, 200);
  }
  assertEquals(requests, [[0, 1000], [0, 1000]]);
});

Deno.test("block cache: a run doubles its requests up to a window, and ends at its reach", async () => {
  const kibibyte = 1024;
  const requests: number[] = [];
  const cache = new BlockCache((_, length) => {
    requests.push(length / kibibyte);
    return Promise.resolve(new Uint8Array(length));
  }, { windowBytes: 2048 * kibibyte });
  const reach = 50 + 6000 * kibibyte;
  for (let at = 50; at < reach; at += 100 * kibibyte) {
    const length = Math.min(100 * kibibyte, reach - at);
    assertEquals((await cache.read(at, length, { reach })).length, length);
  }
  assertEquals(requests, [512, 1024, 2048, 2048, 368]);
  assertEquals(cache.bytes, 0);
});

Deno.test("block cache: a stretch longer than a window takes several, each held until it is read", async () => {
  const { cache, requests } = counted();
  cache.expect([{ offset: 0, length: 2500 }]);
  for (let at = 0; at < 2500; at += 250) await cache.read(at, 250);
  assertEquals(requests, [[0, 1000], [1000, 2000], [2000, 2500]]);
  assertEquals(cache.bytes, 0);
});

Deno.test("block cache: one read may be longer than a window", async () => {
  const { cache, requests } = counted();
  cache.expect([{ offset: 0, length: 2500 }, { offset: 2500, length: 100 }]);
  assertEquals(await cache.read(0, 2500), FILE.slice(0, 2500));
  assertEquals(requests, [[0, 2500]]);
});

Deno.test("block cache: the least recently used block is dropped first", async () => {
  const { cache, requests } = counted(1000, 2000);
  cache.expect(neighbours(0, 15, 2));
  await cache.read(0, 200);
  await cache.read(1000, 200);
  await cache.read(200, 200);
  await cache.read(2000, 200);
  assertEquals(cache.bytes, 2000);
  await cache.read(400, 200);
  assertEquals(requests.length, 3);
  await cache.read(1200, 200);
  // Its window was dropped; a single read is not held.
  assertEquals(requests[3], [1200, 1400]);
});

Deno.test("block cache: pending reads that fill it stop reading ahead", async () => {
  const requests: [number, number][] = [];
  const going = Promise.withResolvers<void>();
  const cache = new BlockCache(async (offset, length) => {
    requests.push([offset, offset + length]);
    await going.promise;
    return FILE.slice(offset, offset + length);
  }, { windowBytes: 1000, heldBytes: 2500 });
  cache.expect(neighbours(0, 30));
  const reads = [0, 1000, 2000, 3000].map((at) => cache.read(at, 200));
  assertEquals(requests, [[0, 1000], [1000, 2000], [2000, 2200], [3000, 3200]]);
  going.resolve();
  for (const [i, bytes] of (await Promise.all(reads)).entries()) {
    assertEquals(bytes, FILE.slice(1000 * i, 1000 * i + 200));
  }
});

Deno.test("block cache: a request that failed is sent again by the next read", async () => {
  let isDown = true;
  const cache = new BlockCache((offset, length) =>
    isDown
      ? Promise.reject(new Error("down"))
      : Promise.resolve(FILE.slice(offset, offset + length))
  );
  cache.expect(neighbours(0, 5));
  await assertRejects(() => cache.read(200, 200), Error, "down");
  isDown = false;
  assertEquals(await cache.read(400, 200), FILE.slice(400, 600));
});

Deno.test("block cache: every read returns bytes of its own", async () => {
  const { cache } = counted();
  cache.expect(neighbours(0, 5, 2));
  (await cache.read(0, 200)).fill(7);
  assertEquals(await cache.read(0, 200), FILE.slice(0, 200));
});

Deno.test("block cache: by default 16 MiB a request and 96 MiB held", async () => {
  const mebibyte = 1 << 20;
  const zeros = new Uint8Array(16 * mebibyte);
  let peak = 0;
  const lengths = new Set<number>();
  const cache = new BlockCache((_, length) => {
    peak = Math.max(peak, cache.bytes);
    lengths.add(length);
    return Promise.resolve(zeros);
  });
  const stretches = Array.from({ length: 160 }, (_, i) => ({
    offset: i * mebibyte,
    length: mebibyte,
    reads: 2,
  }));
  cache.expect(stretches);
  for (const { offset } of stretches) await cache.read(offset, 1000);
  assertEquals([...lengths], [16 * mebibyte]);
  assertEquals(peak, 96 * mebibyte);
});

Deno.test("block cache: any reads give the file's bytes, within the limits", async () => {
  const stretch = fc.record({
    offset: fc.nat(39_000),
    length: fc.nat(1000),
    reads: fc.constantFrom(1, 2, Infinity),
  });
  const read = fc.record({
    offset: fc.nat(39_000),
    length: fc.nat(1000),
    isRun: fc.boolean(),
  });
  const step = fc.oneof(fc.array(stretch, { maxLength: 20 }), read);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { cache, requests, peak } = counted(3000, 9000);
      for (const step of steps) {
        if (Array.isArray(step)) {
          cache.expect(step);
          continue;
        }
        const { offset, length, isRun } = step;
        const reach = isRun ? FILE.length : undefined;
        const bytes = await cache.read(offset, length, { reach });
        assertEquals(bytes, FILE.slice(offset, offset + length));
      }
      assert(peak() <= 9000, `${peak()} bytes are held`);
      assert(requests.every(([start, end]) => end - start <= 3000));
    }),
    { seed: 7, numRuns: 300 },
  );
});
