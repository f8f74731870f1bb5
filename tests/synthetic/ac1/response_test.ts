import { crcnsAc1Pipeline, type NeuralDataset, toDataset, wehr } from "rxephys";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { syntheticLevels } from "../../../src/synthetic/ac1/sound.ts";
import { responseTo } from "../../../src/synthetic/ac1/response.ts";
import { drivenBy, syntheticStrf } from "../../../src/synthetic/ac1/strf.ts";
import { SyntheticRandom } from "../../../src/synthetic/shared/random.ts";
import type {
  SyntheticAc1Truth,
  SyntheticCellTruth,
  SyntheticNonlinearity,
} from "../../../src/synthetic/write_synthetic_ac1.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { assertClose } from "../../support/close.ts";
import { itemAt } from "../../support/item_at.ts";

async function withRelease(
  response: "linear" | "nonlinear",
  run: (truth: SyntheticAc1Truth, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const options = { seed: 3, scale: 8, response } as const;
    await run(await writeSyntheticAc1(folder, options), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Response of the field to a spectrogram whose bands have mean zero. */
function fieldResponse(
  { firstBand, weights }: SyntheticCellTruth["strf"],
  levels: Float64Array,
  bins: number,
): Float64Array {
  return Float64Array.from({ length: bins }, (_, t) => {
    let sum = 0;
    for (const [row, lags] of weights.entries()) {
      for (let k = 0; k < Math.min(lags.length, t + 1); k++) {
        sum += itemAt(lags, k) *
          itemAt(levels, (firstBand + row) * bins + t - k);
      }
    }
    return sum;
  });
}

/** Formula of the documentation. */
function nonlinearResponse(
  field: Float64Array,
  deviation: number,
  { threshold, poolMs, poolWeight, gain }: SyntheticNonlinearity,
): Float64Array {
  const excess = field.map((g) => Math.max(0, g / deviation - threshold) ** 2);
  const keep = Math.exp(-5 / poolMs);
  return excess.map((e, t) => {
    let pool = 0;
    for (let s = 0; s < t; s++) {
      pool += (1 - keep) * keep ** (t - 1 - s) * itemAt(excess, s);
    }
    return gain * deviation * e / (1 + e + poolWeight * pool);
  });
}

function centred(dataset: NeuralDataset, stim: number): Float64Array {
  const { data, shape: [, bands = 0, bins = 0] } = itemAt(dataset.stims, stim);
  const levels = Float64Array.from(data);
  for (let f = 0; f < bands; f++) {
    const row = levels.subarray(f * bins, (f + 1) * bins);
    const mean = row.reduce((a, b) => a + b) / bins;
    row.forEach((level, t) => row[t] = level - mean);
  }
  return levels;
}

function meanOf(
  { data, shape: [repeats = 0, bins = 0] }:
    NeuralDataset["responses"][number][number],
): Float64Array {
  return Float64Array.from({ length: bins }, (_, t) => {
    let sum = 0;
    for (let r = 0; r < repeats; r++) sum += itemAt(data, r * bins + t);
    return sum / repeats;
  });
}

function correlation(a: Float64Array, b: Float64Array): number {
  const centre = (x: Float64Array): Float64Array => {
    const mean = x.reduce((sum, value) => sum + value) / x.length;
    return x.map((value) => value - mean);
  };
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, i) => sum + value * itemAt(y, i), 0);
  const [p, q] = [centre(a), centre(b)];
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q));
}

Deno.test("writeSyntheticAc1: the nonlinear response follows truth.json", () =>
  withRelease("nonlinear", async (truth, folder) => {
    assertEquals(truth.response, "nonlinear");
    const { nonlinearity } = truth;
    assert(nonlinearity !== undefined);
    const dataset = await lastValueFrom(
      wehr(folder).pipe(crcnsAc1Pipeline(), toDataset()),
    );
    for (const [n, { session }] of dataset.nrnMeta.entries()) {
      const { strf, deviation = NaN } = itemAt(
        truth.wehr.cells,
        String(session),
      );
      const heard = [...dataset.stims.keys()].filter((s) =>
        itemAt(dataset.nrnMasks, s)[n]
      );
      const parts = heard.map((s) => {
        const response = meanOf(itemAt(itemAt(dataset.responses, s), n));
        const levels = centred(dataset, s);
        const field = fieldResponse(strf, levels, response.length);
        return {
          response,
          field,
          predicted: nonlinearResponse(field, deviation, nonlinearity),
        };
      });
      const joined = (name: "response" | "field" | "predicted"): Float64Array =>
        Float64Array.from(parts.flatMap((part) => [...part[name]]));
      const predicted = correlation(joined("predicted"), joined("response"));
      const linear = correlation(joined("field"), joined("response"));
      // Noise, detrending and the window of the spectrogram lower it.
      assert(predicted > 0.85, `${session}: ${predicted}`);
      assert(linear < 0.75, `${session}: ${linear}`);
    }
  }));

Deno.test("writeSyntheticAc1: the truth of a linear release has no nonlinearity", () =>
  withRelease("linear", async (truth, folder) => {
    assertEquals(truth.response, "linear");
    const text = await Deno.readTextFile(`${folder}/truth.json`);
    assert(!text.includes("nonlinearity") && !text.includes("deviation"));
  }));

Deno.test("responseTo: the formula; the field alone correlates by 0.71", () => {
  const strf = syntheticStrf(new SyntheticRandom(1, "strf"), 5);
  const levels = syntheticLevels(new SyntheticRandom(1, "levels"), 300_000);
  const field = drivenBy(strf, levels);
  assertEquals(responseTo(strf, levels, "linear"), field);
  const answer = responseTo(strf, levels, "nonlinear");
  const part = 2000;
  assertClose(
    answer.subarray(0, part),
    nonlinearResponse(field.subarray(0, part), 5, {
      threshold: 0.5,
      poolMs: 50,
      poolWeight: 4,
      gain: 6,
    }),
    1e-12,
  );
  const cc = correlation(answer, field);
  assert(cc > 0.6 && cc < 0.715, `correlation ${cc}`);
  assert(Math.max(...answer) < 30, "beyond the gate's test for steps");
});
