import {
  ArchiveError,
  DataError,
  FormatError,
  LimitError,
  readDataset,
  toNpz,
  toZarr,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { makeZip } from "../../support/archives/make_zip.ts";
import { randomDataset } from "../../support/sessions/random_dataset.ts";
import { inFolder } from "../../support/in_folder.ts";

const STIMULUS = {
  ...{ type: "stimulus", name: "stimuli/0", stimulus: 0, key: "a" },
  ...{ durationMs: 5, dtMs: 5, shape: [1, 1, 1], dtype: "float32", meta: {} },
};
const DEEP = "[".repeat(100_000) + "]".repeat(100_000);

/** Errors for a line of NDJSON with these fields changed. */
const LINES: readonly (readonly [string, unknown])[] = [
  ["data are not the 4 values of", { shape: [1, 2, 2], data: "AAAAAA==" }],
  ["one claims 9007199254740991 values", { shape: [1, 1, 2 ** 53 - 1] }],
  ["one claims 11529215046068", { shape: [2 ** 30, 2 ** 30, 0] }],
  ["its shape is no list of lengths", { shape: [1, -1, 1] }],
  ["its shape is no list of lengths", { shape: [1, 0.5, 1] }],
  ["its shape is no list of lengths", { shape: "DEEP" }],
  ["type is an object", { type: { toString: 1 } }],
  ["cell is an object", { type: "response", cell: { toString: 1 } }],
  ["key is an object", { key: "DEEP" }],
  ["tally is no count of repeats", { tally: "DEEP" }],
  ["meta is __proto__", { meta: "__proto__" }],
  ["name is ../../x, expected stimuli/0", { name: "../../x" }],
  ["an array is out of its order", {
    name: `stimuli/${2 ** 53 - 1}`,
    stimulus: 2 ** 53 - 1,
    data: "AAAAAA==",
  }],
];

Deno.test("readDataset: refuses NDJSON lines with false claims", () =>
  inFolder(async (folder) => {
    for (const [why, fields] of LINES) {
      const line = JSON.stringify({ ...STIMULUS, ...fields as object })
        .replaceAll('"DEEP"', DEEP);
      await Deno.writeTextFile(`${folder}/x`, `${line}\n`);
      const kind = why.startsWith("one claims") ? LimitError : FormatError;
      await assertRejects(() => readDataset(`${folder}/x`), kind, why);
    }
  }));

Deno.test("readDataset: the highest possible cell number takes no memory", () =>
  inFolder(async (folder) => {
    const cell = 2 ** 53 - 1;
    const response = {
      ...{ type: "response", name: `responses/0.${cell}`, stimulus: 0, cell },
      ...{ key: "a", session: "s", kind: "spikes", dtMs: 5, shape: [1, 1] },
      ...{ dtype: "float32", meta: {}, data: "AAAAAA==" },
      end: { stimuli: 1, responses: 1 },
    };
    const lines = [{ ...STIMULUS, data: "AAAAAA==" }, response];
    await Deno.writeTextFile(
      `${folder}/x`,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
    assertEquals((await readDataset(`${folder}/x`)).N, 1);
  }));

Deno.test("readDataset: refuses safetensors headers with false claims", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const refused = async (
      length: bigint,
      header: unknown,
      kind: typeof DataError,
      why: string,
    ): Promise<void> => {
      const text = new TextEncoder().encode(JSON.stringify(header));
      const prefix = new BigUint64Array([length || BigInt(text.length)]);
      await Deno.writeFile(path, new Uint8Array(prefix.buffer));
      await Deno.writeFile(path, text, { append: true });
      await Deno.writeFile(path, new Uint8Array(4), { append: true });
      await assertRejects(() => readDataset(path), kind, why);
    };
    const tensor = (...offsets: number[]): unknown => ({
      ...{ dtype: "F32", shape: [1, 1, 1], data_offsets: offsets },
    });
    const heads = {
      "stimuli/0": JSON.stringify(STIMULUS),
      "stimuli/1": JSON.stringify({
        ...STIMULUS,
        ...{ name: "stimuli/1", stimulus: 1 },
      }),
    };
    await refused(2n ** 63n, {}, LimitError, "its header has 922337203685477");
    await refused(99_999_999n, {}, ArchiveError, "lie beyond");
    await refused(
      0n,
      { __metadata__: heads, "stimuli/0": tensor(0, 4e15) },
      ArchiveError,
      "bytes, not 4000000000000",
    );
    await refused(
      0n,
      {
        __metadata__: heads,
        "stimuli/0": tensor(0, 4),
        "stimuli/1": tensor(0, 4),
      },
      FormatError,
      "tensors leave holes or overlap",
    );
    await refused(
      0n,
      { "stimuli/0": tensor(0, 4) },
      FormatError,
      "a tensor has no metadata",
    );
  }));

