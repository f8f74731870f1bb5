/**
 * Streams noise as NDJSON to the standard output, and prints the number of
 * presentations read so far to the standard error: `noise_stream.ts PRESENTATIONS`.
 * The last line is the peak resident memory in bytes.
 */
import { toNdjson } from "rxephys";
import { lastValueFrom } from "rxjs";
import { peakRss } from "../../tests/support/peak_rss.ts";
import { noiseSessions } from "../../tests/support/sessions/noise_sessions.ts";

const line = new TextEncoder().encode("read\n");
const sessions = noiseSessions({
  sessions: 1,
  presentations: Number(Deno.args[0]),
  ...{ cells: 1, repeats: 10, bands: 1, bins: 50_000 },
  onRead: () => Deno.stderr.writeSync(line),
});
await lastValueFrom(sessions.pipe(toNdjson(Deno.stdout.writable)));
console.error(peakRss());
