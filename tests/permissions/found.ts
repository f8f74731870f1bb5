import { crcnsAc1Pipeline, toDataset, wehr, wingert2026Cells } from "rxephys";
import { lastValueFrom } from "rxjs";

console.log(
  String(await lastValueFrom(wehr().pipe(crcnsAc1Pipeline(), toDataset()))),
);
console.log((await wingert2026Cells()).length);
