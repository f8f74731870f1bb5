import {
  type Session,
  type SourceWarning,
  wingert2026,
  type Wingert2026Options,
} from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import { tarball } from "./_tarball.ts";
import { itemAt } from "../../support/item_at.ts";

const PARTS = new URL("../../fixtures/wingert-parts/", import.meta.url);

/** The cells of the parts. */
export const CELLS = ["TST001a-001-1", "TST001a-002-1", "TST001a-003-1"];

/** A file's text, or `part:` and the name of an HDF5 file of the fixture. */
export type Files = Readonly<Record<string, string>>;

/** The `resp.json` of the parts with changes; undefined drops a key. */
export function respJson(
  changes: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    name: "resp",
    chans: CELLS,
    fs: 100,
    meta: null,
    recording: "TST001a",
    segments: [[0, 6500]],
    signal_type: "<class 'nems0.signal.PointProcess'>",
    ...changes,
  });
}

/** Epochs of the parts. */
export const EPOCHS = `name,start,end
TRIAL,1.125,65
STIM_00a.wav,1.125,21.125
REFERENCE,1.125,21.125
STIM_b.wav,21.375,41.375
STIM_00a.wav,42.00713,62.00713
STIM_00a.wav,63.5,64.12
`;

/** A good recording, in the order of its writer. */
export const RECORDING: Files = {
  "meta.json": '{"siteid": NaN}',
  "resp.h5": "part:resp",
  "resp.json": respJson(),
  "resp.epoch.csv": EPOCHS,
  "stim.h5": "part:stim",
  "stim.json": '{"chans": null, "signal_type": "nems.TiledSignal"}',
  "stim.epoch.csv": EPOCHS,
};

/** A cell list: id, site and area of each cell. */
export function cellList(
  rows: readonly (readonly [id: string, site: string, area: string])[] = CELLS
    .map((id) => [id, "TST001a", "A1"]),
): string {
  const lines = rows.map(([id, site, area]) =>
    `${id},${site},${area},44,100.5,True,RS,0.25,False\n`
  );
  return "cellid,siteid,area,layer,depth,narrow,celltype,sw,goodpred\n" +
    lines.join("");
}

/** The bytes of a file. */
export function bytesOf(file: string): Uint8Array {
  return file.startsWith("part:")
    ? Deno.readFileSync(new URL(`${file.slice(5)}.h5`, PARTS))
    : new TextEncoder().encode(file);
}

/** A recording as a tarball; its files are named `P/P.<key>`. */
export function recordingTarball(files: Files, name = "TST001a"): Uint8Array {
  return tarball(
    Object.entries(files).map(([end, file]) => [
      `${name}/${name}.${end}`,
      bytesOf(file),
    ]),
  );
}

/**
 * Writes a release to a temporary folder and runs a test on it.
 *
 * @param files Path below the folder to content.
 */
export async function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(files)) {
      const target = `${folder}/${path}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeFile(
        target,
        typeof content === "string" ? bytesOf(content) : content,
      );
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test on a release of one recording with changes; undefined drops a file. */
export function withRecording(
  changes: Readonly<Record<string, string | undefined>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const files = Object.entries({ ...RECORDING, ...changes }).flatMap(
    ([end, file]): [string, string][] =>
      file === undefined ? [] : [[end, file]],
  );
  return withFolder({
    "cell_list.csv": cellList(),
    "recordings/TST001a_0.tgz": recordingTarball(Object.fromEntries(files)),
  }, run);
}

/** The sessions of a release, and its warnings as they come. */
export async function wingertSessions(
  folder: string,
  options: Wingert2026Options = {},
): Promise<{ sessions: Session[]; warnings: SourceWarning[] }> {
  const warnings: SourceWarning[] = [];
  const stream = wingert2026(folder, {
    indexFolder: `${folder}/index`,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  return { sessions: await lastValueFrom(stream.pipe(toArray())), warnings };
}

/** Everything that a session holds: stimuli, and counts where not zero. */
export async function contentOf(session: Session): Promise<unknown> {
  const content: Record<string, unknown> = {};
  for (const { stimulus, read } of await session.presentations()) {
    const { responses } = await read();
    const tensor = await stimulus.read();
    content[String(stimulus.meta.name)] = {
      shape: "shape" in tensor ? tensor.shape : null,
      cells: responses.map((response) =>
        response && response.repeats.map(nonZero)
      ),
    };
  }
  return content;
}

function nonZero(repeat: ArrayLike<number>): unknown {
  const bins: number[] = [];
  const counts: number[] = [];
  for (let bin = 0; bin < repeat.length; bin++) {
    if (repeat[bin] === 0) continue;
    bins.push(bin);
    counts.push(itemAt(repeat, bin));
  }
  return { bins, counts };
}

/** NumPy's counts in the good recording: `[cell][repeat]` of a stimulus. */
export function expectedCounts(): Readonly<Record<string, unknown[][]>> {
  const path = new URL("counts.json", PARTS);
  return JSON.parse(Deno.readTextFileSync(path)).counts;
}
