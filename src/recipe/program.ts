import { DATA_SETS } from "./data_set.ts";
import { type Recipe, recipeParts } from "./recipe.ts";

/**
 * The TypeScript that reads what a recipe reads, to be run or changed.
 *
 * - Texts of the recipe are string literals in it, and nothing else.
 * - Choices that no option of a source makes are filters.
 */
export function recipeProgram(recipe: Recipe): string {
  const { dataSet, data, options: { signal, sessions } } = recipe;
  const { source, pipeline } = DATA_SETS[dataSet];
  const parts = recipeParts(recipe);
  const filters: string[] = [];
  if (sessions !== undefined && sessions.length > 0) {
    filters.push(
      `filter(({ id }) => ${JSON.stringify(sessions)}.includes(id)),`,
    );
  }
  if (signal !== undefined && dataSet !== "wingert2026") {
    const is = signal === "spikes" ? "===" : "!==";
    filters.push(
      "filter(({ cells }) => cells.every(({ recordingType }) =>",
      `  recordingType ${is} "cell-attached")),`,
    );
  }
  const names = [source, pipeline, "toDataset"].sort();
  const operators = ["lastValueFrom"];
  if (filters.length > 0) operators.unshift("filter");
  const given = [JSON.stringify(data), ...argumentOf(parts.source)].join(", ");
  return [
    `import { ${names.join(", ")} } from "rxephys";`,
    `import { ${operators.join(", ")} } from "rxjs";`,
    "",
    "const dataset = await lastValueFrom(",
    `  ${source}(${given}).pipe(`,
    ...filters.map((line) => `    ${line}`),
    `    ${pipeline}(${argumentOf(parts.chain).join("")}),`,
    "    toDataset(),",
    "  ),",
    ");",
    "console.log(String(dataset));",
  ].join("\n");
}

/** An object of options as an argument; none if it is empty. */
function argumentOf(options: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(options).map(([name, value]) =>
    `${name}: ${JSON.stringify(value)}`
  );
  return entries.length === 0 ? [] : [`{ ${entries.join(", ")} }`];
}
