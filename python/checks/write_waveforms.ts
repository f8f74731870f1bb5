/**
 * Makes up a release of Wingert et al. 2026 with its sounds, and writes it with
 * waveforms as stimuli: `write_waveforms.ts FOLDER FILE.safetensors`.
 */
import { mask, toSafetensors, wingert2026, wingert2026Pipeline } from "rxephys";
import { writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const [folder = "", file = ""] = Deno.args;
await writeSyntheticWingert(folder, { sounds: true });
await lastValueFrom(
  wingert2026(folder, { stimuli: "waveform", site: "CLT027c" }).pipe(
    wingert2026Pipeline(),
    mask({ audioRateHz: 44_100 }),
    toSafetensors(file),
  ),
);