Deno.test("readDataset: refuses an NPZ bomb before it unpacks it", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await lastValueFrom(randomDataset(3).sessions().pipe(toNpz(path)));
    const whole = await Deno.readFile(path);
    const directory = directoryOf(whole);
    const view = new DataView(whole.buffer);
    // Changes the first member's directory entry: its method, then its sizes.
    view.setUint16(directory + 10, 8, true);
    await Deno.writeFile(path, whole);
    await assertRejects(
      () => readDataset(path),
      ArchiveError,
      "method differs between header and directory",
    );
    view.setUint16(directory + 10, 0, true);
    view.setUint32(directory + 20, 0xfffffff0, true);
    view.setUint32(directory + 24, 0xfffffff0, true);
    await Deno.writeFile(path, whole);
    await assertRejects(
      () => readDataset(path),
      LimitError,
      `its members claim over ${0xfffffff0} bytes of ${whole.length}: ` +
        "rxephys does not compress them",
    );
  }));

Deno.test("readDataset: refuses an NPZ that another program compressed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const packed = await makeZip({ "stimuli/0.npy": new Uint8Array(100_000) });
    await Deno.writeFile(path, packed);
    await assertRejects(
      () => readDataset(path),
      LimitError,
      "rxephys does not compress them",
    );
  }));

/** Offset of a zip's directory, at its first entry. */
function directoryOf(zip: Uint8Array): number {
  const end = new DataView(zip.buffer, zip.length - 22);
  return end.getUint32(16, true);
}

Deno.test("readDataset: refuses Zarr metadata with false claims", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await lastValueFrom(randomDataset(3).sessions().pipe(toZarr(path)));
    const text = await Deno.readTextFile(`${path}/zarr.json`);
    const edits: readonly (readonly [string, (group: Group) => void])[] = [
      ["chunk_grid of an array", ({ array }) => {
        array.chunk_grid.configuration.chunk_shape = [1, 3, 0];
      }],
      ["shape of an array", ({ array }) => {
        array.shape = [1, 3, 2 ** 30];
      }],
      ["one claims 9663676416 values", ({ array }) => {
        array.shape = array.attributes.shape = [1, 3, 3 * 2 ** 30];
      }],
      ["codecs of an array", ({ array }) => {
        array.codecs = [{ name: "gzip" }];
      }],
      ["metadata are no object", ({ nodes }) => {
        nodes["stimuli/0"] = null;
      }],
      ["its metadata are not consolidated", ({ group }) => {
        group.consolidated_metadata.metadata = "none";
      }],
    ];
    for (const [why, edit] of edits) {
      const group = JSON.parse(text);
      const nodes = group.consolidated_metadata.metadata;
      edit({ group, nodes, array: nodes["stimuli/0"] });
      await Deno.writeTextFile(`${path}/zarr.json`, JSON.stringify(group));
      const kind = why.startsWith("one claims") ? LimitError : FormatError;
      await assertRejects(() => readDataset(path), kind, why);
    }
    await Deno.writeTextFile(`${path}/zarr.json`, text);
    await Deno.truncate(`${path}/stimuli/0/c/0/0/0`, 3);
    await assertRejects(
      () => readDataset(path),
      ArchiveError,
      "a chunk has 3 bytes, expected",
    );
  }));

/** Parsed metadata of a Zarr root and its nodes. */
interface Group {
  // deno-lint-ignore no-explicit-any
  readonly group: any;
  // deno-lint-ignore no-explicit-any
  readonly nodes: any;
  // deno-lint-ignore no-explicit-any
  readonly array: any;
}
