/// <reference lib="webworker" />

/** What the worker is to live without, and what it is to compute. */
export interface WithoutSimd {
  readonly missing: "WebAssembly" | "SIMD";
  readonly samples: Float64Array;
  readonly settings: readonly [number, number, number, number, number, number];
}

/** What it computed, and by how many frames at a time. */
export interface WithoutSimdReply {
  readonly lanes: number;
  readonly levels: Float32Array;
}

self.onmessage = async ({ data }: MessageEvent<WithoutSimd>): Promise<void> => {
  if (data.missing === "WebAssembly") {
    Reflect.deleteProperty(self, data.missing);
  } else WebAssembly.validate = (): boolean => false;
  self.postMessage(await compute(data));
};

// Imported only now: the kernel looks once, when it is loaded.
async function compute(
  { samples, settings }: WithoutSimd,
): Promise<WithoutSimdReply> {
  const { bandTables } = await import(
    "../../../src/operators/kernels/_band_tables.ts"
  );
  const { frameSums } = await import(
    "../../../src/operators/kernels/_frame_sums.ts"
  );
  const { logSpectrogram } = await import(
    "../../../src/operators/kernels/log_spectrogram.ts"
  );
  const { lanes } = frameSums(bandTables(20, 1000, 100, 400, 6));
  return { lanes, levels: logSpectrogram(samples, ...settings) };
}
