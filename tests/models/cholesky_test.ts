import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { factor, solveFactored } from "../../src/models/_cholesky.ts";
import { assertEquals } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { noise, seeded } from "../support/sessions/traces.ts";

function definite(n: number, random: () => number): Matrix {
  const rows = Array.from({ length: n }, () => [...noise(n + 2, random)]);
  const matrix = new Matrix(rows);
  return matrix.mmul(matrix.transpose()).add(Matrix.eye(n, n));
}

Deno.test("factor and solveFactored: as ml-matrix, around the size of a panel", () => {
  const random = seeded(1);
  for (const n of [1, 2, 3, 5, 63, 64, 65, 67, 130, 201]) {
    const matrix = definite(n, random);
    const values = Float64Array.from(matrix.to1DArray());
    const sides = Array.from({ length: n % 7 + 1 }, () => noise(n, random));
    const copies = structuredClone(sides);
    assertEquals(factor(values, n), true);
    const solutions = solveFactored(values, n, sides);
    assertEquals(sides, copies);
    const reference = new CholeskyDecomposition(matrix);
    for (const [i, side] of sides.entries()) {
      const expected = reference.solve(Matrix.columnVector(side)).getColumn(0);
      // The condition is below 1e4.
      assertWithin(solutions[i] ?? [], expected, 1e-10, `n = ${n}`);
    }
  }
});

Deno.test("factor: refuses what is not positive definite", () => {
  const zero = new Float64Array(1);
  assertEquals(factor(zero, 1), false);
  assertEquals(factor(Float64Array.of(1, 2, 2, 1), 2), false);
  assertEquals(factor(Float64Array.of(1, 1, 1, 1), 2), false);
  assertEquals(factor(Float64Array.of(NaN), 1), false);
  const n = 100;
  const late = Float64Array.from(
    { length: n * n },
    (_, i) => i % (n + 1) === 0 ? (i === n * n - 1 ? -1 : 1) : 0,
  );
  assertEquals(factor(late, n), false);
});
