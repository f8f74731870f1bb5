import {
  ArchiveError,
  crcnsAc1Pipeline,
  DataNotFoundError,
  type Session,
  toDataset,
  wehr,
} from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { reopenedAc1 } from "../../../src/sources/crcns_ac1/_worker_source.ts";
import { lineageOf } from "../../../src/stream/lineage.ts";
import { writeMat } from "../../../src/synthetic/mat/mat_writer.ts";
import { countFiles } from "../../support/archives/file_counts.ts";
import { AC1_TINY, assertGolden } from "../../support/golden/golden_ac1.ts";
import { inFolder } from "../../support/in_folder.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";
import { runAlone } from "../../support/run_alone.ts";
import { SESSION, STIMULUS, withRelease } from "./_release.ts";

/** Trial files of the first session of the golden release. */
const TRIALS = 19;
const STIMULUS_FILES = 3;

/** A good stimulus, one of its description, and one that is no stimulus. */
const FILES: Readonly<Record<string, string>> = {
  ...STIMULUS,
  "wehr/Stimuli/category1/1.mat": "stimulus-again",
  "wehr/Stimuli/fragments/2.mat": "stimulus-none",
  [`${SESSION}/1.mat`]: "trial",
  [`${SESSION}/2.mat`]: "trial-unknown",
};

interface Start {
  readonly session: Session;
  readonly warnings: readonly string[];
  /** Stimulus files that the listing of the session opened. */
  readonly opened: number;
}

/** Lists the only session of a release that has two trials. */
async function started(folder: string): Promise<Start> {
  const warnings: string[] = [];
  const sessions = await lastValueFrom(
    wehr(folder, {
      indexFolder: `${folder}/index`,
      onWarning: ({ kind, member, message, count, cause }) =>
        warnings.push([kind, member, message, count, cause].join()),
    }).pipe(toArray()),
  );
  const [session] = firstOf(1, sessions);
  let opened = 0;
  await countFiles(async (counts) => {
    await session.presentations();
    opened = counts.opened - 2;
  });
  return { session, warnings, opened };
}

async function indexFile(folder: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(`${folder}/index`));
  assertEquals(names.length, 1);
  assert(/^stimuli-[0-9a-f]{16}\.json$/.test(itemAt(names, 0).name));
  return `${folder}/index/${itemAt(names, 0).name}`;
}

Deno.test("stimulus index: the second start opens only what cannot be decoded, and warns of the same", () =>
  withRelease(FILES, async (folder) => {
    const first = await started(folder);
    assertEquals(first.opened, STIMULUS_FILES);
    assertEquals(first.warnings.length, 3);
    const second = await started(folder);
    assertEquals(second.opened, 1);
    assertEquals(second.warnings, first.warnings);
    const [one] = firstOf(1, await first.session.presentations());
    const [other] = firstOf(1, await second.session.presentations());
    assertEquals(other.stimulus.meta, one.stimulus.meta);
    assertEquals(await other.stimulus.read(), await one.stimulus.read());
  }));

Deno.test("stimulus index: any changed file makes it anew", () =>
  withRelease(FILES, async (folder) => {
    await started(folder);
    const later = new Date(Date.now() + 5000);
    await Deno.utime(`${folder}/wehr/Stimuli/category1/1.mat`, later, later);
    assertEquals((await started(folder)).opened, STIMULUS_FILES);
    assertEquals((await started(folder)).opened, 1);
    await Deno.utime(`${folder}/${SESSION}/1.mat`, later, later);
    assertEquals((await started(folder)).opened, STIMULUS_FILES);
  }));

Deno.test("stimulus index: a stimulus replaced by one of its size and time is refused, once", () =>
  withRelease(FILES, async (folder) => {
    const path = `${folder}/wehr/Stimuli/fragments/1.mat`;
    const { mtime } = await Deno.stat(path);
    const write = async (description: string): Promise<void> => {
      const samples = { data: new Float64Array(8), dims: [8, 1] };
      const param = { description, sf: 44100 };
      await Deno.writeFile(path, writeMat({ stimulus: { samples, param } }));
      await Deno.utime(path, mtime ?? 0, mtime ?? 0);
    };
    await write("tick");
    await started(folder);
    await write("tock");
    const { session } = await started(folder);
    const [{ stimulus }] = firstOf(1, await session.presentations());
    const error = await assertRejects(
      async () => await stimulus.read(),
      ArchiveError,
      'Cannot read stimulus: its description is "tock", and was "tick" ' +
        "before, so it was replaced; subscribe again",
    );
    assertEquals(error.member, "Stimuli/fragments/1.mat");
    const next = await started(folder);
    assertEquals(next.opened, STIMULUS_FILES);
    assertEquals((await next.session.presentations()).length, 1);
  }));

