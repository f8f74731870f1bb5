import { countText } from "../../base/count_text.ts";
import { detrend } from "../../operators/detrend.ts";
import { gate } from "../../operators/gate.ts";
import { DATA_SETS } from "../../recipe/data_set.ts";
import {
  type Recipe,
  recipeCleaning,
  recipeSessions,
} from "../../recipe/recipe.ts";
import type { GateTally, Session } from "../../session.ts";
import { lastUnlessAborted } from "../../stream/last_unless_aborted.ts";
import { droppedOf } from "../../stream/tally.ts";
import { type Observable, toArray } from "rxjs";
import type { ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import type { ShareFlags } from "../shared/share.ts";
import type { ProgressState } from "../shared/progress.ts";
import { textTable } from "../shared/text.ts";
import { foundRecipe } from "./found_recipe.ts";
import { shareOf } from "./share_of.ts";
import {
  type SessionCount,
  SessionCounter,
} from "../../report/session_count.ts";

/** `rxephys info`: counts of what the recordings hold, trial by trial. */
export async function info(
  invocation: Invocation,
  flags: ReadFlags & ShareFlags,
  [data = "", session]: readonly string[],
): Promise<void> {
  const { signal, onWarning } = invocation;
  const share = shareOf(flags);
  const found = await foundRecipe(data, flags, signal);
  const recipe = session === undefined
    ? found
    : { ...found, options: { ...found.options, sessions: [session] } };
  const stream = recipeSessions(recipe, { onWarning }).pipe(share);
  const sessions = cleaned(recipe, stream);
  const progress = invocation.progress("sessions");
  let counts: readonly SessionCount[];
  try {
    counts = await counted(sessions, signal, progress.update);
  } finally {
    progress.end();
  }
  const warnings = invocation.warned();
  const text = session === undefined
    ? dataSetText(recipe, counts)
    : counts.map(sessionText).join("\n");
  invocation.print(text, {
    dataSet: recipe.dataSet,
    data: recipe.data,
    sessions: counts,
    warnings,
  });
}

/** The part of the chain that drops repeats; Wingert's release has dropped them. */
function cleaned(
  recipe: Recipe,
  sessions: Observable<Session>,
): Observable<Session> {
  const cleaning = recipeCleaning(recipe);
  if (cleaning === null) return sessions;
  return sessions.pipe(detrend(cleaning.detrend), gate(cleaning.gate));
}

async function counted(
  stream: Observable<Session>,
  signal: AbortSignal,
  update: (state: ProgressState) => void,
): Promise<SessionCount[]> {
  const sessions = await lastUnlessAborted(stream.pipe(toArray()), { signal });
  const counts: SessionCount[] = [];
  for (const session of sessions) {
    const counter = new SessionCounter(session);
    for (const presentation of await session.presentations({ signal })) {
      counter.add(presentation.stimulus, await presentation.read({ signal }));
      update({
        done: counts.length,
        total: sessions.length,
        detail: session.id,
      });
    }
    counts.push(counter.count());
    update({ done: counts.length, total: sessions.length });
  }
  return counts;
}

function dataSetText(
  { dataSet, options }: Recipe,
  counts: readonly SessionCount[],
): string {
  const table = textTable(
    ["SESSION", "CELLS", "SOUNDS", "SECONDS", "RATE/HZ", "REPEATS", "DROPPED"],
    counts.map(({ id, cells, stimuli, rateHz, repeats, tally }) => [
      id,
      cells.length,
      stimuli.length,
      Number(sum(stimuli, ({ seconds }) => seconds).toFixed(1)),
      rateHz,
      repeats,
      droppedOf(tally),
    ]),
  );
  const sounds = new Set(
    counts.flatMap(({ stimuli }) => stimuli.map(({ key }) => key)),
  );
  const { title } = DATA_SETS[dataSet];
  const of = options.sessions === undefined ? "" : " (as chosen)";
  return `${table}\n\n${title}${of}: ${countText(counts.length, "session")}, ${
    countText(sum(counts, ({ cells }) => cells.length), "cell")
  }, ${countText(sounds.size, "sound")}, ${
    countText(sum(counts, ({ repeats }) => repeats), "repeat")
  }${gateText(counts)}`;
}

function sessionText(count: SessionCount): string {
  const { id, cells, stimuli, rateHz, repeats } = count;
  const facts = cells.map((cell, at) =>
    `cell ${at}: ` +
    Object.entries(cell).filter(([, value]) => value !== null)
      .map(([key, value]) => `${key} ${value}`).join(", ")
  );
  const table = textTable(
    ["SOUND", "CATEGORY", "SECONDS", "CELLS", "REPEATS", "DROPPED"],
    stimuli.map(({ key, name, category, seconds, cells, repeats, tally }) => [
      name ?? key,
      category,
      Number(seconds.toFixed(3)),
      cells,
      repeats,
      droppedOf(tally),
    ]),
  );
  return [
    id,
    ...facts,
    "",
    table,
    "",
    `${countText(stimuli.length, "sound")}, ${countText(repeats, "repeat")}, ` +
    `${rateHz ?? "no"} Hz${gateText([count])}`,
  ].join("\n");
}

function gateText(counts: readonly SessionCount[]): string {
  const of = (reason: keyof GateTally): number =>
    sum(counts, ({ tally }) => tally[reason]);
  const all = sum(counts, ({ tally }) => droppedOf(tally)) + of("kept");
  if (all === 0) return "";
  return `\nGate: ${of("kept")} of ${all} repeats kept; dropped for range ` +
    `${of("range")}, step ${of("step")}, xcorr ${of("xcorr")}`;
}

function sum<Item>(
  items: readonly Item[],
  of: (item: Item) => number,
): number {
  return items.reduce((total, item) => total + of(item), 0);
}
