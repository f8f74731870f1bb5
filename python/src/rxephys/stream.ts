/**
 * Streams a data set as NDJSON to the standard output, for the Python package:
 * `deno run -A stream.ts REQUEST INDEX/COUNT`. REQUEST is JSON with `dataset`,
 * `data`, `source` and `chain`: the arguments of a source and of its standard
 * chain. Of COUNT processes, each streams every COUNT-th session.
 */
import {
  asari,
  crcnsAc1,
  crcnsAc1Pipeline,
  type Session,
  shard,
  toNdjson,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom, type Observable } from "rxjs";

interface StreamRequest {
  readonly dataset: string;
  readonly data?: string;
  readonly source?: object;
  readonly chain?: object;
}

const [text = "{}", share = "0/1"] = Deno.args;
const [index = NaN, count = NaN] = share.split("/").map(Number);
const stream = open(JSON.parse(text)).pipe(
  // Behind the chain, whose statistics cover all sessions.
  shard({ index, count }),
  toNdjson(Deno.stdout.writable),
);
await lastValueFrom(stream);

function open(
  { dataset, data, source, chain }: StreamRequest,
): Observable<Session> {
  switch (dataset) {
    case "wehr":
      return wehr(data, source).pipe(crcnsAc1Pipeline(chain));
    case "asari":
      return asari(data, source).pipe(crcnsAc1Pipeline(chain));
    case "crcnsAc1":
      return crcnsAc1(data, source).pipe(crcnsAc1Pipeline(chain));
    case "wingert2026":
      return wingert2026(data, source).pipe(wingert2026Pipeline(chain));
    default:
      throw new RangeError(
        `Cannot stream: dataset is ${dataset}, expected wehr, asari, crcnsAc1 or ` +
          "wingert2026",
      );
  }
}
