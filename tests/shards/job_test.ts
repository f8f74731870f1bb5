import {
  DataNotFoundError,
  FormatError,
  LimitError,
  OutputError,
} from "rxephys";
import { readJob, type ShardJob, startJob } from "../../src/shards/job.ts";
import { openPlace } from "../../src/places/open_place.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inPlace, JOB, overwrite } from "./_shard_cases.ts";
import { itemAt } from "../support/item_at.ts";

Deno.test("a job is noted once and read back, whoever starts it again", () =>
  inPlace(async (place, folder) => {
    await startJob(place, JOB);
    const before = await Deno.readTextFile(`${folder}/job.json`);
    await startJob(await openPlace(folder), structuredClone(JOB));
    assertEquals(await readJob(place), JOB);
    assertEquals(await Deno.readTextFile(`${folder}/job.json`), before);
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    assertEquals(names.length, 2);
  }));

Deno.test("of jobs that start at once in one place, one is noted, and the others refused", () =>
  inPlace(async (place, folder) => {
    const jobs = Array.from({ length: 16 }, (_, i): ShardJob => ({
      ...JOB,
      sessions: [`s${i % 4}`],
    }));
    const outcomes = await Promise.allSettled(
      jobs.map(async (job) => await startJob(await openPlace(folder), job)),
    );
    const { sessions } = await readJob(place);
    assertEquals(
      outcomes.map(({ status }) => status === "fulfilled"),
      jobs.map((job) => job.sessions[0] === sessions[0]),
    );
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    assertEquals(names.length, 2, names.join(" "));
  }));

Deno.test("a list of sessions that is lost or cut is noted again", () =>
  inPlace(async (place, folder) => {
    await startJob(place, JOB);
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    const listing = names.find((name) => name !== "job.json");
    await Deno.remove(`${folder}/${listing}`);
    await assertRejects(
      () => readJob(place),
      FormatError,
      `Cannot read list of sessions: it is missing (archive "${folder}", ` +
        `member "${listing}")`,
    );
    await startJob(place, JOB);
    assertEquals(await readJob(place), JOB);
    await Deno.truncate(`${folder}/${listing}`, 3);
    await startJob(place, JOB);
    assertEquals(await readJob(place), JOB);
  }));

const { recipe } = JOB;
const OTHERS: readonly [Partial<ShardJob>, string][] = [
  [{ recipe: { ...recipe, rxephys: "0.0.1" } }, "rxephys was 0.1.0, is 0.0.1"],
  [
    { recipe: { ...recipe, source: null } },
    "the source was wehr, is of another kind",
  ],
  [
    {
      recipe: {
        ...recipe,
        source: { name: "wehr", options: {}, archives: "zip 2" },
      },
    },
    "the archive is another one: it had zip 1, has zip 2",
  ],
  [
    { recipe: { ...recipe, steps: [{ name: "bin", args: [{ dtMs: 1 }] }] } },
    "bin's dtMs was 5, is 1",
  ],
  [
    {
      recipe: {
        ...recipe,
        steps: [...recipe.steps, { name: "mask", args: [] }],
      },
    },
    "operator 2 was none, is mask",
  ],
  [{ format: "ndjson" }, "the format was npz, is ndjson"],
  [{ sessions: ["a", "c"] }, 'session 1 was "../b", is "c"'],
  [{ sessions: ["a"] }, "there were 2 sessions, there are 1"],
];

for (const [change, difference] of OTHERS) {
  Deno.test(`another job is refused: ${difference}`, () =>
    inPlace(async (place, folder) => {
      await startJob(place, JOB);
      await assertRejects(
        () => startJob(place, { ...JOB, ...change }),
        OutputError,
        "Cannot write shards: the place holds those of another job: " +
          `${difference} (file "${folder}")`,
      );
      assertEquals(await readJob(place), JOB);
    }));
}

Deno.test("an empty place holds no job", () =>
  inPlace(async (place, folder) => {
    await assertRejects(
      () => readJob(place),
      DataNotFoundError,
      `Cannot read job: the place holds no shards (archive "${folder}", member ` +
        '"job.json")',
    );
  }));

const STORED = {
  rxephysShards: 1,
  format: "npz",
  recipe,
  sessions: 2,
  listing: "0".repeat(64),
};
const DAMAGED: readonly [string | Uint8Array | object, string][] = [
  ["", "it is no JSON"],
  ['{"rxephysShards":1', "it is no JSON"],
  [Uint8Array.of(0xff), "it is no JSON"],
  ["[".repeat(200) + "]".repeat(200), "it is nested too deep"],
  [[], "it is no object"],
  [{}, "rxephysShards is undefined, expected layout 1"],
  [{ ...STORED, rxephysShards: 2 }, "rxephysShards is 2, expected layout 1"],
  [
    { ...STORED, format: "exe" },
    'format is "exe", expected ndjson, npz, safetensors',
  ],
  [
    { ...STORED, sessions: 1e300 },
    "sessions is 1e+300, expected a number of sessions",
  ],
  [
    { ...STORED, listing: "../../etc/passwd" },
    'listing is "../../etc/passwd", expected a SHA-256',
  ],
  [
    { ...STORED, recipe: { ...recipe, steps: [1] } },
    "steps is a list, expected a list of operators",
  ],
  [
    { ...STORED, recipe: { ...recipe, source: { name: 1 } } },
    "source is an object, expected null or a source",
  ],
];

for (const [content, fault] of DAMAGED) {
  Deno.test(`a damaged job is refused: ${fault}`, () =>
    inPlace(async (place, folder) => {
      await overwrite(folder, "job.json", content);
      const message =
        `Cannot read job: ${fault} (archive "${folder}", member ` +
        '"job.json")';
      await assertRejects(() => readJob(place), FormatError, message);
      await assertRejects(() => startJob(place, JOB), FormatError, message);
    }));
}

Deno.test("a damaged list of sessions is refused", () =>
  inPlace(async (place, folder) => {
    await startJob(place, JOB);
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    const listing = itemAt(names.filter((name) => name !== "job.json"), 0);
    await overwrite(folder, listing, '["a","..!b"]\n');
    await assertRejects(
      () => readJob(place),
      FormatError,
      `Cannot read list of sessions: its SHA-256 differs (archive "${folder}"`,
    );
  }));

Deno.test("a job of absurd length is refused before it is read", () =>
  inPlace(async (place, folder) => {
    const file = await Deno.create(`${folder}/job.json`);
    await file.truncate(2 ** 40);
    file.close();
    for (const act of [() => readJob(place), () => startJob(place, JOB)]) {
      await assertRejects(
        act,
        LimitError,
        `Cannot read object: it has ${
          2 ** 40
        } bytes, expected at most 16777216`,
      );
    }
  }));
