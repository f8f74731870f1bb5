import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";

const [out] = Deno.args;
await writeSyntheticAc1(`${out}/ac1`);
await writeSyntheticWingert(`${out}/wingert`);
