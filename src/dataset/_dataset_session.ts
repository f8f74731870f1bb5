import type {
  CellMeta,
  CellResponse,
  GateTally,
  Presentation,
  Session,
  StimMeta,
} from "../session.ts";
import { withLineage } from "../stream/lineage.ts";
import { type Tensor, timeBins } from "../tensor.ts";
import { isHeard } from "./_response_table.ts";

const NO_TALLY: GateTally = { range: 0, step: 0, xcorr: 0, kept: 0 };

/** Content of a dataset. */
interface DatasetContent {
  readonly stims: readonly Tensor[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly stimMeta: readonly StimMeta[];
  readonly nrnMeta: readonly CellMeta[];
  readonly tally: GateTally;
  readonly dt: number;
}

/** Session from which a sink makes the same dataset. */
export function datasetSession(dataset: DatasetContent): Session {
  const presentations = dataset.stims.map((_, s) => presentation(dataset, s));
  return withLineage({
    id: "dataset",
    cells: dataset.nrnMeta,
    presentations: () => Promise.resolve(presentations),
  }, { cellNumbers: [...dataset.nrnMeta.keys()] });
}

function presentation(dataset: DatasetContent, s: number): Presentation {
  const stim = dataset.stims[s];
  return {
    dtMs: dataset.dt,
    stimulus: {
      key: String(s),
      meta: dataset.stimMeta[s],
      durationMs: timeBins(stim) * dataset.dt,
      read: () => Promise.resolve(stim),
    },
    read: () =>
      Promise.resolve({
        responses: dataset.nrnMeta.map((_, n) => response(dataset, s, n)),
        // Only the total is known: it comes with the first presentation.
        tally: s === 0 ? dataset.tally : NO_TALLY,
      }),
  };
}

function response(
  dataset: DatasetContent,
  s: number,
  n: number,
): CellResponse | null {
  const tensor = dataset.responses[s][n];
  if (!isHeard(tensor)) return null;
  const { data, shape: [repeats, bins] } = tensor;
  return {
    repeats: Array.from(
      { length: repeats },
      (_, r) => data.subarray(r * bins, (r + 1) * bins),
    ),
    scale: 1,
    rateHz: 1000 / dataset.dt,
    dtMs: dataset.dt,
    kind: dataset.nrnMeta[n].signalType ?? "raw",
  };
}
