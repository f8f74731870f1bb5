import { bin, detrend, gate, mapResponses, mask, type Session } from "rxephys";
import { signal, spectrogram, wehr } from "rxephys";
import type { Observable } from "rxjs";
import { AC1_TINY } from "../../support/golden/golden_ac1.ts";

/** A chain that contains a function. */
export default function chain(): Observable<Session> {
  return wehr(AC1_TINY).pipe(
    detrend(),
    gate(),
    signal(),
    mapResponses((response) => ({
      ...response,
      repeats: response.repeats.map((repeat) =>
        Float64Array.from(repeat, (mv) => Math.max(mv, 0))
      ),
    })),
    bin(),
    spectrogram(),
    mask(),
  );
}
