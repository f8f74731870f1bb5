import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
import { lastValueFrom } from "rxjs";

const [data] = Deno.args;
await lastValueFrom(
  wehr(data).pipe(crcnsAc1Pipeline({ parallel: 2 }), toDataset()),
);
console.log("done");
