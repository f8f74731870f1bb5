import { crcnsAc1Pipeline, wehr } from "rxephys";
import { firstValueFrom } from "rxjs";

const [data] = Deno.args;
const session = await firstValueFrom(
  wehr(data).pipe(crcnsAc1Pipeline({ parallel: 2 })),
);
const [presentation] = await session.presentations();
await presentation.read();
console.log("done");
