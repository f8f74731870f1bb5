import { succeeds } from "../support/succeeds.ts";
import { gunzipSync } from "node:zlib";
import { lastValueFrom } from "rxjs";
import { toDataset } from "../../src/sinks/to_dataset.ts";
import { wingertPlan } from "../../src/synthetic/wingert/plan.ts";
import { madeSite } from "../../src/synthetic/wingert/site.ts";
import type { SyntheticProgress } from "../../src/synthetic/write_synthetic_ac1.ts";
import {
  type SyntheticWingertOptions,
  type SyntheticWingertSite,
  writeSyntheticWingert,
} from "../../src/synthetic/write_synthetic_wingert.ts";
import { wingert2026 } from "../../src/sources/wingert2026/wingert2026.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { openZip } from "../../src/archive/zip/zip.ts";
import { readWav } from "../../src/wav/mod.ts";
import { assertSeeded, ReleaseFolder, sameBytes } from "./_release_folder.ts";

const FILES = ["cell_list.csv", "recordings.zip", "truth.json"];
const SUFFIXES = [
  "meta.json",
  "resp.h5",
  "resp.json",
  "resp.epoch.csv",
  "stim.h5",
  "stim.json",
  "stim.epoch.csv",
];

Deno.test("writeSyntheticWingert: same seed and scale, same bytes", () =>
  assertSeeded(writeSyntheticWingert, FILES));

Deno.test("writeSyntheticWingert: a tarball per site, seven files in order", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticWingert(folder.path, { scale: 1 });
  assertEquals(await folder.list(), FILES);
  const archives = await archivesOf(folder);
  const names = [...archives.keys()];
  assertEquals(names, truth.sites.flatMap(({ archives }) => archives));
  assertEquals(
    names.map((name) => name.replace(/_[0-9a-f]{40}\.tgz$/, "")),
    ["CLT027c", "PRN010b", "PRN015b", "PRN018a", "PRN018b", "SLJ032a"],
  );
  for (const { archives: [name = ""], folder, cells, session } of truth.sites) {
    const { members, text, header } = untar(archives.get(name));
    assertEquals(
      members,
      SUFFIXES.map((suffix) => `${folder}/${folder}.${suffix}`),
    );
    assertEquals(header, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    const { chans, fs } = JSON.parse(text(".resp.json"));
    assertEquals([chans, fs], [Object.keys(cells), 100]);
    assertEquals(chans[0].split("-")[0], session);
    assertEquals(text(".stim.epoch.csv"), text(".resp.epoch.csv"));
  }
});

Deno.test("writeSyntheticWingert: the awkward records are there", async () => {
  await using folder = await ReleaseFolder.make();
  const { sites } = await writeSyntheticWingert(folder.path, { scale: 1 });
  const archives = await archivesOf(folder);
  const site = Object.fromEntries(sites.map((site) => [site.session, site]));
  const [kept = "", dropped = ""] = itemAt(site, "PRN018a").archives;
  assert(sameBytes(archives.get(kept), archives.get(dropped)));
  assert(kept.startsWith("PRN018a_") && dropped.startsWith("PRN018b_"));
  assertEquals(itemAt(site, "PRN018a").folder, "PRN018b");
  assert(
    Object.values(itemAt(site, "PRN018a").cells).some((cell) => !cell.isListed),
  );
  assertEquals(itemAt(site, "PRN015a").folder, "PRN015b");
  assertStringIncludes(
    untar(archives.get(itemAt(itemAt(site, "PRN015a").archives, 0))).text(
      ".meta.json",
    ),
    '"siteid": "PRN015b"',
  );
  const probes = Object.entries(itemAt(site, "SLJ032a").cells)
    .map(([id, { siteId }]) => `${id.slice(0, 10)} ${siteId}`);
  assertEquals([...new Set(probes)].sort(), [
    "SLJ032a-A- SLJ032a",
    "SLJ032a-B- SLJ032a-B",
  ]);
  const spikes = Object.values(itemAt(site, "SLJ032a").cells).map((cell) =>
    cell.spikes
  );
  assertEquals(spikes.filter((count) => count === 0).length, 1);
  const [, start, end] = itemAt(site, "SLJ032a").presentations.at(-1) ??
    ["", 0, 0];
  assert(end - start < 13, `${end - start} s`);
  assertEquals(itemAt(site, "CLT027c").unplayed.length, 1);
  assertEquals([itemAt(site, "CLT027c").bins, itemAt(site, "PRN010b").bins], [
    2200,
    2000,
  ]);
  const starts = sites.flatMap((one) => one.presentations.map(([, at]) => at));
  assert(starts.some((at) => at * 100 % 1 === 0.5), "no start on half a bin");
  assert(starts.some((at) => String(at).length > 15), "no joined file");
});

