/** What Adam keeps between steps. */
export interface AdamState {
  /** Steps made. */
  readonly steps: number;
  /** Mean gradient of each array of weights. */
  readonly first: readonly Float64Array[];
  /** Mean square of it. */
  readonly second: readonly Float64Array[];
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const LEAST = 1e-8;

/** The state before the first step, for arrays of these lengths. */
export function adamStart(lengths: readonly number[]): AdamState {
  const zeros = (): Float64Array[] =>
    lengths.map((length) => new Float64Array(length));
  return { steps: 0, first: zeros(), second: zeros() };
}

/**
 * One step of Adam (Kingma and Ba 2015), with their constants. TensorFlow.js has
 * it, too, but keeps products of the decays that it restores to other last
 * digits: a resumed run would go another way.
 *
 * @returns New weights, and the state for the next step.
 */
export function adamStep(
  weights: readonly Float32Array[],
  gradients: readonly Float32Array[],
  { steps, first, second }: AdamState,
  rate: number,
): { weights: Float32Array[]; state: AdamState } {
  const state = {
    steps: steps + 1,
    first: first.map((mean, i) =>
      mean.map((m, j) => FIRST_DECAY * m + (1 - FIRST_DECAY) * gradients[i][j])
    ),
    second: second.map((mean, i) =>
      mean.map((m, j) =>
        SECOND_DECAY * m + (1 - SECOND_DECAY) * gradients[i][j] ** 2
      )
    ),
  };
  const firstScale = 1 - FIRST_DECAY ** state.steps;
  const secondScale = 1 - SECOND_DECAY ** state.steps;
  const stepped = weights.map((own, i) =>
    own.map((weight, j) => {
      const slope = state.first[i][j] / firstScale;
      const spread = Math.sqrt(state.second[i][j] / secondScale);
      return weight - rate * slope / (spread + LEAST);
    })
  );
  return { weights: stepped, state };
}
