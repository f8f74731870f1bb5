import { succeeds } from "../support/succeeds.ts";
import { OutputError } from "../../src/errors.ts";
import { asariMembers } from "../../src/synthetic/ac1/asari.ts";
import { asariStimulusMembers } from "../../src/synthetic/ac1/asari_stimuli.ts";
import { SyntheticLedger } from "../../src/synthetic/ac1/ledger.ts";
import { syntheticPlan } from "../../src/synthetic/ac1/plan.ts";
import { wehrMembers } from "../../src/synthetic/ac1/wehr.ts";
import {
  type SyntheticAc1Options,
  type SyntheticAc1Truth,
  type SyntheticProgress,
  writeSyntheticAc1,
} from "../../src/synthetic/write_synthetic_ac1.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import {
  assertSeeded,
  ReleaseFolder,
  sameBytes,
  type ZipMember,
} from "./_release_folder.ts";

const ZIPS = [
  "crcns-ac1.zip",
  "crcns-ac1-asari-results-1.zip",
  "crcns-ac1-asari-results-2.zip",
];
const FILES = [...ZIPS, "truth.json"];
const WEHR_KINDS = [
  "misspelt-type",
  "tuning-curve",
  "silence",
  "noise",
  "no-trigger",
  "no-description",
  "unknown-stimulus",
  "short-trace",
  "clipped",
  "stepped",
  "unrelated",
  "undecodable",
  "unusable-session",
  "no-session",
  "no-integer-name",
  "duplicate-stimulus",
];
const ASARI_KINDS = [
  "back-slashed-path",
  "suffixed-path",
  "no-table",
  "past-table",
  "other-trigger",
  "clipped",
  "stepped",
  "unrelated",
];

Deno.test("writeSyntheticAc1: same seed and scale, same bytes", () =>
  assertSeeded(writeSyntheticAc1, FILES));

Deno.test("writeSyntheticAc1: three zips in the layout of the release", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticAc1(folder.path, { seed: 2 });
  assertEquals(await folder.list(), [...FILES].sort());
  const members = await membersOf(folder);
  const layouts = [
    /^README\.txt$/,
    /^wehr\/Summary\.mat$/,
    /^wehr\/Stimuli\/(fragments|category[123])\/(\d+\.mat|901-edited\.mat|notes\.txt)$/,
    /^wehr\/Results\/2002\d{4}-mw-\d{3}\/(2002\d{4}-mw-\d{3}-\d{4}|broken-\d{4})\.mat$/,
    /^wehr\/Results\/(readme\.txt|analysis\/fit\.mat)$/,
    /^asari\/Stimuli\/class\d\/\d+l?\.mat$/,
    /^asari-results-[12]\/(2005\d{4}-ha\d+-\d{3})\/\1-\d{3}\.mat$/,
  ];
  for (const layout of layouts) {
    assert(members.some(({ name }) => layout.test(name)), `no ${layout}`);
  }
  for (const { name } of members) {
    assert(layouts.some((layout) => layout.test(name)), `stray ${name}`);
  }
  assertEquals(Object.keys(truth.wehr.cells).length, 4);
  const sites = Object.values(truth.asari.cells).map(({ site }) => site);
  assertEquals(sites.sort(), ["A1", "A1", "MGB"]);
});

Deno.test("writeSyntheticAc1: packs and lays out its files in every way", async () => {
  await using folder = await ReleaseFolder.make();
  await writeSyntheticAc1(folder.path);
  const ways = new Set<string>();
  for (const { name, method, bytes } of await membersOf(folder)) {
    if (!name.endsWith(".mat") || name.includes("broken")) continue;
    const order = String.fromCharCode(...bytes.subarray(126, 128));
    const isDeflated = bytes[order === "IM" ? 128 : 131] === 15;
    ways.add(`${order} ${isDeflated ? "v7" : "v6"} method ${method}`);
  }
  assertEquals([...ways].sort(), [
    "IM v6 method 0",
    "IM v6 method 8",
    "IM v7 method 0",
    "IM v7 method 8",
    "MI v6 method 8",
    "MI v7 method 0",
  ]);
});

Deno.test("writeSyntheticAc1: every awkward record is at its place in the truth", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticAc1(folder.path);
  const members = new Set((await membersOf(folder)).map(({ name }) => name));
  for (const half of [truth.wehr, truth.asari]) {
    for (const { kind, member } of half.records) {
      assert(members.has(member), `${kind}: no ${member}`);
    }
  }
  const kinds = ({ records }: SyntheticAc1Truth["wehr"]): Set<string> =>
    new Set(records.map(({ kind }) => kind));
  const wehr = kinds(truth.wehr);
  const asari = kinds(truth.asari);
  assertEquals(WEHR_KINDS.filter((kind) => !wehr.has(kind)), []);
  assertEquals(ASARI_KINDS.filter((kind) => !asari.has(kind)), []);
});

