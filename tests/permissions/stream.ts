import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
import { lastValueFrom } from "rxjs";

const [address] = Deno.args;
console.log(
  String(
    await lastValueFrom(wehr(address).pipe(crcnsAc1Pipeline(), toDataset())),
  ),
);
