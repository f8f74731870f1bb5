import { contentSum } from "../../src/base/content_sum.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("contentSum: the same for the same content, another for any other", () => {
  const make = (): unknown => ({
    id: "x",
    list: [[1, 2], [], null],
    data: new Float32Array([1, 2]),
  });
  assertEquals(contentSum(make()), contentSum(make()));
  const values = [
    make(),
    ...[0, -0.5, "0", true, null, undefined, [], {}, "", [0], [[0]], { a: 0 }],
    ...[[1, 2], [2, 1], [[1], 2], [1, [2]], { a: 1, b: 2 }, { b: 2, a: 1 }],
    ...[new Float32Array(2), new Float32Array(3), new Int16Array(4)],
    ...[{ a: [] }, { a: {} }, { a: [null] }, ["a"], ["a", "b"], ["ab"]],
  ];
  assertEquals(new Set(values.map(contentSum)).size, values.length);
});

Deno.test("contentSum: a list of numbers counts as float64", () => {
  assertEquals(contentSum([1, 2]), contentSum(Float64Array.of(1, 2)));
});
