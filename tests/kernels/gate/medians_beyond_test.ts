import { assertEquals } from "../../support/assert.ts";
import { plainMedianFilter } from "../../support/golden/plain.ts";
import { seeded, whole } from "../../support/sessions/traces.ts";
import { mediansBeyond } from "../../../src/kernels/gate/step_fraction.ts";

Deno.test("mediansBeyond counts the values that median smoothing puts beyond the levels", () => {
  const random = seeded(17);
  for (let round = 0; round < 500; round++) {
    const x = Float64Array.from(
      { length: whole(random, 1, 60) },
      () => whole(random, -4, 4),
    );
    const size = whole(random, 1, 25);
    const low = whole(random, -3, 0);
    const high = whole(random, 1, 3);
    const smooth = [...plainMedianFilter(x, size)];
    assertEquals(mediansBeyond(x, size, low, high), {
      below: smooth.filter((value) => value <= low).length,
      above: smooth.filter((value) => value >= high).length,
    }, `round ${round}`);
  }
});