const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  "cut short": (text) => text.slice(0, -9),
  "empty": () => "",
  "no index": () => "[]",
  "of another layout": (text) => text.replace('"version":1', '"version":0'),
  "of another release": (text) => text.replace('"stamp":"5', '"stamp":"6'),
  "with descriptions that are no texts": (text) => text.replace('"tick"', "1"),
  "without a stamp": (text) => text.replace('"stamp"', '"note"'),
};

for (const [what, damage] of Object.entries(DAMAGE)) {
  Deno.test(`stimulus index: one that is ${what} is written again`, () =>
    withRelease(FILES, async (folder) => {
      await started(folder);
      const path = await indexFile(folder);
      const whole = await Deno.readTextFile(path);
      const damaged = damage(whole);
      assert(damaged !== whole);
      await Deno.writeTextFile(path, damaged);
      assertEquals((await started(folder)).opened, STIMULUS_FILES);
      assertEquals(await Deno.readTextFile(path), whole);
    }));
}

Deno.test("stimulus index: several written at once leave one whole file", () =>
  withRelease(FILES, async (folder) => {
    const start = async (): Promise<void> => {
      const indexFolder = `${folder}/index`;
      const stream = wehr(folder, { indexFolder }).pipe(toArray());
      const [session] = firstOf(1, await lastValueFrom(stream));
      await session.presentations();
    };
    await Promise.all(Array.from({ length: 8 }, start));
    await indexFile(folder);
    assertEquals((await started(folder)).opened, 1);
  }));

Deno.test({
  name: "stimulus index: without permission to write, none is written",
  permissions: { read: true, write: false, env: false },
  fn: async () => {
    for (const options of [{}, { indexFolder: `${AC1_TINY}/none` }]) {
      const stream = wehr(AC1_TINY, options).pipe(
        crcnsAc1Pipeline(),
        toDataset(),
      );
      await assertGolden(await lastValueFrom(stream), "wehr");
    }
  },
});

Deno.test("stimulus index: a file in place of its folder is refused", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const stream = wehr(AC1_TINY, { indexFolder: `${folder}/file` });
    const error = await assertRejects(
      () => lastValueFrom(stream.pipe(crcnsAc1Pipeline(), toDataset())),
      DataNotFoundError,
      "Cannot keep the stimulus index: ",
    );
    assertEquals(error.archive, AC1_TINY);
  }));

Deno.test("stimulus index: a small release leaves none in the usual folder", () =>
  inFolder(async (folder) => {
    const code = `
      import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
      import { lastValueFrom } from "rxjs";
      const stream = wehr(${JSON.stringify(AC1_TINY)});
      const dataset = await lastValueFrom(
        stream.pipe(crcnsAc1Pipeline(), toDataset()),
      );
      console.log(dataset.length);`;
    const length = await runAlone(code, { env: { RXEPHYS_DATA_DIR: folder } });
    assert(Number(length) > 0);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("stimulus index: a worker that gets the descriptions reads no stimulus for them", () =>
  inFolder(async (indexFolder) => {
    const stream = wehr(AC1_TINY, { indexFolder }).pipe(toArray());
    const [first] = firstOf(1, await lastValueFrom(stream));
    const { source } = lineageOf(first);
    const descriptions = structuredClone(await source?.shared?.({}));
    const find = await reopenedAc1(
      AC1_TINY,
      2 ** 27,
      DEFAULT_LIMITS,
      `${indexFolder}/none`,
      Promise.resolve(descriptions as ReadonlyMap<string, string>),
      () => {},
    );
    await countFiles(async (counts) => {
      const session = await find(source?.hint);
      assertEquals(
        (await session.presentations()).map(({ stimulus }) => stimulus.key),
        (await first.presentations()).map(({ stimulus }) => stimulus.key),
      );
      // The trials of the session, in either thread.
      assertEquals(counts.opened, 2 * TRIALS);
    });
    const names = await Array.fromAsync(Deno.readDir(indexFolder));
    assertEquals(names.length, 1);
  }));
