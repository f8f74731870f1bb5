import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys";

const [out] = Deno.args;
await writeSyntheticAc1(`${out}/ac1`);
await writeSyntheticWingert(`${out}/wingert`);
