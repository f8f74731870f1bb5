/**
 * Writes binned sessions as NDJSON to the standard output, for another program
 * such as `DenoStream` of the Python package. It waits for a slow reader, and ends
 * when the reader closes the pipe.
 *
 * Run: `deno run -A examples/stream_ndjson.ts [SOURCE [DATA [DT_MS]]]`, where SOURCE
 * is wehr, asari or wingert2026.
 */
import * as rx from "rxephys";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const [source = "wehr", given, dt = "5"] = Deno.args;
const dataset = source === "wingert2026" ? source : "crcns-ac1";
const data = await exampleData(dataset, given);
const ac1 = rx.crcnsAc1Pipeline({ dtMs: Number(dt) });
const sessions = {
  wehr: () => rx.wehr(data).pipe(ac1),
  asari: () => rx.asari(data).pipe(ac1),
  wingert2026: () => rx.wingert2026(data).pipe(rx.wingert2026Pipeline()),
}[source];
if (sessions === undefined) {
  throw new RangeError(
    `SOURCE is ${source}, expected wehr, asari, wingert2026`,
  );
}
await lastValueFrom(sessions().pipe(rx.toNdjson(Deno.stdout.writable)));
