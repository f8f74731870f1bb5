/**
 * Writes binned sessions as NDJSON to the standard output, for another program
 * such as `examples/python/rxephys_stream.py`. It waits for a slow reader, and ends
 * when the reader closes the pipe.
 *
 * Run: `deno run -A examples/stream_ndjson.ts --help`
 */
import {
  asari,
  crcnsAc1Pipeline,
  type Session,
  toNdjson,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom, type Observable } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { findAc1 } from "./_find_ac1.ts";
import { findWingert2026 } from "./_find_wingert2026.ts";
import { parseFlags } from "./_flags.ts";
import { showProgress } from "./_progress.ts";

const flags = parseFlags({
  usage: "deno run -A examples/stream_ndjson.ts [flags]",
  flags: {
    dataset: { value: "NAME", about: "wehr (default), asari or wingert2026" },
    data: { value: "DIR", about: "folder with the data set" },
    dt: { value: "MS", about: "bin width in ms, for AC1", number: 5 },
  },
}, Deno.args);

exitOnError();
const { dataset = "wehr" } = flags;
const open = {
  wehr: async () => ac1(wehr(await findAc1(flags.data))),
  asari: async () => ac1(asari(await findAc1(flags.data))),
  wingert2026: async () =>
    wingert2026(await findWingert2026(flags.data)).pipe(wingert2026Pipeline()),
}[dataset];
if (open === undefined) {
  throw new RangeError(
    `--dataset is "${dataset}", expected wehr, asari or wingert2026`,
  );
}
const progress = showProgress("sessions");
const sink = toNdjson(Deno.stdout.writable, { onProgress: progress.update });
await lastValueFrom((await open()).pipe(sink));
progress.done();

function ac1(sessions: Observable<Session>): Observable<Session> {
  return sessions.pipe(crcnsAc1Pipeline({ dtMs: flags.dt }));
}
