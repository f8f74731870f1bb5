import { crcnsAc1Pipeline } from "rxephys";
import { operatorCases } from "./_operator_cases.ts";

operatorCases("crcnsAc1Pipeline", () => crcnsAc1Pipeline(), [
  {
    call: () => crcnsAc1Pipeline({ medianMs: 0 }),
    error: RangeError,
    message: "Cannot detrend: medianMs is 0",
  },
  {
    call: () => crcnsAc1Pipeline({ dtMs: 0 }),
    error: RangeError,
    message: "Cannot bin: dtMs is 0",
  },
  {
    call: () => crcnsAc1Pipeline({ stimuli: "sound" as "waveform" }),
    error: TypeError,
    message: "Cannot run the pipeline: stimuli is sound, " +
      "expected spectrogram or waveform",
  },
  {
    call: () => crcnsAc1Pipeline({ stimuli: "waveform", dtMs: 3.3 }),
    error: RangeError,
    message: "Cannot mask: audioRateHz is 96000, expected a whole number of " +
      "samples in bins of 3.3 ms, not 316.8",
  },
]);