Deno.test("writeSyntheticWingert: fields of the cell list have line breaks", async () => {
  await using folder = await ReleaseFolder.make();
  const { sites } = await writeSyntheticWingert(folder.path, { scale: 1 });
  const text = new TextDecoder().decode(await folder.read("cell_list.csv"));
  const rows = text.replace(/"[^"]*"/g, "[printed]").trimEnd().split("\n")
    .map((line) => line.split(","));
  const [header = [], ...cells] = rows;
  assert(header.length > 100);
  assert(rows.every((row) => row.length === header.length));
  const column = (name: string): string[] =>
    cells.map((row) => itemAt(row, header.indexOf(name)));
  const listed = sites.flatMap((site) =>
    Object.entries(site.cells).filter(([, cell]) => cell.isListed)
  );
  assertEquals(column("cellid").sort(), listed.map(([id]) => id).sort());
  const truth = new Map(listed);
  const areas = column("area");
  const layers = column("layer");
  column("cellid").forEach((id, i) => {
    assertEquals(areas[i], truth.get(id)?.area ?? "");
    assertEquals(column("siteid")[i], truth.get(id)?.siteId);
    assertEquals(layers[i] === "", areas[i] === "");
    assert(/^(True|False)$/.test(itemAt(column("goodpred"), i)));
  });
  assertEquals([...new Set(areas)].sort(), ["", "A1", "AC", "HC", "PEG"]);
  assert(column("LN32").concat(column("sspredxc")).includes(""));
});

Deno.test("writeSyntheticWingert: truth.json equals the result", async () => {
  await using folder = await ReleaseFolder.make();
  const truth = await writeSyntheticWingert(folder.path, { seed: 9 });
  const text = new TextDecoder().decode(await folder.read("truth.json"));
  assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(truth)));
  assertEquals([truth.seed, truth.megabytes], [9, 2]);
  assertEquals(truth.strfAxes, { bands: 32, lags: 15, dtMs: 10 });
});

Deno.test("writeSyntheticWingert: the peak is the field's largest weight", async () => {
  await using folder = await ReleaseFolder.make();
  const { sites } = await writeSyntheticWingert(folder.path);
  for (const { strf } of sites.flatMap(({ cells }) => Object.values(cells))) {
    const { bands, lags, peak } = strf;
    assertEquals([bands.length, lags.length], [32, 15]);
    assertEquals(bands[peak[0]], Math.max(...bands));
    assertEquals(lags[peak[1]], Math.max(...lags));
    const sum = bands.reduce((total, weight) => total + weight);
    assert(Math.abs(sum) < 1e-2 * itemAt(bands, peak[0]), `sum ${sum}`);
  }
});

for (const scale of [1, 3, 10, 15, 21]) {
  Deno.test(`writeSyntheticWingert: meets ${scale} MB to a quarter`, async () => {
    await using folder = await ReleaseFolder.make();
    const seen: SyntheticProgress[] = [];
    const { sites } = await writeSyntheticWingert(folder.path, {
      scale,
      onProgress: (progress) => seen.push(progress),
    });
    const bytes = (await folder.read("recordings.zip")).length +
      (await folder.read("cell_list.csv")).length;
    const ratio = bytes / (scale * 1e6);
    assert(ratio > 0.75 && ratio < 1.25, `${bytes} bytes`);
    assertEquals(
      seen.map(({ member }) => member),
      sites.flatMap(({ archives }) => archives.map((a) => `recordings/${a}`)),
    );
    assert(
      seen.every((p, i) => i === 0 || p.bytes > itemAt(seen, i - 1).bytes),
    );
    assertEquals(itemAt(seen, 0).expectedBytes, scale * 1e6);
  });
}

Deno.test("writeSyntheticWingert: sites are as large at 1 GB as at 100 MB", () => {
  const sizes = [100, 1000].map((megabytes) => {
    const { sites } = wingertPlan(1, megabytes);
    assertEquals(
      new Set(sites.map(({ session }) => session)).size,
      sites.length,
    );
    return madeSite(1, itemAt(sites, 0)).tgz.length;
  });
  assert(sizes.every((size) => size > 9e6 && size < 11e6), `${sizes} bytes`);
  const count = (megabytes: number): number =>
    wingertPlan(1, megabytes).sites.length;
  assert(count(1000) > 9 * count(100));
});

