/**
 * Synthetic releases that the benches read: scaled ones, and Wehr halves whose
 * trials and stimuli are unlike those. Run as a program, it writes the
 * releases that its arguments name:
 *
 *     deno run -A bench/_releases.ts FOLDER long many ac1-200
 */
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { SyntheticLedger } from "../src/synthetic/ac1/ledger.ts";
import {
  type SyntheticPlan,
  syntheticPlan,
} from "../src/synthetic/ac1/plan.ts";
import { wehrMembers } from "../src/synthetic/ac1/wehr.ts";
import { SyntheticParts } from "../src/synthetic/shared/part_files.ts";
import { writeSyntheticZip } from "../src/synthetic/shared/zip.ts";
import { pathExists } from "./_files.ts";

type WehrPlan = SyntheticPlan["wehr"];

/** Wehr halves unlike those of {@linkcode writeSyntheticAc1}, by name. */
export const SHAPES: Readonly<Record<string, WehrPlan>> = {
  /** Few long trials, few long stimuli. */
  long: {
    cells: 10,
    stimuli: 16,
    durationMs: 15_000,
    durationSpread: 0,
    heard: 8,
    heardSpread: 0,
    repeats: 6,
    samples: "mixed",
  },
  /** Many short trials of short stimuli. */
  short: {
    cells: 25,
    stimuli: 51,
    durationMs: 500,
    durationSpread: 0.3,
    heard: 24,
    heardSpread: 8,
    repeats: 20,
    samples: "mixed",
  },
  /** All traces `single` or `double`, all stimuli `double`. */
  float: {
    cells: 8,
    stimuli: 20,
    durationMs: 4000,
    durationSpread: 0.3,
    heard: 10,
    heardSpread: 3,
    repeats: 10,
    samples: "float",
  },
  /** One cell that hears 63 stimuli. */
  many: {
    cells: 1,
    stimuli: 63,
    durationMs: 4000,
    durationSpread: 0.3,
    heard: 63,
    heardSpread: 0,
    repeats: 20,
    samples: "mixed",
  },
};

/**
 * Writes a release unless it exists.
 *
 * @param parent Folder of all releases.
 * @param name Name of a shape, or kind and MB of a scaled one: `ac1-200`,
 * `wingert-100`.
 * @returns Folder of the release.
 */
export async function releaseOf(parent: string, name: string): Promise<string> {
  const folder = `${parent}/${name}`;
  if (await pathExists(`${folder}/truth.json`)) return folder;
  console.error(`Writing ${name} to ${folder}`);
  const [, kind, scale] = /^(ac1|wingert)-(\d+)$/.exec(name) ?? [];
  const shape = SHAPES[name];
  if (kind !== undefined) {
    const write = kind === "ac1" ? writeSyntheticAc1 : writeSyntheticWingert;
    await write(folder, { seed: 1, scale: Number(scale) });
  } else if (shape !== undefined) await writeShape(folder, shape);
  else {
    throw new RangeError(
      `Cannot write release: name is "${name}", expected ` +
        `${Object.keys(SHAPES).join(", ")}, ac1-MB or wingert-MB`,
    );
  }
  return folder;
}

/** Writes the archive that holds the Wehr half, and no other. */
async function writeShape(folder: string, wehr: WehrPlan): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  using parts = new SyntheticParts();
  const ledger = new SyntheticLedger();
  const zip = await parts.create(`${folder}/crcns-ac1.zip`);
  await writeSyntheticZip(
    zip,
    wehrMembers({ ...syntheticPlan(1, 2), wehr }, ledger),
  );
  const { cells, tally, records } = ledger;
  const truth = { wehr: { cells, tally, records } };
  await parts.writeText(`${folder}/truth.json`, JSON.stringify(truth));
  await parts.commit();
}

if (import.meta.main) {
  const [parent = ".", ...names] = Deno.args;
  for (const name of names) console.log(await releaseOf(parent, name));
}
