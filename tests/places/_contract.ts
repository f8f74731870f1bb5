import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import type { Place } from "../../src/places/place.ts";
import { DataNotFoundError, LimitError } from "../../src/errors.ts";
import { sfc32 } from "../../src/base/random.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const MAX = { maxBytes: 1000 };

const NO_KEYS = [
  ...["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".hidden"],
  ...["a/.b", "a b", "a\\b", "a\0", "a\nb", "C:/a", "\u00e4", "-a", "_a"],
  "a".repeat(513),
];

/** What holds for every place. */
export interface Contract {
  /** Name of the case. */
  readonly name: string;
  /** Opens the same empty place, each time as another process would. */
  run(check: (openAgain: () => Promise<Place>) => Promise<void>): Promise<void>;
}

/** Bytes without a pattern, the same for a length each time. */
export function someBytes(length: number): Uint8Array {
  const random = sfc32(length);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  return new Uint8Array(words.buffer, 0, length);
}

/** Compares bytes, of which an assertion would print all. */
export function assertSameBytes(
  actual: Uint8Array,
  expected: Uint8Array,
): void {
  assertEquals(actual.length, expected.length);
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  assertEquals(at, -1);
}

/** Declares the tests that every place passes. */
export function testContract(
  { name, run }: Contract,
  ignore: boolean = false,
): void {
  const test = (what: string, check: Parameters<typeof run>[0]): void =>
    Deno.test({ name: `${name}: ${what}`, ignore, fn: () => run(check) });

  test("stores bytes once and gives them back", async (openAgain) => {
    const [place, other] = [await openAgain(), await openAgain()];
    assertEquals(await place.get("job.json", MAX), undefined);
    assertEquals(await place.sizeOf("job.json"), undefined);
    assertEquals(await place.put("job.json", ENCODER.encode("one")), "stored");
    assertEquals(await other.put("job.json", ENCODER.encode("two")), "exists");
    const bytes = await other.get("job.json", MAX);
    assertEquals(DECODER.decode(bytes), "one");
    assertEquals(await other.sizeOf("job.json"), 3);
  });

  test("an object of no bytes is one", async (openAgain) => {
    const place = await openAgain();
    assertEquals(await place.put("a/empty", new Uint8Array()), "stored");
    assertEquals(await place.get("a/empty", MAX), new Uint8Array());
    assertEquals(await place.sizeOf("a/empty"), 0);
  });

  test("of 32 callers one stores", async (openAgain) => {
    const places = await Promise.all(Array.from({ length: 32 }, openAgain));
    const stored = await Promise.all(
      places.map((place, n) => place.put("x/y", ENCODER.encode(`${n}`))),
    );
    assertEquals(stored.filter((outcome) => outcome === "stored").length, 1);
    const bytes = await (await openAgain()).get("x/y", MAX);
    assertEquals(DECODER.decode(bytes), `${stored.indexOf("stored")}`);
  });

  test("a file is stored once and read as a file", async (openAgain) => {
    const place = await openAgain();
    const path = await Deno.makeTempFile();
    try {
      const bytes = someBytes(300_000);
      await Deno.writeFile(path, bytes);
      const key = "shards/000000-ab.npz";
      assertEquals(await place.putFile(key, path), "stored");
      assertEquals(await (await openAgain()).putFile(key, path), "exists");
      await using file = await place.file(key);
      assertSameBytes(await Deno.readFile(file.path), bytes);
    } finally {
      await Deno.remove(path);
    }
  });

  test("lists by prefix in the order of the keys", async (openAgain) => {
    const place = await openAgain();
    const keys = ["b", "a/2", "a/10", "a.x", "a-x", "a/10.b/c", "ab/c"];
    for (const key of keys) await place.put(key, ENCODER.encode(key));
    const listed = async (prefix: string): Promise<string[]> =>
      (await Array.fromAsync(place.list(prefix))).map(({ key }) => key);
    assertEquals(await listed(""), keys.toSorted());
    assertEquals(await listed("a"), keys.slice(1).toSorted());
    assertEquals(await listed("a/"), ["a/10", "a/10.b/c", "a/2"]);
    assertEquals(await listed("a/1"), ["a/10", "a/10.b/c"]);
    assertEquals(await listed("c/"), []);
    const entries = await Array.fromAsync(place.list("a/10.b/c"));
    assertEquals(entries, [{ key: "a/10.b/c", bytes: 8 }]);
  });

  test("removes an object, and none", async (openAgain) => {
    const place = await openAgain();
    await place.put("a", ENCODER.encode("1"));
    await place.remove("a");
    await place.remove("a");
    assertEquals(await place.get("a", MAX), undefined);
    assertEquals(await place.put("a", ENCODER.encode("2")), "stored");
  });

  test("refuses objects that are too long or missing", async (openAgain) => {
    const place = await openAgain();
    await place.put("a", ENCODER.encode("12345"));
    const error = await assertRejects(
      () => place.get("a", { maxBytes: 4 }),
      LimitError,
      "Cannot read object: it has 5 bytes, expected at most 4 (archive " +
        `"${place.name}`,
    );
    assert(error.archive?.startsWith(place.name));
    await assertRejects(
      () => place.file("b"),
      DataNotFoundError,
      "Cannot read object: there is none",
    );
    await assertRejects(
      () => place.putFile("c", "/nowhere/at/all"),
      DataNotFoundError,
      "Cannot read file: nothing is at the path",
    );
    assertEquals(await place.sizeOf("c"), undefined);
  });

  test("refuses keys that lead elsewhere", async (openAgain) => {
    const place = await openAgain();
    for (const key of NO_KEYS) {
      const text = `Cannot use place: key is ${JSON.stringify(key)}, expected`;
      const refused = (act: () => Promise<unknown>): Promise<Error> =>
        assertRejects(act, RangeError, text);
      await refused(() => place.get(key, MAX));
      await refused(() => place.sizeOf(key));
      await refused(() => place.put(key, new Uint8Array(1)));
      await refused(() => place.putFile(key, "/dev/null"));
      await refused(() => place.file(key));
      await refused(() => place.remove(key));
    }
  });

  test("an aborted call rejects and stores nothing", async (openAgain) => {
    const place = await openAgain();
    const signal = AbortSignal.abort(new Error("enough"));
    const bytes = new Uint8Array(1);
    const calls = [
      () => place.get("a", { ...MAX, signal }),
      () => place.sizeOf("a", { signal }),
      () => place.put("a", bytes, { signal }),
      () => place.putFile("a", "/dev/null", { signal }),
      () => place.file("a", { signal }),
      () => place.remove("a", { signal }),
      () => Array.fromAsync(place.list("", { signal })),
    ];
    for (const call of calls) await assertRejects(call, Error, "enough");
    assert(await place.sizeOf("a") === undefined);
  });
}