Deno.test("writeSyntheticAc1: truth.json equals the result", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticAc1(folder.path, { seed: 9 });
  const written = JSON.parse(
    new TextDecoder().decode(await folder.read("truth.json")),
  );
  assertEquals(written, JSON.parse(JSON.stringify(truth)));
  assertEquals([truth.seed, truth.megabytes], [9, 2]);
});

Deno.test("writeSyntheticAc1: the peak is the field's largest weight", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticAc1(folder.path);
  for (const half of [truth.wehr, truth.asari]) {
    for (const { strf, strfPeak: [band, lag] } of Object.values(half.cells)) {
      const greatest = Math.max(...strf.weights.flat());
      assertEquals(itemAt(strf.weights, band - strf.firstBand)[lag], greatest);
      assert(greatest > -Math.min(...strf.weights.flat()));
      assertEquals(itemAt(strf.weights, 0).length, truth.strfAxes.lags);
    }
  }
});

for (const scale of [2, 3, 8]) {
  Deno.test(`writeSyntheticAc1: meets ${scale} MB to a quarter`, async () => {
    await using folder = await ReleaseFolder.make();
    const seen: SyntheticProgress[] = [];
    await writeSyntheticAc1(folder.path, {
      scale,
      onProgress: (progress) => seen.push(progress),
    });
    let bytes = 0;
    for (const zip of ZIPS) bytes += (await folder.read(zip)).length;
    const ratio = bytes / (scale * 1e6);
    assert(ratio > 0.75 && ratio < 1.25, `${bytes} bytes`);
    assert(
      seen.every((p, i) => i === 0 || p.bytes >= itemAt(seen, i - 1).bytes),
    );
    assertEquals([...new Set(seen.map((p) => p.archive))], ZIPS);
    assertEquals(itemAt(seen, 0).expectedBytes, scale * 1e6);
    assert(itemAt(seen, seen.length - 1).bytes <= bytes);
  });
}

Deno.test("writeSyntheticAc1: members are as small at 2 GB as at 1 GB", () => {
  for (const megabytes of [1000, 2000]) {
    const plan = syntheticPlan(1, megabytes);
    const ledger = new SyntheticLedger();
    let largest = 0;
    for (
      const [members, count] of [
        [wehrMembers(plan, ledger), 20],
        [asariStimulusMembers(plan, ledger), 8],
        [asariMembers(plan, 1, ledger), 7],
      ] as const
    ) {
      for (let i = 0; i < count; i++) {
        const size = members.next().value?.bytes().length ?? 0;
        largest = Math.max(largest, size);
      }
    }
    assert(largest > 2e6 && largest < 10e6, `${largest} bytes`);
  }
});

Deno.test("writeSyntheticAc1: an abort leaves no file", async () => {
  await using folder = await ReleaseFolder.make();
  for (const archive of ZIPS) {
    const controller = new AbortController();
    const reason = new Error(`enough of ${archive}`);
    const error = await assertRejects(() =>
      writeSyntheticAc1(folder.path, {
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.archive === archive) controller.abort(reason);
        },
      })
    );
    assertEquals(error, reason);
    assertEquals(await folder.list(), []);
  }
});

Deno.test("writeSyntheticAc1: an abort leaves the earlier release, a run replaces it", async () => {
  await using folder = await ReleaseFolder.make();
  await writeSyntheticAc1(folder.path, { seed: 1 });
  const before = await folder.read(itemAt(ZIPS, 0));
  await assertRejects(() =>
    writeSyntheticAc1(folder.path, { seed: 2, signal: AbortSignal.abort() })
  );
  assert(sameBytes(await folder.read(itemAt(ZIPS, 0)), before));
  await writeSyntheticAc1(folder.path, { seed: 2 });
  assert(!sameBytes(await folder.read(itemAt(ZIPS, 0)), before));
  assertEquals(await folder.list(), [...FILES].sort());
});

Deno.test("writeSyntheticAc1: creates the folder, and names a file in its place", async () => {
  await using folder = await ReleaseFolder.make();
  const nested = `${folder.path}/a/b`;
  await writeSyntheticAc1(nested);
  assert((await Deno.stat(`${nested}/truth.json`)).isFile);
  const file = `${folder.path}/file`;
  await Deno.writeTextFile(file, "");
  const error = await assertRejects(
    () => writeSyntheticAc1(file),
    Deno.errors.AlreadyExists,
  );
  assertStringIncludes((error as Error).message, file);
});

