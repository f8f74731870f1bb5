/** State of Adam between steps. */
export interface AdamState {
  /** Number of steps so far. */
  readonly steps: number;
  /** Running mean of the gradient, per array of weights. */
  readonly first: readonly Float64Array[];
  /** Running mean of its square. */
  readonly second: readonly Float64Array[];
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const LEAST = 1e-8;

/** State before the first step, for arrays of the given lengths. */
export function adamStart(lengths: readonly number[]): AdamState {
  const zeros = (): Float64Array[] =>
    lengths.map((length) => new Float64Array(length));
  return { steps: 0, first: zeros(), second: zeros() };
}

/**
 * Makes one step of Adam (Kingma and Ba 2015) with the constants of the paper.
 * TensorFlow.js has Adam, too, but restores its products of decays to other last
 * digits, so a resumed run would give other numbers.
 *
 * @returns New weights and the state for the next step.
 */
export function adamStep(
  weights: readonly Float32Array[],
  gradients: readonly Float32Array[],
  { steps, first, second }: AdamState,
  rate: number,
): { weights: Float32Array[]; state: AdamState } {
  const state = {
    steps: steps + 1,
    first: first.map((means, i) =>
      means.map((mean, j) => {
        const gradient = gradients[i]?.[j] as number;
        return FIRST_DECAY * mean + (1 - FIRST_DECAY) * gradient;
      })
    ),
    second: second.map((means, i) =>
      means.map((mean, j) => {
        const gradient = gradients[i]?.[j] as number;
        return SECOND_DECAY * mean + (1 - SECOND_DECAY) * gradient ** 2;
      })
    ),
  };
  const firstScale = 1 - FIRST_DECAY ** state.steps;
  const secondScale = 1 - SECOND_DECAY ** state.steps;
  const stepped = weights.map((own, i) =>
    own.map((weight, j) => {
      const [first, second] = [state.first[i]?.[j], state.second[i]?.[j]];
      const slope = first as number / firstScale;
      const spread = Math.sqrt(second as number / secondScale);
      return weight - rate * slope / (spread + LEAST);
    })
  );
  return { weights: stepped, state };
}
