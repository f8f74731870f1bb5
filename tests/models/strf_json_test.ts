import { FormatError } from "rxephys";
import { StrfFit, type StrfJson } from "rxephys/models";
import { assertEquals, assertThrows } from "../support/assert.ts";

const JSON_OF_FIT: StrfJson = {
  format: "rxephys-strf",
  version: 1,
  dtMs: 5,
  bandsHz: [100, 200],
  cells: [{
    index: 3,
    cell: { cellId: "a", depth: 12 },
    label: "a",
    weights: [[0.5, -1, 0.25], [2, 0, Math.fround(0.1)]],
    offset: 0.1,
    ridge: 0.3,
    valFve: null,
    means: [40.1, 50],
    deviations: [3, 4.5],
    nonlinearity: {
      kind: "sigmoid",
      floor: 0,
      gain: 1,
      centre: 0.5,
      width: 2,
    },
  }],
};

Deno.test("StrfFit: JSON and back, to the last bit", () => {
  const fit = StrfFit.fromJson(JSON_OF_FIT);
  assertEquals(fit.toJson(), JSON_OF_FIT);
  assertEquals(
    StrfFit.fromJson(JSON.parse(JSON.stringify(fit))).cells,
    fit.cells,
  );
  assertEquals([fit.bands, fit.lags, fit.dtMs], [2, 3, 5]);
  assertEquals(fit.cells[0]?.peak, { band: 1, lag: 0, hz: 200, ms: 0 });
});

Deno.test("StrfFit.fromJson: refuses what is no fit, by name", () => {
  const [cell] = JSON_OF_FIT.cells;
  const withCell = (more: object): object => ({
    ...JSON_OF_FIT,
    cells: [{ ...cell, ...more }],
  });
  for (
    const [json, message] of [
      [null, "fit is null, expected an object"],
      [[], "fit is a list, expected an object"],
      [{}, "format is undefined undefined, expected rxephys-strf 1"],
      [{ ...JSON_OF_FIT, dtMs: 0 }, "dtMs is 0, expected a number above 0"],
      [{ ...JSON_OF_FIT, cells: [] }, "cells is empty, expected at least one"],
      [
        { ...JSON_OF_FIT, bandsHz: [100] },
        "number of bands of cells[0] is 2, expected 1",
      ],
      [withCell({ label: 1 }), "cells[0].label is 1, expected a text"],
      [
        withCell({ index: 0.5 }),
        "cells[0].index is 0.5, expected a whole number",
      ],
      [
        withCell({ weights: [[1], [1, 2]] }),
        "cells[0].weights is ragged or empty, expected (F, L)",
      ],
      [
        withCell({ weights: [[1], ["x"]] }),
        "cells[0].weights[1][0] is x, expected a finite number",
      ],
      [
        withCell({ deviations: [1, 0] }),
        "cells[0].deviations[1] is 0, expected a number above 0",
      ],
      [
        withCell({ ridge: -1 }),
        "cells[0].ridge is -1, expected a number, at least 0",
      ],
      [
        withCell({ nonlinearity: { kind: "relu" } }),
        "cells[0].nonlinearity.kind is relu, expected softplus or sigmoid",
      ],
      [
        { ...JSON_OF_FIT, cells: [cell, { ...cell, weights: [[1], [2]] }] },
        "shape of cells[1].weights is 2,1, expected 2,3 as cells[0]",
      ],
    ] as const
  ) {
    assertThrows(
      () => StrfFit.fromJson(json),
      FormatError,
      `Cannot read fit: ${message}`,
    );
  }
});
