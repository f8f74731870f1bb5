import {
  crcnsAc1Pipeline,
  type NeuralDataset,
  randomSplit,
  type SplitStimuli,
  toDataset,
  toNdjson,
  wehr,
} from "rxephys";
import { type CellScore, fitStrf, type StrfFit } from "rxephys/models";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { assert, assertAlmostEquals, assertEquals } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { succeeds } from "../support/succeeds.ts";

const python = Deno.env.get("PYTHON") ?? "python3";
const hasNumpy = await succeeds(python, ["-c", "import numpy"]);
const script = new URL("linear_strf.py", import.meta.url).pathname;

/** Result of the script for one session. */
interface NumpyStrf {
  readonly ridge: number;
  readonly weights: readonly number[];
  readonly offset: number;
  readonly ccNorm: number;
  readonly peak: readonly number[];
}

/** Fits of every cell on a split of its own, with their scores. */
interface Fitted {
  readonly fit: StrfFit;
  readonly split: readonly SplitStimuli[];
  readonly scores: readonly CellScore[];
}

function fitted(dataset: NeuralDataset): Fitted {
  const split = dataset.nrnMeta.map((_, cell) =>
    randomSplit(dataset, cell, { seed: 1 })
  );
  const fit = fitStrf(dataset, { split, historyMs: 100 });
  return { fit, split, scores: fit.score(dataset, split) };
}

async function numpyStrfs(
  folder: string,
  { fit, split }: Fitted,
): Promise<Readonly<Record<string, NumpyStrf>>> {
  const ndjson = `${folder}/wehr.ndjson`;
  await lastValueFrom(wehr(folder).pipe(crcnsAc1Pipeline(), toNdjson(ndjson)));
  const cells = fit.cells.map(({ label }, i) => ({
    session: label,
    split: split[i],
  }));
  const strfs = `${folder}/strf.json`;
  await Deno.writeTextFile(strfs, JSON.stringify({ cells }));
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [decodeURIComponent(script), ndjson, strfs, "20"],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("fitStrf on synthetic recordings of linear cells", (t) =>
  inFolder(async (folder) => {
    const { wehr: truth } = await writeSyntheticAc1(folder, { scale: "small" });
    const dataset = await lastValueFrom(
      wehr(folder).pipe(crcnsAc1Pipeline(), toDataset()),
    );
    const whole = fitted(dataset);

    await t.step("finds the true peaks, and predicts", () => {
      const { fit, scores } = whole;
      assertEquals(
        fit.cells.map(({ label }) => label),
        Object.keys(truth.cells),
      );
      for (const { label, peak } of fit.cells) {
        const [band, lag] = itemAt(truth.cells, label).strfPeak;
        const off = [peak.band - band, peak.lag - lag].map(Math.abs);
        assert(off.every((bins) => bins <= 1), `${label}: ${off}`);
      }
      const mean = scores.reduce((sum, { ccNorm }) => sum + ccNorm, 0) /
        scores.length;
      assert(mean > 0.8, `mean cc_norm is ${mean}`);
    });

    await t.step({
      name: "the same numbers from NumPy",
      ignore: !hasNumpy,
      fn: async () => {
        const expected = await numpyStrfs(folder, whole);
        for (const [i, cell] of whole.fit.cells.entries()) {
          const { label, ridge, weights, offset, peak } = cell;
          const numpy = itemAt(expected, label);
          assertEquals(ridge, numpy.ridge, label);
          assertEquals([peak.band, peak.lag], numpy.peak, label);
          // Weights are float32; the equations have a condition of 1e3.
          assertClose(weights.data, numpy.weights, 1e-6, label);
          assertAlmostEquals(offset, numpy.offset, 1e-6);
          const { ccNorm } = itemAt(whole.scores, i);
          assertAlmostEquals(ccNorm, numpy.ccNorm, 1e-6);
        }
      },
    });
  }));
