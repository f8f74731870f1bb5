import { type MonoTypeOperatorFunction, tap } from "rxjs";
import { checkCount } from "../../base/check.ts";
import { countText } from "../../base/count_text.ts";
import { shownName } from "../../http/address.ts";
import { DATA_SETS } from "../../recipe/data_set.ts";
import { recipeProgram } from "../../recipe/program.ts";
import {
  type Recipe,
  recipeChain,
  recipeCleaning,
  recipeSessions,
} from "../../recipe/recipe.ts";
import { writeReport } from "../../report/write_report.ts";
import type { Session } from "../../session.ts";
import { flagsOf, type ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import { bytesText } from "../shared/text.ts";
import { foundRecipe } from "./found_recipe.ts";

interface ReportFlags extends ReadFlags {
  readonly overwrite?: boolean;
  readonly figures?: number;
  readonly fit: boolean;
}

/** `rxephys report`: one HTML file about a data set. */
export async function report(
  invocation: Invocation,
  { overwrite = false, figures = 10, fit, ...flags }: ReportFlags,
  [data = "", out = ""]: readonly string[],
): Promise<void> {
  checkCount("write the report", "figures", figures, 0);
  const { signal, onWarning } = invocation;
  const recipe = await foundRecipe(data, flags, signal);
  const cleaning = recipeCleaning(recipe);
  const originals = new Map<string, Session>();
  const keeping: MonoTypeOperatorFunction<Session> = tap((session) =>
    originals.set(session.id, session)
  );
  const progress = invocation.progress("sessions");
  try {
    const { path, bytes, sessions, cells, ...totals } = await writeReport(out, {
      title: DATA_SETS[recipe.dataSet].title,
      data: shownName(recipe.data),
      sessions: recipeSessions(recipe, { onWarning })
        .pipe(keeping, recipeChain(recipe)),
      original: (id) => originals.get(id),
      ...(cleaning && { cleaning }),
      program: recipeProgram({ ...recipe, data: shownName(recipe.data) }),
      command: commandOf(recipe),
      warnings: () => {
        progress.end();
        return invocation.warned();
      },
    }, {
      signal,
      overwrite,
      figures,
      fit,
      onProgress: (done, total, detail) =>
        progress.update({ done, total, detail }),
    });
    progress.end();
    invocation.print(
      `Wrote ${path} (${bytesText(bytes)}): ` +
        `${countText(sessions, "session")}, ${countText(cells, "cell")}`,
      { path, bytes, sessions, cells, ...totals },
    );
  } finally {
    progress.end();
  }
}

/** The call that writes the tensors of a report to a file. */
function commandOf({ dataSet, data, options }: Recipe): string {
  const words = [
    ...["rxephys", "convert", shownName(data), "tensors.npz"],
    ...["--dataset", dataSet, ...flagsOf(options)],
  ];
  return words.map(quoted).join(" ");
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./~-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
