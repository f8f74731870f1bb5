import { crcnsAc1Pipeline, wehr } from "rxephys";
import { itemAt } from "../../support/item_at.ts";
import { firstValueFrom } from "rxjs";

const [data] = Deno.args;
const session = await firstValueFrom(
  wehr(data).pipe(crcnsAc1Pipeline({ parallel: 2 })),
);
const presentation = itemAt(await session.presentations(), 0);
await presentation.read();
console.log("done");
