import { crcnsAc1, crcnsAc1Pipeline, toDataset } from "rxephys";
import { lastValueFrom } from "rxjs";

const [data] = Deno.args;
const chain = crcnsAc1Pipeline({ parallel: 2 });
console.log(
  String(await lastValueFrom(crcnsAc1(data).pipe(chain, toDataset()))),
);
