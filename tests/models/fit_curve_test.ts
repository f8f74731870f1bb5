import { fitCurve, type Points } from "../../src/models/_fit_curve.ts";
import {
  type NonlinearityKind,
  nonlinearOutput,
  type OutputNonlinearity,
} from "../../src/models/output_nonlinearity.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { itemAt } from "../support/item_at.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { succeeds } from "../support/succeeds.ts";

const python = Deno.env.get("PYTHON") ?? "python3";
const hasScipy = await succeeds(python, ["-c", "import scipy"]);
const script = new URL("curve_fit.py", import.meta.url).pathname;

const TRUTHS: readonly OutputNonlinearity[] = [
  { kind: "softplus", floor: 0, gain: 1, centre: 0, width: 1 },
  { kind: "softplus", floor: 2, gain: 30, centre: 12, width: 3 },
  { kind: "sigmoid", floor: -1, gain: 5, centre: -0.5, width: 0.4 },
  { kind: "sigmoid", floor: 100, gain: 40, centre: 3, width: 2 },
];

function points(truth: OutputNonlinearity, spread: number): Points {
  const random = seeded(7);
  const x = noise(3000, random).map((value) =>
    truth.centre + 2 * truth.width * value
  );
  const y = noise(3000, random).map((value, i) =>
    nonlinearOutput(truth, itemAt(x, i)) + spread * truth.gain * value
  );
  const weight = x.map(() => whole(random, 1, 4));
  return { x, y, weight };
}

const parameters = (
  { floor, gain, centre, width }: OutputNonlinearity,
): number[] => [floor, gain, centre, width];

function errorOf(
  { x, y, weight }: Points,
  curve: OutputNonlinearity,
): number {
  return y.reduce((sum, value, i) => {
    const rest = value - nonlinearOutput(curve, itemAt(x, i));
    return sum + itemAt(weight, i) * rest ** 2;
  }, 0);
}

for (const truth of TRUTHS) {
  const name = `${truth.kind} around ${truth.centre}`;

  Deno.test(`fitCurve: ${name} without noise comes back`, () => {
    const found = fitCurve(points(truth, 0), truth.kind);
    assert(found !== undefined);
    assertEquals(found.kind, truth.kind);
    assertClose(parameters(found), parameters(truth), 1e-6);
  });

  Deno.test({
    name: `fitCurve: ${name} with noise, as SciPy`,
    ignore: !hasScipy,
    fn: async () => {
      const given = points(truth, 0.1);
      const found = fitCurve(given, truth.kind);
      assert(found !== undefined);
      const child = new Deno.Command(python, {
        args: [decodeURIComponent(script)],
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      const lists = Object.entries(given).map((
        [key, list],
      ) => [key, [...list]]);
      const input = {
        ...Object.fromEntries(lists),
        kind: truth.kind,
        start: parameters(truth),
      };
      await writer.write(new TextEncoder().encode(JSON.stringify(input)));
      await writer.close();
      const { stdout } = await child.output();
      const expected: { error: number; parameters: number[] } = JSON.parse(
        new TextDecoder().decode(stdout),
      );
      const error = errorOf(given, found);
      assert(error <= expected.error * (1 + 1e-9), `${error}`);
      // Near the least error, a relative 1e-9 of it is 1e-4 of a parameter.
      assertClose(parameters(found), expected.parameters, 1e-4);
    },
  });
}

Deno.test("fitCurve: is never worse than a line's best flat end", () => {
  const random = seeded(3);
  const x = noise(500, random);
  const y = noise(500, random);
  const weight = x.map(() => 1);
  const mean = y.reduce((a, b) => a + b) / 500;
  const flat = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  for (const kind of ["softplus", "sigmoid"] satisfies NonlinearityKind[]) {
    const found = fitCurve({ x, y, weight }, kind);
    assert(found !== undefined);
    assert(parameters(found).every(Number.isFinite), String(parameters(found)));
    assert(errorOf({ x, y, weight }, found) <= flat * (1 + 1e-12));
  }
});

Deno.test("fitCurve: too few points, equal predictions, a constant response", () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values);
  const ones = of(1, 1, 1, 1);
  assertEquals(
    fitCurve(
      { x: of(1, 2, 3), y: of(1, 2, 3), weight: of(1, 1, 1) },
      "sigmoid",
    ),
    undefined,
  );
  assertEquals(
    fitCurve({ x: ones, y: of(1, 2, 3, 4), weight: ones }, "softplus"),
    undefined,
  );
  const flat = fitCurve(
    { x: of(1, 2, 3, 4), y: ones, weight: ones },
    "softplus",
  );
  assert(flat !== undefined);
  for (const x of [1, 2, 3, 4]) {
    assertClose([nonlinearOutput(flat, x)], [1], 1e-9);
  }
});
