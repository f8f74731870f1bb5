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
]);