Deno.test("writeSyntheticAc1: a planted link is never written through", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using folder = await ReleaseFolder.make();
  const [dir, target] = [`${folder.path}/release`, `${folder.path}/outside`];
  await Deno.mkdir(dir);
  await Deno.writeTextFile(target, "mine");
  await Deno.symlink(target, `${dir}/truth.json.part`);
  await assertRejects(
    () => writeSyntheticAc1(dir),
    OutputError,
    "Cannot write file: it is a link, expected a file",
  );
  assertEquals(await Deno.readTextFile(target), "mine");
  assertEquals([...Deno.readDirSync(dir)].length, 1);
});

Deno.test("writeSyntheticAc1: refuses bad options at the call", () => {
  const cases: [unknown, new (...args: never[]) => Error, string][] = [
    [{ seed: -1 }, RangeError, "seed is -1, expected 0 to 4294967295"],
    [{ seed: 0.5 }, RangeError, "seed is 0.5, expected a whole number"],
    [{ seed: "1" }, TypeError, 'seed is "1", expected a number'],
    [{ scale: 1 }, RangeError, "scale is 1, expected 2 to 2000"],
    [{ scale: NaN }, RangeError, "scale is NaN, expected 2 to 2000"],
    [
      { scale: "huge" },
      TypeError,
      "scale is huge, expected tiny, small, medium, large or a number",
    ],
    [
      { response: "cubic" },
      TypeError,
      "response is cubic, expected linear or nonlinear",
    ],
    [{ sede: 1 }, RangeError, "there is no option sede, expected seed"],
  ];
  for (const [options, ErrorClass, message] of cases) {
    assertThrows(
      () => writeSyntheticAc1("never", options as SyntheticAc1Options),
      ErrorClass,
      `Cannot write synthetic AC1: ${message}`,
    );
  }
});

const python = Deno.env.get("PYTHON") ?? "python3";
const hasSciPy = await succeeds(python, ["-c", "import numpy, scipy.io"]);

for (const response of ["linear", "nonlinear"] as const) {
  Deno.test({
    name:
      `writeSyntheticAc1: SciPy reads it and its gate finds what was planted, ${response}`,
    ignore: !hasSciPy,
    fn: async () => {
      await using folder = await ReleaseFolder.make();
      const truth = await writeSyntheticAc1(folder.path, { seed: 4, response });
      const { wehr, asari } = await reference(folder.path);
      assertEquals(wehr.tally, truth.wehr.tally);
      assertEquals(asari.tally, truth.asari.tally);
      const count = (kinds: string[]): number =>
        truth.wehr.records.filter(({ kind }) => kinds.includes(kind)).length;
      assertEquals(wehr.skipped, {
        undecodable: count(["undecodable"]),
        unknown: count(["unknown-stimulus"]),
        duplicate: count(["duplicate-stimulus"]),
        other: count([
          ...["tuning-curve", "silence", "noise", "no-trigger"],
          ...["no-description", "unusable-session"],
        ]),
      });
      for (const [session, { site }] of Object.entries(truth.asari.cells)) {
        assertEquals(asari.sites?.[session], site);
      }
    },
  });
}

Deno.test({
  name: "writeSyntheticAc1: a ridge fit on `small` finds the peaks (SciPy)",
  ignore: !hasSciPy,
  fn: async () => {
    await using folder = await ReleaseFolder.make();
    const truth = await writeSyntheticAc1(folder.path, { scale: "small" });
    const { wehr } = await reference(folder.path, "--fit");
    const scores = Object.entries(truth.wehr.cells).map(([session, cell]) => {
      const { peak = [], ccNorm = 0 } = itemAt(wehr.cells, session);
      const off = cell.strfPeak.map((at, axis) =>
        Math.abs(at - itemAt(peak, axis))
      );
      assert(off.every((bins) => bins <= 1), `${session}: peak at ${peak}`);
      return ccNorm;
    });
    const mean = scores.reduce((sum, score) => sum + score) / scores.length;
    assert(mean > 0.8, `mean cc_norm is ${mean}`);
  },
});

interface ReferenceHalf {
  readonly tally: Record<string, number>;
  readonly skipped: Record<string, number>;
  readonly sites?: Record<string, string>;
  readonly cells: Record<string, { peak?: number[]; ccNorm?: number }>;
}

async function reference(
  folder: string,
  ...flags: string[]
): Promise<Record<"wehr" | "asari", ReferenceHalf>> {
  const script = new URL("synthetic_ac1_reference.py", import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script.pathname, folder, ...flags],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Files of all three zips. */
async function membersOf(folder: ReleaseFolder): Promise<ZipMember[]> {
  return (await Promise.all(ZIPS.map((zip) => folder.members(zip)))).flat();
}
