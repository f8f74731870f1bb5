/**
 * Writes noise: `write_process.ts FORMAT PATH SIZE OPTIONS [normalize]`. Prints a line
 * for each presentation, then {@linkcode WriteFigures} as JSON.
 */
import { normalize } from "rxephys";
import { lastValueFrom } from "rxjs";
import { peakRss } from "../peak_rss.ts";
import { FILE_SINKS } from "./file_sinks.ts";
import { noiseSessions, type NoiseSize } from "./noise_sessions.ts";
import { itemAt } from "../item_at.ts";

/** Time and memory of a run. */
export interface WriteFigures {
  readonly bytes: number;
  readonly seconds: number;
  /** Peak resident memory in bytes. */
  readonly peakRss: number;
}

type FourTexts = [string, string, string, string];

if (import.meta.main) {
  const [format, path, size, options] = Deno.args as FourTexts;
  const isNormalized = Deno.args[4] === "normalize";
  const line = new TextEncoder().encode("read\n");
  const sessions = noiseSessions({
    ...JSON.parse(size) as NoiseSize,
    onRead: () => Deno.stdout.writeSync(line),
  });
  const started = performance.now();
  const sink = itemAt(FILE_SINKS, format)(path, JSON.parse(options));
  const method = isNormalized ? "global" : "none";
  const writing = sessions.pipe(normalize({ method }), sink);
  const { bytes } = await lastValueFrom(writing);
  const figures: WriteFigures = {
    bytes,
    seconds: (performance.now() - started) / 1000,
    peakRss: peakRss(),
  };
  console.log(JSON.stringify(figures));
}
