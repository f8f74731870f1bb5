import { crcnsAc1Pipeline, shard, wehr } from "rxephys";
import { toShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";

const [data = "", place = ""] = Deno.args;
await lastValueFrom(
  wehr(data).pipe(
    crcnsAc1Pipeline(),
    shard({ index: 0, count: 8 }),
    toShards(place),
  ),
);
