import { lastValueFrom, toArray } from "rxjs";
import type { ReadOptions } from "../base/abort.ts";
import type { NormalizeRanges } from "../operators/normalize.ts";
import { wingert2026Pipeline } from "../operators/wingert2026_pipeline.ts";
import type { SourceOptions } from "../sources/mod.ts";
import { type Recipe, recipeParts, recipeSessions } from "./recipe.ts";

/** Whether the chain of a recipe reads all sessions before the first value. */
export function needsRanges({ dataSet, options }: Recipe): boolean {
  const { normalize, ranges } = options;
  return dataSet === "wingert2026" && normalize !== "none" &&
    ranges === undefined;
}

/**
 * The recipe with the ranges of all its sessions, so that a reader of some of them
 * maps values as a reader of all does. Reads every session once, where ranges are
 * missing.
 */
export async function withMeasuredRanges(
  recipe: Recipe,
  { signal, ...sourceOptions }: ReadOptions & SourceOptions = {},
): Promise<Recipe> {
  if (!needsRanges(recipe)) return recipe;
  let ranges: NormalizeRanges | undefined;
  const chain = wingert2026Pipeline({
    ...recipeParts(recipe).chain,
    onRanges: (found) => ranges = found,
  });
  const sessions = await lastValueFrom(
    recipeSessions(recipe, sourceOptions).pipe(chain, toArray()),
  );
  for (const session of sessions) {
    const [first] = await session.presentations({ signal });
    // The first read passes over all sessions.
    await first?.read({ signal });
    if (ranges !== undefined) break;
  }
  return {
    ...recipe,
    options: { ...recipe.options, ...(ranges && { ranges }) },
  };
}
