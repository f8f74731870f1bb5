/**
 * Adds two operators to a chain: one removes the mains hum from every repeat, the
 * other drops responses with a single repeat.
 *
 * Run: `deno run -A examples/custom_operator.ts --help`
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
import { filter, lastValueFrom } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { findAc1 } from "./_find_ac1.ts";
import { parseFlags } from "./_flags.ts";

const flags = parseFlags({
  usage: "deno run -A examples/custom_operator.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with the AC1 zips, or extracted" },
    hum: { value: "HZ", about: "mains frequency in Hz", number: 60 },
    from: { value: "YEAR", about: "first year to use", number: 2002 },
  },
}, Deno.args);

exitOnError();
const sessions = wehr(await findAc1(flags.data));
const dataset = await lastValueFrom(
  sessions.pipe(
    filter(({ cells: [cell] }) =>
      Number(cell?.date?.slice(0, 4)) >= flags.from
    ),
    detrend(),
    mapResponses((response) => withoutHum(response, flags.hum)),
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
      for (let i = 0; i < repeat.length; i++) {
        real += (repeat[i] as number) * Math.cos(step * i);
        imaginary += (repeat[i] as number) * Math.sin(step * i);
      }
      const a = 2 * real / repeat.length;
      const b = 2 * imaginary / repeat.length;
      return Float64Array.from(
        repeat,
        (mv, i) => mv - a * Math.cos(step * i) - b * Math.sin(step * i),
      );
    }),
  };
}
