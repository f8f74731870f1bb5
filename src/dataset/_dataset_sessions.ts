import type {
  CellMeta,
  CellResponse,
  GateTally,
  Presentation,
  Session,
  StimMeta,
  Trials,
} from "../session.ts";
import { contentSum } from "../base/content_sum.ts";
import { type SourceIdentity, withLineage } from "../stream/lineage.ts";
import type { Tensor } from "../tensor.ts";
import {
  type DatasetLayout,
  layoutOf,
  type LayoutPresentation,
  type LayoutSession,
} from "./layout.ts";
import { repeatsOf } from "./_response_table.ts";

/** Content of a dataset. */
interface DatasetContent {
  readonly stims: readonly Tensor[];
  readonly stimKeys: readonly string[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly nrnMasks: readonly (readonly boolean[])[];
  readonly stimMeta: readonly StimMeta[];
  readonly nrnMeta: readonly CellMeta[];
  readonly tally: GateTally;
  readonly dt: number;
}

/** Sessions from which a sink makes the same dataset. */
export function datasetSessions(dataset: DatasetContent): Session[] {
  const layout = layoutOf(dataset);
  // Sessions that list parts of one session share an object, new at each call.
  const parts = new Map<object, object>();
  const seen = new Set<object>();
  const identity = identityOf(dataset);
  for (const { group } of layout.sessions) {
    if (seen.has(group)) parts.set(group, {});
    seen.add(group);
  }
  return withRest(layout).map((own): Session => {
    const { id, cells, group, hasTable, presentations } = own;
    const partOf = parts.get(group);
    const cellNumbers = cells.map((cell) => layout.cellNumbers[cell] as number);
    return withLineage({
      id,
      cells: cells.map((cell) => dataset.nrnMeta[cell] as CellMeta),
      presentations: () =>
        Promise.resolve(
          presentations.map((item) => presentation(dataset, layout, own, item)),
        ),
    }, {
      identity,
      ...(hasTable && { cellNumbers }),
      ...(partOf && { partOf }),
    });
  });
}

/** Identity by content, which is summed up only where a file may be resumed. */
function identityOf(
  { stims, responses, tally }: DatasetContent,
): SourceIdentity {
  let content: string | undefined;
  return {
    name: "dataset",
    options: {},
    archives: () =>
      content ??= `arrays (${contentSum([stims, responses, tally])})`,
  };
}

/** Adds the tally after the last presentation to a session's end. */
function withRest({ sessions, rest }: DatasetLayout): LayoutSession[] {
  const isEmpty = Object.values(rest).every((count) => count === 0);
  const last = sessions.findLastIndex(({ presentations }) =>
    presentations.length > 0
  );
  return sessions.map((session, i) => {
    if (isEmpty || i !== last) return session;
    const { presentations } = session;
    // A presentation without a response, of a stimulus that is written already.
    const end = presentations.slice(-1).map((item) => ({
      ...item,
      cells: [],
      tally: rest,
    }));
    return { ...session, presentations: [...presentations, ...end] };
  });
}

function presentation(
  dataset: DatasetContent,
  { durationsMs }: DatasetLayout,
  session: LayoutSession,
  { stim, cells, tally }: LayoutPresentation,
): Presentation {
  const tensor = dataset.stims[stim] as Tensor;
  return {
    dtMs: dataset.dt,
    stimulus: {
      key: dataset.stimKeys[stim] as string,
      meta: dataset.stimMeta[stim] as StimMeta,
      durationMs: durationsMs[stim] as number,
      read: () => Promise.resolve(tensor),
    },
    read: (): Promise<Trials> => {
      const responding = new Set(cells);
      const responses = session.cells.map((cell) =>
        responding.has(cell) ? response(dataset, stim, cell) : null
      );
      return Promise.resolve({ responses, tally });
    },
  };
}

function response(
  { responses, nrnMeta, dt }: DatasetContent,
  stim: number,
  cell: number,
): CellResponse {
  const tensor = responses[stim]?.[cell] as Tensor;
  return {
    repeats: repeatsOf(tensor),
    scale: 1,
    rateHz: 1000 / dt,
    dtMs: dt,
    kind: nrnMeta[cell]?.signalType ?? "raw",
    ...(tensor.unit !== undefined && { unit: tensor.unit }),
  };
}
