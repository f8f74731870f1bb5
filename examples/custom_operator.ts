/**
 * Adds two operators to a chain: one removes the mains hum from every repeat, the
 * other drops responses with a single repeat.
 *
 * Run: `deno run -A examples/custom_operator.ts [DATA]`
 */
import {
  bin,
  type CellResponse,
  detrend,
  gate,
  mapResponses,
  mask,
  signal,
  spectrogram,
  toDataset,
  wehr,
} from "rxephys";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const dataset = await lastValueFrom(
  wehr(await exampleData("crcns-ac1", Deno.args[0])).pipe(
    detrend(),
    mapResponses((response) => withoutHum(response, 60)),
    gate(),
    mapResponses(({ repeats, ...rest }) =>
      repeats.length >= 2 ? { ...rest, repeats } : null
    ),
    signal(),
    bin({ dtMs: 5 }),
    spectrogram({ dtMs: 5 }),
    mask(),
  ).pipe(toDataset()), // TypeScript follows nine operators in a pipe
);
console.log(String(dataset));
console.log("repeats:", dataset.tally);

/** Subtracts the sinusoid at `humHz` that fits each repeat best. */
function withoutHum(response: CellResponse, humHz: number): CellResponse {
  const step = 2 * Math.PI * humHz / response.rateHz;
  return {
    ...response,
    repeats: response.repeats.map((repeat) => {
      let [real, imaginary] = [0, 0];
      for (const [i, mv] of repeat.entries()) {
        real += mv * Math.cos(step * i);
        imaginary += mv * Math.sin(step * i);
      }
      const [a, b] = [real, imaginary].map((sum) => 2 * sum / repeat.length);
      return Float64Array.from(
        repeat,
        (mv, i) =>
          mv - (a ?? 0) * Math.cos(step * i) - (b ?? 0) * Math.sin(step * i),
      );
    }),
  };
}
