import type {
  SyntheticProgress,
  SyntheticResponse,
  SyntheticScale,
} from "../../synthetic/mod.ts";
import {
  writeSyntheticAc1,
  writeSyntheticWingert,
} from "../../synthetic/mod.ts";
import type { CommonFlags, Invocation } from "../shared/invocation.ts";
import { bytesText } from "../shared/text.ts";

interface SynthFlags extends CommonFlags {
  readonly seed?: number;
  readonly scale?: string;
  readonly response?: SyntheticResponse;
  readonly sounds?: boolean;
}

/** `rxephys synth`: a made-up data set in the published layout. */
export async function synth(
  invocation: Invocation,
  { seed, scale, response, sounds }: SynthFlags,
  [dataset = "", dir = ""]: readonly string[],
): Promise<void> {
  const isWingert = dataset === "wingert2026";
  const misplaced = isWingert
    ? response && ["--response", "crcns-ac1"]
    : sounds && ["--sounds", "wingert2026"];
  if (misplaced) {
    const [flag, other] = misplaced;
    throw new RangeError(
      `Cannot make up ${dataset}: ${flag} is given, expected it for ${other}`,
    );
  }
  const progress = invocation.progress("bytes");
  let bytes = 0;
  const options = {
    signal: invocation.signal,
    onProgress: (state: SyntheticProgress): void => {
      bytes = state.bytes;
      const total = Math.max(state.bytes, state.expectedBytes);
      progress.update({
        done: state.bytes,
        total,
        text: `${bytesText(state.bytes)} of ${bytesText(total)}`,
        detail: state.member,
      });
    },
    ...(seed !== undefined && { seed }),
    ...(scale !== undefined && { scale: scaleOf(scale) }),
  };
  try {
    if (isWingert) {
      const more = { ...(sounds !== undefined && { sounds }) };
      await writeSyntheticWingert(dir, { ...options, ...more });
    } else {
      await writeSyntheticAc1(dir, {
        ...options,
        ...(response && { response }),
      });
    }
  } finally {
    progress.end();
  }
  invocation.print(
    `Wrote ${dir} (${bytesText(bytes)}); truth.json holds the receptive fields`,
    { dataset, dir, bytes },
  );
}

function scaleOf(text: string): SyntheticScale | number {
  const number = text.trim() === "" ? NaN : Number(text);
  // A name that does not exist is refused by the writer.
  return Number.isFinite(number) ? number : text as SyntheticScale;
}
