import { toArray } from "rxjs";
import { countText } from "../../base/count_text.ts";
import { DATA_SETS } from "../../recipe/data_set.ts";
import { recipeSessions } from "../../recipe/recipe.ts";
import type { Session } from "../../session.ts";
import { lastUnlessAborted } from "../../stream/last_unless_aborted.ts";
import type { ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import type { ShareFlags } from "../shared/share.ts";
import { textTable } from "../shared/text.ts";
import { foundRecipe } from "./found_recipe.ts";
import { shareOf } from "./share_of.ts";

/** Metadata of cells that the list shows, with their headings. */
const COLUMNS = [
  ["site", "SITE"],
  ["area", "AREA"],
  ["recordingType", "RECORDING"],
  ["animalId", "ANIMAL"],
  ["date", "DATE"],
] as const;

/** `rxephys ls`: the sessions, from what is known without reading recordings. */
export async function ls(
  invocation: Invocation,
  flags: ReadFlags & ShareFlags,
  [data = ""]: readonly string[],
): Promise<void> {
  const { signal, onWarning } = invocation;
  const share = shareOf(flags);
  const recipe = await foundRecipe(data, flags, signal);
  const sessions = await lastUnlessAborted(
    recipeSessions(recipe, { onWarning }).pipe(share, toArray()),
    { signal },
  );
  const warnings = invocation.warned();
  const cells = sessions.reduce((sum, { cells }) => sum + cells.length, 0);
  const { title } = DATA_SETS[recipe.dataSet];
  invocation.print(
    `${sessionTable(sessions)}\n\n${title}: ` +
      `${countText(sessions.length, "session")}, ${countText(cells, "cell")}`,
    {
      dataSet: recipe.dataSet,
      data: recipe.data,
      sessions: sessions.map(({ id, cells }) => ({ id, cells })),
      warnings,
    },
  );
}

function sessionTable(sessions: readonly Session[]): string {
  const shown = COLUMNS.filter(([key]) =>
    sessions.some(({ cells }) =>
      cells.some((cell) => (cell[key] ?? null) !== null)
    )
  );
  return textTable(
    ["SESSION", "CELLS", ...shown.map(([, title]) => title)],
    sessions.map(({ id, cells }) => [
      id,
      cells.length,
      ...shown.map(([key]) => {
        const values = new Set(cells.flatMap((cell) => cell[key] ?? []));
        return [...values].join(",") || null;
      }),
    ]),
  );
}
