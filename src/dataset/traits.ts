import type { CellMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** Lowest and highest frequency in Hz. */
export type FrequencyRange = readonly [lowest: number, highest: number];

/** Species of all cells; undefined if they differ or one has none. */
export function sharedSpecies(cells: readonly CellMeta[]): string | undefined {
  const [species, ...others] = new Set(cells.map(({ species }) => species));
  return others.length === 0 ? species : undefined;
}

/** Hearing of a species, as deepSTRF 0.1.0 lists it. */
const HEARING_HZ: ReadonlyMap<string, FrequencyRange> = new Map([
  ["rat", [250, 76_000]],
  ["ferret", [200, 40_000]],
]);

/** Frequencies that a species hears; undefined if it is not listed. */
export function hearingRangeHz(
  species: string | undefined,
): FrequencyRange | undefined {
  return species === undefined ? undefined : HEARING_HZ.get(species);
}

/** Range of the bands of all stimuli; undefined if one differs or has none. */
export function sharedBandRangeHz(
  stims: readonly Tensor[],
): FrequencyRange | undefined {
  const [first, ...others] = stims.map(bandRangeHz);
  const areSame = others.every((range) =>
    range?.[0] === first?.[0] && range?.[1] === first?.[1]
  );
  return areSame ? first : undefined;
}

function bandRangeHz(
  { bandsHz, bandRangeHz }: Tensor,
): FrequencyRange | undefined {
  const [lowest, highest] = [bandsHz?.at(0), bandsHz?.at(-1)];
  return lowest === undefined || highest === undefined
    ? bandRangeHz
    : [lowest, highest];
}
