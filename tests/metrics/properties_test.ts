import { assert, assertEquals } from "../support/assert.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import type { Tensor } from "../../src/tensor.ts";
import { ccmax } from "../../src/metrics/ccmax.ts";
import { normalizedCorrcoef } from "../../src/metrics/normalized_corrcoef.ts";
import { snr } from "../../src/metrics/snr.ts";
import type { NeuronQuality } from "../../src/dataset/neuron_quality.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";
import { FITS, type Measured, METRICS, tensor } from "./_metrics.ts";
import { plainMetrics } from "./_plain_metrics.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

for (const [metric, measure] of Object.entries(METRICS)) {
  Deno.test(`${metric} equals its plain definition`, () => {
    const random = seeded(11);
    let defined = 0;
    for (let round = 0; round < 60; round++) {
      const all = randomMeasured(random);
      measure(all).forEach((value, cell) => {
        const expected = itemAt(plainMetrics(all, cell), metric);
        const bound = 1e-9 * Math.max(1, Math.abs(expected));
        assert(
          Object.is(value, expected) || Math.abs(value - expected) <= bound,
          `round ${round}, cell ${cell}: ${value}, expected ${expected}`,
        );
        if (!Number.isNaN(expected)) defined++;
      });
    }
    assert(defined > 60, `only ${defined} values are defined`);
  });

  Deno.test(`${metric} treats masked values like NaN, whatever they are`, () => {
    const random = seeded(12);
    for (let round = 0; round < 20; round++) {
      const { validMask, ...all } = randomMeasured(random);
      const under = (value: number): Tensor => ({
        ...all.responses,
        data: all.responses.data.map((v, i) => validMask.data[i] ? v : value),
      });
      const expected = measure({ ...all, validMask });
      const seen = measure({ ...all, responses: under(NaN) });
      assertEquals(seen, expected);
      for (const value of [0, 1e30, -Infinity]) {
        const responses = under(value);
        assertEquals(measure({ ...all, responses, validMask }), expected);
      }
    }
  });

  Deno.test(`${metric} ignores padding and leaves its input unchanged`, () => {
    const random = seeded(13);
    for (let round = 0; round < 20; round++) {
      const { validMask: _, ...all } = randomMeasured(random);
      const before = structuredClone(all);
      const expected = measure(all);
      assertEquals(all, before);
      assertEquals(measure(padded(all)), expected);
    }
  });

  Deno.test(`${metric} is NaN without responses and empty without cells`, () => {
    const shapes = [[2, 3, 2, 5], [0, 3, 2, 5], [2, 3, 0, 5], [2, 3, 2, 0]];
    for (const shape of shapes) {
      assertEquals(measure(filled(shape, NaN)), new Float64Array(3).fill(NaN));
    }
    const unheard = filled([2, 3, 2, 5], 1);
    const validMask = filled([2, 3, 2, 5], 0).responses;
    const values = measure({ ...unheard, validMask });
    assertEquals(values, new Float64Array(3).fill(NaN));
    assertEquals(measure(filled([2, 0, 2, 5], 1)), new Float64Array(0));
  });
}

for (const [metric, measure] of Object.entries(FITS)) {
  Deno.test(`${metric} is NaN only for the cell with a NaN prediction`, () => {
    const { predictions, responses } = twoCells();
    const good = measure({ predictions, responses });
    const data = predictions.data.slice();
    data[1] = NaN;
    const holed = { ...predictions, data };
    const [first, second] = measure({ predictions: holed, responses });
    assert(Number.isNaN(first));
    assertEquals(second, good[1]);
  });

  Deno.test(`${metric} ignores predictions without a response`, () => {
    const { predictions, responses } = padded(twoCells());
    const heard = measure({ predictions, responses });
    // Padding leaves responses in six of eight bins, for two cells and one stimulus.
    const data = predictions.data.map((v, i) => i < 16 && i % 8 < 6 ? v : NaN);
    const holed = { ...predictions, data };
    assertEquals(measure({ predictions: holed, responses }), heard);
    assert(heard.every(Number.isFinite));
  });
}

Deno.test("doubled values change no ratio", () => {
  const random = seeded(14);
  const relative = ["corrcoef", "fve", "schoppe", "hsu", "snr", "ccmax"];
  for (let round = 0; round < 20; round++) {
    const all = randomMeasured(random);
    const doubled = {
      ...all,
      predictions: scaled(all.predictions, 2),
      responses: scaled(all.responses, 2),
    };
    for (const metric of relative) {
      assertEquals(
        itemAt(METRICS, metric)(doubled),
        itemAt(METRICS, metric)(all),
        metric,
      );
    }
  }
});

