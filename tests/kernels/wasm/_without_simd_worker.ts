/// <reference lib="webworker" />

/** Task of the worker: the feature to disable and the input. */
export interface WithoutSimd {
  readonly missing: "WebAssembly" | "SIMD" | "nothing";
  readonly repeats: readonly Float64Array[];
}

/** Results of the worker. */
export interface WithoutSimdReply {
  /** Kernels that ran a WebAssembly module. */
  readonly onWasm: readonly string[];
  readonly levels: Float32Array;
  readonly medians: Float64Array;
  readonly smooth: Float64Array;
  readonly correlations: Float64Array;
  readonly mapped: Float32Array;
}

self.onmessage = async ({ data }: MessageEvent<WithoutSimd>): Promise<void> => {
  if (data.missing === "WebAssembly") {
    Reflect.deleteProperty(self, data.missing);
  } else if (data.missing === "SIMD") {
    WebAssembly.validate = (): boolean => false;
  }
  self.postMessage(await compute(data.repeats));
};

// Imports late, because a kernel checks for features once, when it loads.
async function compute(
  repeats: readonly Float64Array[],
): Promise<WithoutSimdReply> {
  const { logSpectrogram } = await import(
    "../../../src/kernels/spectrogram/log_spectrogram.ts"
  );
  const { medianFilter } = await import(
    "../../../src/kernels/median/median_filter.ts"
  );
  const { gaussianFilter1d } = await import(
    "../../../src/kernels/gaussian/gaussian_filter.ts"
  );
  const { leaveOneOutCorrelation } = await import(
    "../../../src/kernels/gate/leave_one_out.ts"
  );
  const { logBandsScaled } = await import(
    "../../../src/kernels/ranges/ranges.ts"
  );
  const first = repeats[0] as Float64Array;
  return {
    onWasm: await onWasm(repeats),
    levels: logSpectrogram(first, 44_100, 5, 10, 100, 20_000, 6),
    medians: medianFilter(first, 400),
    smooth: gaussianFilter1d(first, 40),
    correlations: leaveOneOutCorrelation(repeats),
    mapped: logBandsScaled(
      Float32Array.from(first, Math.abs),
      [[0, 2]],
      0.1,
      () => {},
    ),
  };
}

async function onWasm(repeats: readonly Float64Array[]): Promise<string[]> {
  const { hasSimd } = await import(
    "../../../src/kernels/spectrogram/_frame_sums_simd.ts"
  );
  const { rankMedians } = await import(
    "../../../src/kernels/median/_rank_medians_simd.ts"
  );
  const { simdOverlapSave } = await import(
    "../../../src/kernels/gaussian/_overlap_save_simd.ts"
  );
  const { simdLeaveOneOutSums } = await import(
    "../../../src/kernels/gate/_leave_one_out_simd.ts"
  );
  const { simdExtended } = await import(
    "../../../src/kernels/ranges/_ranges_simd.ts"
  );
  const x = repeats[0] as Float64Array;
  const ran = {
    frames: hasSimd,
    medians: rankMedians(x, 400, x.slice()),
    overlapSave: simdOverlapSave(x, Float64Array.of(1)) !== undefined,
    ranges: simdExtended([0, 0], Float32Array.of(1)) !== undefined,
    leaveOneOut: simdLeaveOneOutSums(repeats, 3) !== undefined,
  };
  return Object.entries(ran).filter(([, did]) => did).map(([name]) => name);
}
