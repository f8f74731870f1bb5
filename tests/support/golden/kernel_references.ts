/** A trace with its parameters and the result of SciPy. */
export interface TraceReference<Output = readonly number[]> {
  readonly input: readonly number[];
  readonly output: Output;
}

/** References of `fixtures/kernels/make_kernels.py`. */
export interface KernelReferences {
  readonly hannSmooth:
    readonly (TraceReference & { readonly points: number })[];
  readonly gaussianFilter1d: readonly (TraceReference & {
    readonly sigma: number;
    readonly truncate: number;
  })[];
  readonly stepFraction: readonly (TraceReference<number> & {
    readonly rateHz: number;
    readonly stepMv: number;
    readonly smoothMs: number;
  })[];
  /** Traces far shorter than the median window; NumPy's padding, not SciPy's. */
  readonly farReflected: readonly (TraceReference & {
    readonly size: number;
    readonly rateHz: number;
    readonly medianMs: number;
    readonly gaussMs: number;
    readonly median: readonly number[];
  })[];
  readonly gateReasons: readonly {
    readonly rateHz: number;
    readonly input: readonly (readonly number[])[];
    readonly correlations: readonly number[];
    readonly output: readonly string[];
  }[];
}

/** Reads the references. */
export function kernelReferences(): KernelReferences {
  const file = new URL("../../fixtures/kernels/kernels.json", import.meta.url);
  return JSON.parse(Deno.readTextFileSync(file));
}
