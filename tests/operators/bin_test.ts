import {
  bin,
  type BinReduction,
  detrend,
  gate,
  mapResponses,
  mask,
  spectrogram,
} from "rxephys";
import { lastValueFrom, of, toArray } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("bin", () => bin(), [{
  call: () => bin({ dtMs: 0 }),
  error: RangeError,
  message: "Cannot bin: dtMs is 0, expected a number above 0, at most 10000",
}]);

const session = fakeSession("s", [{}], [{
  key: "a",
  durationMs: 11,
  waveform: new Int16Array(1),
  repeats: [[
    Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99),
    Int16Array.of(4, 8),
  ]],
}], { scale: 0.5 });

Deno.test("bin: averages whole blocks in the unit and sets the new rate", async () => {
  const [binned] = await pass(bin({ dtMs: 5 }), session);
  const presentation = itemAt(await binned.presentations(), 0);
  const { responses } = await presentation.read();
  assertEquals(responses[0], {
    kind: "raw",
    scale: 1,
    rateHz: 200,
    dtMs: 5,
    repeats: [Float64Array.of(1.5, 4), Float64Array.of(3)],
  });
});

Deno.test("bin: other operators preserve a presentation's bin width", async () => {
  const sessions = await lastValueFrom(
    of(session).pipe(
      bin({ dtMs: 5 }),
      detrend(),
      gate(),
      spectrogram(),
      mapResponses((response) => response),
      mask(),
      toArray(),
    ),
  );
  const presentation = itemAt(await itemAt(sessions, 0).presentations(), 0);
  assertEquals(presentation.dtMs, 5);
  const [again] = await pass(bin({ dtMs: 10 }), itemAt(sessions, 0));
  assertEquals(itemAt(await again.presentations(), 0).dtMs, 10);
});

Deno.test("bin: refuses bins narrower than half a sample", async () => {
  const [binned] = await pass(bin({ dtMs: 0.4 }), session);
  const presentation = itemAt(await binned.presentations(), 0);
  await assertRejects(
    () => presentation.read(),
    RangeError,
    "Cannot bin: dtMs is 0.4, expected 0.5 to 10000",
  );
});

Deno.test("bin: sums the samples of a bin, also per second", async () => {
  const spikes = fakeSession("s", [{}], [{
    key: "a",
    durationMs: 10,
    waveform: Float64Array.of(0),
    repeats: [[Float64Array.of(1, 0, 0, 1, 1, 0, 1, 0, 0, 0)]],
  }]);
  const read = async (reduce: BinReduction): Promise<unknown> => {
    const [named] = await pass(
      mapResponses((response) => ({ ...response, unit: "spikes" })),
      spikes,
    );
    const [binned] = await pass(bin({ dtMs: 3, reduce }), named);
    const presentation = itemAt(await binned.presentations(), 0);
    const { responses: [response] } = await presentation.read();
    return [response?.unit, response?.repeats.map((x) => [...x])];
  };
  assertEquals(await read("sum"), ["spikes", [[1, 2, 1]]]);
  assertEquals(await read("mean"), ["spikes", [[1 / 3, 2 / 3, 1 / 3]]]);
  const third = 1 / (3 / 1000);
  assertEquals(await read("rate"), ["spikes/s", [[third, 2 * third, third]]]);
  assertThrows(
    () => bin({ reduce: "median" as BinReduction }),
    TypeError,
    'Cannot bin: reduce is "median", expected mean, sum or rate',
  );
});
