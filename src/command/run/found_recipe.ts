import { recognize } from "../../recipe/recognize.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { namedPath } from "../../publishers/data_path.ts";
import { type ReadFlags, recipeOptionsOf } from "../shared/flags.ts";
import { isDataSetName } from "../../recipe/data_set.ts";

/**
 * The recipe that arguments and flags give: the data set that is there, or the one
 * of `--dataset`.
 *
 * @throws {DataNotFoundError} If no data set is there.
 */
export async function foundRecipe(
  data: string,
  flags: ReadFlags,
  signal: AbortSignal,
): Promise<Recipe> {
  const options = recipeOptionsOf(flags);
  const { dataset } = flags;
  if (dataset !== undefined && !isDataSetName(data)) {
    return { dataSet: dataset, data: namedPath(data), options };
  }
  const found = await recognize(data, { signal });
  return { ...found, ...(dataset && { dataSet: dataset }), options };
}
