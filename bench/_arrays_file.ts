import type { NeuralDataset } from "rxephys";

/** An array in the binary file. */
export interface ListedArray {
  readonly shape: readonly number[];
  /** Number of values before it. */
  readonly offset: number;
}

/** Result of a loader, in a form that all loaders share. */
export interface ArraysTable {
  readonly stims: readonly ListedArray[];
  readonly responses: readonly (ListedArray & {
    readonly stim: number;
    readonly cell: number;
  })[];
  readonly cells: number;
  readonly tally: Readonly<Record<string, number>>;
}

/** Writes `<prefix>.json`, a table, and `<prefix>.f32`, its arrays one after another. */
export async function writeArrays(
  prefix: string,
  { stims, responses, nrnMasks, N, tally }: NeuralDataset,
): Promise<void> {
  const arrays: Float32Array[] = [];
  let offset = 0;
  const listed = (
    { data, shape }: NeuralDataset["stims"][number],
  ): ListedArray => {
    arrays.push(data);
    offset += data.length;
    return { shape, offset: offset - data.length };
  };
  const table: ArraysTable = {
    stims: stims.map(listed),
    responses: responses.flatMap((row, stim) =>
      row.flatMap((response, cell) =>
        nrnMasks[stim]?.[cell] ? [{ stim, cell, ...listed(response) }] : []
      )
    ),
    cells: N,
    tally,
  };
  const whole = new Float32Array(offset);
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  await Deno.writeFile(`${prefix}.f32`, new Uint8Array(whole.buffer));
  await Deno.writeTextFile(`${prefix}.json`, JSON.stringify(table));
}

/** Reads the files of {@linkcode writeArrays} or a peer. */
export async function readArrays(
  prefix: string,
): Promise<{ table: ArraysTable; floats: Float32Array }> {
  const table = JSON.parse(await Deno.readTextFile(`${prefix}.json`));
  const { buffer } = await Deno.readFile(`${prefix}.f32`);
  return { table, floats: new Float32Array(buffer) };
}