Deno.test("writeSyntheticWingert: an abort leaves the folder unchanged", async () => {
  await using folder = await ReleaseFolder.make();
  const controller = new AbortController();
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    writeSyntheticWingert(folder.path, {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
  );
  assertEquals(error, reason);
  assertEquals(await folder.list(), []);
  await writeSyntheticWingert(folder.path, { seed: 1, scale: 1 });
  const before = await folder.read("recordings.zip");
  await assertRejects(() =>
    writeSyntheticWingert(folder.path, { signal: AbortSignal.abort() })
  );
  assert(sameBytes(await folder.read("recordings.zip"), before));
  await writeSyntheticWingert(folder.path, { seed: 2, scale: 1 });
  assert(!sameBytes(await folder.read("recordings.zip"), before));
  assertEquals(await folder.list(), FILES);
});

Deno.test("writeSyntheticWingert: refuses bad options at the call", () => {
  const cases: [unknown, new (...args: never[]) => Error, string][] = [
    [{ seed: -1 }, RangeError, "seed is -1, expected 0 to 4294967295"],
    [{ seed: 0.5 }, RangeError, "seed is 0.5, expected a whole number"],
    [{ seed: "1" }, TypeError, 'seed is "1", expected a number'],
    [{ scale: 0.5 }, RangeError, "scale is 0.5, expected 1 to 2000"],
    [{ scale: NaN }, RangeError, "scale is NaN, expected 1 to 2000"],
    [
      { scale: "huge" },
      TypeError,
      "scale is huge, expected tiny, small, medium, large or a number",
    ],
    [{ scales: 2 }, RangeError, "there is no option scales, expected scale"],
  ];
  for (const [options, ErrorClass, message] of cases) {
    assertThrows(
      () => writeSyntheticWingert("never", options as SyntheticWingertOptions),
      ErrorClass,
      `Cannot write synthetic Wingert: ${message}`,
    );
  }
});

Deno.test("writeSyntheticWingert: the source finds the truth", async () => {
  await using folder = await ReleaseFolder.make();
  const { sites } = await writeSyntheticWingert(folder.path, { scale: 3 });
  const warnings: string[] = [];
  const dataset = await lastValueFrom(
    wingert2026(folder.path, {
      includeUnlabeled: true,
      indexFolder: folder.path,
      onWarning: ({ kind }) => warnings.push(kind),
    }).pipe(toDataset()),
  );
  assertEquals(warnings, ["duplicate-recording"]);
  const truth = new Map(
    sites.flatMap((site) =>
      Object.entries(site.cells).filter(([, cell]) => cell.isListed)
        .map(([id, cell]) => [id, { ...cell, site }])
    ),
  );
  assertEquals([dataset.N, dataset.F, dataset.dt], [truth.size, 32, 10]);
  assertEquals(
    dataset.S,
    sites.reduce((sum, { stimuli }) => sum + stimuli.length, 0),
  );
  dataset.nrnMeta.forEach(({ cellId, area }, n) => {
    const cell = truth.get(String(cellId));
    assert(cell !== undefined, `${cellId} is not in the truth`);
    assertEquals(area ?? null, cell.area);
    const { stimuli, unplayed } = cell.site;
    const heard = dataset.nrnMasks.flatMap((row, s) => row[n] ? [s] : []);
    assertEquals(heard.length, stimuli.length - unplayed.length);
    const counts = heard.flatMap((
      s,
    ) => [...itemAt(itemAt(dataset.responses, s), n).data]);
    const spikes = counts.reduce((sum, count) => sum + count, 0);
    assert(spikes <= cell.spikes, `${cellId}: ${spikes} of ${cell.spikes}`);
    // Gaps between trials take 1 s of 22 at most.
    assert(spikes >= 0.9 * cell.spikes, `${cellId}: ${spikes}`);
  });
});

const python = Deno.env.get("PYTHON") ?? "python3";

Deno.test("writeSyntheticWingert: h5py reads it and a fit finds the peaks", async () => {
  if (!await succeeds(python, ["-c", "import h5py, numpy"])) {
    console.log(
      `${python} has no h5py: nothing was compared. Install it with ` +
        "`pip install h5py`, or set PYTHON to a Python that has it.",
    );
    return;
  }
  await using folder = await ReleaseFolder.make();
  const { sites } = await writeSyntheticWingert(folder.path, {
    scale: "small",
  });
  const read = await reference(folder.path);
  assert(read.columns > 100, `${read.columns} columns`);
  for (const site of sites) {
    for (const archive of site.archives) {
      assertHolds(itemAt(read.archives, archive), site);
    }
  }
  // The release has both kinds of tree of two levels.
  const deep = sites.find(({ session }) => session === "ARM031a")?.archives[0];
  const { stim, resp } = itemAt(read.archives, deep ?? "");
  assert(Object.keys(stim.sets).length > 128);
  assert(Object.values(resp.sets).some(([, , chunks]) => chunks > 64));
});

function assertHolds(found: FoundArchive, site: SyntheticWingertSite): void {
  assert(found.pax);
  assertEquals(found.chans, Object.keys(site.cells));
  assertEquals(found.epochs, site.presentations.map((row) => [...row]));
  assertEquals(Object.keys(found.stim.sets), site.stimuli);
  for (const [shape, chunk] of Object.values(found.stim.sets)) {
    assertEquals(shape, [32, site.bins]);
    assertEquals(chunk, [4, site.bins / 4]);
  }
  for (const { superblock, inOrder } of [found.stim, found.resp]) {
    assertEquals([superblock, inOrder], [0, true]);
  }
  for (const [id, { spikes, strf }] of Object.entries(site.cells)) {
    assertEquals(found.spikes[id], spikes);
    if (spikes === 0) continue;
    const at = itemAt(found.peaks, id);
    const off = strf.peak.map((bin, axis) => Math.abs(bin - itemAt(at, axis)));
    assert(off.every((bins) => bins <= 1), `${id}: peak at ${at}`);
  }
}

interface Hdf5Layout {
  readonly superblock: number;
  readonly inOrder: boolean;
  readonly sets: Record<string, [number[], number[], number]>;
}

interface Reference {
  readonly columns: number;
  readonly archives: Record<string, FoundArchive>;
}

interface FoundArchive {
  readonly pax: boolean;
  readonly chans: string[];
  readonly epochs: [string, number, number][];
  readonly spikes: Record<string, number>;
  readonly peaks: Record<string, [number, number]>;
  readonly stim: Hdf5Layout;
  readonly resp: Hdf5Layout;
}

async function reference(folder: string): Promise<Reference> {
  const script = new URL("synthetic_wingert_reference.py", import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script.pathname, folder, "--fit"],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

interface Tar {
  /** Header of the gzip member. */
  readonly header: number[];
  readonly members: string[];
  readonly text: (suffix: string) => string;
}

/** Files of a tarball; PAX headers are checked and skipped. */
function untar(packed?: Uint8Array): Tar {
  assert(packed !== undefined);
  const tar = new Uint8Array(gunzipSync(packed));
  assertEquals(tar.length % 10240, 0);
  const ascii = (from: number, to: number): string =>
    new TextDecoder().decode(tar.subarray(from, to)).replace(/\0.*$/s, "");
  const files = new Map<string, string>();
  for (let at = 0; tar[at] !== 0;) {
    const name = ascii(at, at + 100);
    const size = parseInt(ascii(at + 124, at + 136), 8);
    const content = ascii(at + 512, at + 512 + size);
    if (files.size % 2 === 0) {
      assertEquals([name, content], [
        "././@PaxHeader",
        "23 mtime=1712000000.25\n",
      ]);
      files.set(`pax ${files.size}`, content);
    } else files.set(name, content);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  const members = [...files.keys()].filter((name) => !name.startsWith("pax"));
  return {
    header: [...packed.subarray(0, 10)],
    members,
    text: (suffix) =>
      files.get(members.find((name) => name.endsWith(suffix)) ?? "") ?? "",
  };
}

/** Tarballs of a release by file name. */
async function archivesOf(
  folder: ReleaseFolder,
): Promise<Map<string, Uint8Array>> {
  assertEquals(await folder.folders("recordings.zip"), ["recordings/"]);
  const members = await folder.members("recordings.zip");
  return new Map(members.map(({ name, bytes }) => {
    assert(name.startsWith("recordings/"), name);
    return [name.slice("recordings/".length), bytes];
  }));
}

Deno.test("writeSyntheticWingert: a sound per stimulus, the same for the same seed", async () => {
  await using folder = await ReleaseFolder.make();
  const options = { scale: 1, sounds: true };
  const { sites } = await writeSyntheticWingert(folder.path, options);
  assertEquals(await folder.list(), [...FILES, "wav.zip"]);
  const path = `${folder.path}/wav.zip`;
  const archive = await openZip(path);
  const paths = archive.members.map(({ path }) => path);
  const names = new Set(sites.flatMap(({ stimuli }) => stimuli));
  assertEquals(
    paths.map((path) => path.toLowerCase()),
    [...names].sort().map((name) => name.replace("STIM_", "wav/")),
  );
  assertEquals(
    paths.at(-1),
    paths.at(-1)?.toUpperCase().replace("WAV/", "wav/"),
  );
  for (const [i, path] of paths.slice(0, 4).entries()) {
    const bytes = await archive.read(path);
    const channels = i === 3 ? 1 : 2;
    assertEquals(bytes.length, 44 + 784_539 * 2 * channels);
    const { samples, rateHz } = await readWav(bytes, { channel: channels - 1 });
    assertEquals([samples.length, rateHz], [784_539, 44_100]);
    assert(Math.max(...samples.subarray(0, 10_000)) > 0.05);
  }
  const before = await Deno.readFile(path);
  await writeSyntheticWingert(folder.path, options);
  assert(sameBytes(before, await Deno.readFile(path)));
});
