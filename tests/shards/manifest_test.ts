import { FormatError, LimitError } from "rxephys";
import {
  manifestDifference,
  putManifest,
  readManifest,
  shardKey,
} from "../../src/shards/manifest.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inPlace, JOB, MANIFEST, overwrite } from "./_shard_cases.ts";

Deno.test("a manifest is put once and read back", () =>
  inPlace(async (place) => {
    assertEquals(await readManifest(place, 1), undefined);
    assertEquals(await putManifest(place, MANIFEST), "stored");
    const other = { ...MANIFEST, bytes: 13 };
    assertEquals(await putManifest(place, other), "exists");
    assertEquals(await readManifest(place, 1), MANIFEST);
    assertEquals(await readManifest(place, 0), undefined);
    assertEquals(manifestDifference(MANIFEST, JOB), undefined);
  }));

Deno.test("a shard is named for its position and content, whatever its session is called", () =>
  assertEquals(
    [shardKey(MANIFEST), shardKey({ ...MANIFEST, position: 1234567 })],
    [
      `shards/000001-${"0".repeat(64)}.npz`,
      `shards/1234567-${"0".repeat(64)}.npz`,
    ],
  ));

Deno.test("a manifest of another job is recognized by the first difference", () => {
  const { recipe } = MANIFEST;
  const source = { name: "asari", options: {}, archives: "zip 1" };
  assertEquals(
    [
      { ...MANIFEST, recipe: { ...recipe, source } },
      { ...MANIFEST, format: "ndjson" as const },
      { ...MANIFEST, session: "c" },
      { ...MANIFEST, position: 0 },
    ].map((manifest) => manifestDifference(manifest, JOB)),
    [
      "the source was asari, is wehr",
      "the format was ndjson, is npz",
      'the session was "c", is "../b"',
      'the session was "../b", is "a"',
    ],
  );
});

const DAMAGED: readonly [string | object, string][] = [
  ['{"position":1', "it is no JSON"],
  ["null", "it is no object"],
  [{ ...MANIFEST, position: 0 }, "position is 0, expected 1"],
  [
    { ...MANIFEST, position: -1 },
    "position is -1, expected a whole number from 0",
  ],
  [{ ...MANIFEST, session: 3 }, "session is 3, expected an id"],
  [
    { ...MANIFEST, sha256: "../../../home/me/.ssh/authorized_keys" },
    'sha256 is "../../../home/me/.ssh/authorized_keys", expected a SHA-256',
  ],
  [
    { ...MANIFEST, format: "../x" },
    'format is "../x", expected ndjson, npz, safetensors',
  ],
  [
    { ...MANIFEST, bytes: 1e20 },
    "bytes is 100000000000000000000, expected a whole number from 0",
  ],
  [
    { ...MANIFEST, tally: { kept: 1 } },
    "tally is an object, expected counts of repeats",
  ],
  [
    { ...MANIFEST, partOf: "0" },
    'partOf is "0", expected a position, if any',
  ],
  [{ ...MANIFEST, facts: null }, "facts is null, expected an object"],
  [
    {
      ...MANIFEST,
      facts: { cells: [{ a: {} }], forms: [], presentations: [] },
    },
    "meta.a is an object, expected text, a number, true, false, null or a list " +
    "of them",
  ],
  [{ ...MANIFEST, recipe: {} }, "rxephys is undefined, expected a version"],
];

for (const [content, fault] of DAMAGED) {
  Deno.test(`a damaged manifest is refused: ${fault}`, () =>
    inPlace(async (place, folder) => {
      await overwrite(folder, "sessions/000001.json", content);
      await assertRejects(
        () => readManifest(place, 1),
        FormatError,
        `Cannot read manifest: ${fault} (archive "${folder}", member ` +
          '"sessions/000001.json")',
      );
    }));
}

Deno.test("a manifest of absurd length is refused before it is read", () =>
  inPlace(async (place, folder) => {
    await overwrite(folder, "sessions/000001.json", "");
    await Deno.truncate(`${folder}/sessions/000001.json`, 2 ** 40);
    await assertRejects(
      () => readManifest(place, 1),
      LimitError,
      `Cannot read object: it has ${2 ** 40} bytes, expected at most 67108864`,
    );
  }));