Deno.test("snr and ccmax of a batch of a whole dataset equal the dataset's", async () => {
  let defined = 0;
  for (let seed = 0; seed < 20; seed++) {
    const dataset = randomDataset(seed);
    const quality = dataset.computeNeuronQuality();
    for await (const batch of dataset.batches({ size: dataset.S })) {
      const options = { validMask: batch.validMask };
      for (const [key, metric] of Object.entries({ snr, ccmax })) {
        const expected = quality.map((cell) =>
          cell[key as keyof NeuronQuality] ?? NaN
        );
        assertEquals([...metric(batch.responses, options)], expected);
      }
    }
    defined += quality.filter((cell) => cell.ccmax !== null).length;
  }
  assert(defined > 10, `only ${defined} values of ccmax are defined`);
});

Deno.test("normalizedCorrcoef uses Schoppe's method by default", () => {
  const { predictions, responses } = twoCells();
  const by = (method?: "schoppe" | "hsu"): Float64Array =>
    normalizedCorrcoef(predictions, responses, { method } as object);
  assertEquals(normalizedCorrcoef(predictions, responses), by("schoppe"));
  assertEquals(by(undefined), by("schoppe"));
  assert(by("schoppe")[0] !== by("hsu")[0]);
});

/** Random arrays of up to 3 stimuli and cells, with gaps of every kind. */
function randomMeasured(random: () => number): Required<Measured> {
  const shape = [3, 3, 6, 20].map((most) => whole(random, 1, most));
  const [stimuli, cells, repeats, bins] = firstOf(4, shape);
  const rates = Float32Array.from(
    { length: stimuli * cells * bins },
    () => 3 * random(),
  );
  const lacks = 0.1 * random() ** 2;
  const blocks = stimuli * cells * repeats;
  const gone = Array.from({ length: blocks }, () => random() < 0.2);
  const each = <Value>(value: (block: number, t: number) => Value): Value[] =>
    Array.from(
      { length: blocks * bins },
      (_, i) => value(Math.floor(i / bins), i % bins),
    );
  return {
    predictions: tensor(
      [stimuli, cells, bins],
      rates.map((rate) => rate + random() - 0.5),
    ),
    responses: tensor(
      shape,
      each((block, t) =>
        random() < lacks
          ? NaN
          : itemAt(rates, Math.floor(block / repeats) * bins + t) + random()
      ),
    ),
    validMask: tensor(
      shape,
      each((block) => gone[block] || random() < lacks ? 0 : 1),
    ),
  };
}

/** Adds a stimulus, a repeat and two bins, all without responses. */
function padded({ predictions, responses }: Measured): Measured {
  const [stimuli, cells, repeats, bins] = firstOf(4, responses.shape);
  const shape = [stimuli + 1, cells, repeats + 1, bins + 2];
  const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(NaN);
  const guesses = new Float32Array((stimuli + 1) * cells * (bins + 2));
  for (let row = 0; row < stimuli * cells; row++) {
    const guess = predictions.data.subarray(row * bins, (row + 1) * bins);
    guesses.set(guess, row * (bins + 2));
    for (let r = 0; r < repeats; r++) {
      const from = (row * repeats + r) * bins;
      const repeat = responses.data.subarray(from, from + bins);
      data.set(repeat, (row * (repeats + 1) + r) * (bins + 2));
    }
  }
  return {
    predictions: { shape: [stimuli + 1, cells, bins + 2], data: guesses },
    responses: { shape, data },
  };
}

/** One stimulus, two cells, three repeats, six bins; every metric is defined. */
function twoCells(): Measured {
  const rates = [1, 4, 2, 0.5, 3, 2.5, 2, 0.5, 1, 5, 2, 1];
  const noise = [0.2, -0.3, 0.1, 0.4, -0.1];
  return {
    predictions: tensor(
      [1, 2, 6],
      rates.map((v, i) => v + itemAt(noise, i % 5)),
    ),
    responses: tensor(
      [1, 2, 3, 6],
      Array.from(
        { length: 36 },
        (_, i) =>
          itemAt(rates, 6 * Math.floor(i / 18) + i % 6) +
          itemAt(noise, i * i % 5),
      ),
    ),
  };
}

function filled(
  shape: readonly number[],
  value: number,
): Measured {
  const [stimuli, cells, repeats, bins] = firstOf(4, shape);
  const rows = stimuli * cells * bins;
  return {
    predictions: tensor([stimuli, cells, bins], new Float32Array(rows)),
    responses: tensor(shape, new Float32Array(rows * repeats).fill(value)),
  };
}

function scaled({ data, shape }: Tensor, factor: number): Tensor {
  return { shape, data: data.map((value) => factor * value) };
}
