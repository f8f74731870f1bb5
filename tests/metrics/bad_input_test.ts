import { assertThrows } from "../support/assert.ts";
import { normalizedCorrcoef } from "../../src/metrics/normalized_corrcoef.ts";
import { FITS, type Measured, METRICS, tensor } from "./_metrics.ts";

const ones = (...shape: number[]): Float32Array =>
  new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1);
const good = {
  predictions: tensor([2, 3, 5], ones(2, 3, 5)),
  responses: tensor([2, 3, 4, 5], ones(2, 3, 4, 5)),
};

for (const [metric, measure] of Object.entries(METRICS)) {
  const act = /schoppe|hsu/.test(metric) ? "normalizedCorrcoef" : metric;
  const assertRefused = (change: Partial<Measured>, rule: string): void => {
    assertThrows(
      () => measure({ ...good, ...change }),
      RangeError,
      `Cannot measure ${act}: ${rule}`,
    );
  };

  Deno.test(`${metric} refuses responses whose shape is not B,N,R,T`, () => {
    assertRefused(
      { responses: tensor([2, 3, 20], ones(2, 3, 20)) },
      "shape of responses is 2,3,20 of 120 values, expected B,N,R,T",
    );
    assertRefused(
      { responses: tensor([2, 3, 4, 5], ones(7)) },
      "shape of responses is 2,3,4,5 of 7 values, expected B,N,R,T",
    );
  });

  Deno.test(`${metric} refuses an infinite response inside the mask`, () => {
    const data = good.responses.data.slice();
    data[17] = -Infinity;
    const responses = { ...good.responses, data };
    const validMask = good.responses;
    const rule = "responses[17] is -Infinity, expected a finite number or NaN";
    assertRefused({ responses }, rule);
    assertRefused({ responses, validMask }, rule);
  });

  Deno.test(`${metric} refuses a mask of another shape or with values other than 0 and 1`, () => {
    const rule = "expected 2,3,4,5 as the responses, or 1 along an axis";
    assertRefused(
      { validMask: tensor([2, 3, 2, 5], ones(2, 3, 2, 5)) },
      `shape of validMask is 2,3,2,5 of 60 values, ${rule}`,
    );
    assertRefused(
      { validMask: tensor([1, 2, 3, 4, 5], ones(2, 3, 4, 5)) },
      `shape of validMask is 1,2,3,4,5 of 120 values, ${rule}`,
    );
    assertRefused(
      { validMask: tensor([2, 3, 4, 5], ones(119)) },
      `shape of validMask is 2,3,4,5 of 119 values, ${rule}`,
    );
    for (const value of [0.5, NaN, 2, -1]) {
      const data = ones(2, 3, 4, 5);
      data[3] = value;
      assertRefused(
        { validMask: { ...good.responses, data } },
        `validMask[3] is ${value}, expected 0 or 1`,
      );
    }
  });
}

for (const [metric, measure] of Object.entries(FITS)) {
  const act = /schoppe|hsu/.test(metric) ? "normalizedCorrcoef" : metric;

  Deno.test(`${metric} refuses predictions whose shape does not match the responses`, () => {
    const cases: [number[], number, string][] = [
      [[2, 3, 1, 5], 30, "expected B,N,T"],
      [[2, 3, 5], 29, "expected B,N,T"],
      [[1, 3, 5], 15, "expected 2,3,5 as the responses"],
      [[2, 1, 5], 10, "expected 2,3,5 as the responses"],
      [[2, 3, 4], 24, "expected 2,3,5 as the responses"],
      [[2, 5, 3], 30, "expected 2,3,5 as the responses"],
    ];
    for (const [shape, count, rule] of cases) {
      assertThrows(
        () => measure({ ...good, predictions: tensor(shape, ones(count)) }),
        RangeError,
        `Cannot measure ${act}: shape of predictions is ${shape} of ${count} ` +
          `values, ${rule}`,
      );
    }
  });
}

Deno.test("normalizedCorrcoef refuses an unknown method", () => {
  for (const method of ["Hsu", "", 1, null]) {
    assertThrows(
      () =>
        normalizedCorrcoef(good.predictions, good.responses, {
          method: method as "hsu",
        }),
      RangeError,
      "Cannot measure normalizedCorrcoef: method is " +
        `${method}, expected schoppe or hsu`,
    );
  }
});
