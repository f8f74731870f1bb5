import type { SyntheticAc1Truth } from "rxephys/synthetic";

/** Band and lag of a field's greatest weight, both from 0. */
export type Peak = readonly [band: number, lag: number];

/** Reads the true peaks of a synthetic release, by session of the Wehr half. */
export async function truePeaks(
  data: string,
): Promise<Readonly<Record<string, Peak>> | undefined> {
  const text = await textOf(`${data}/truth.json`);
  if (text === undefined) return undefined;
  const { wehr }: Partial<SyntheticAc1Truth> = JSON.parse(text);
  const cells = Object.entries(wehr?.cells ?? {});
  return Object.fromEntries(
    cells.map(([id, { strfPeak }]) => [id, strfPeak]),
  );
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // `data` may be a zip, which has no truth beside it.
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
