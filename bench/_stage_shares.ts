/** Part of a Chrome CPU profile. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Stages by the file of the innermost frame. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [
    /archive\/zip\/_(directory|central|entries|end)|archive\/mount/,
    "list members",
  ],
  [/src\/archive\//, "members: read, inflate, CRC"],
  [/crcns_ac1\/_stimulus_(index|descriptions).*\.ts/, "index: MAT, inflate"],
  [/crcns_ac1\/_stimulus.*\.ts/, "stimuli: MAT, inflate"],
  [/crcns_ac1\/_(wehr_session|trace)\.ts/, "trials: MAT, inflate"],
  [/kernels\/spectrogram\//, "spectrogram"],
  [/kernels\/gate\//, "gate"],
  [/kernels\/median\//, "median"],
  [/kernels\/gaussian\//, "gaussian"],
  [/kernels\/medgauss_detrend\.ts/, "detrend, the rest"],
  [/kernels\/block_means\.ts/, "bin"],
  [/operators\/(mask|_aligned_stimulus)\.ts/, "mask"],
  [/src\/sinks\//, "sink"],
];
/** Names of V8 for entries that are no functions. */
const OWN_NAMES = new Map([
  ["(garbage collector)", "garbage collection"],
  ["(idle)", "waiting"],
]);
const REST = "start, modules, the rest";

/** Share of the samples in each stage, greatest first. */
export function stageShares(profile: CpuProfile): [string, number][] {
  const parents = new Map<number, number>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const { id, children = [] } of profile.nodes) {
    for (const child of children) parents.set(child, id);
  }
  const stages = new Map<number, string>();
  const stageOf = (id: number): string => {
    const known = stages.get(id);
    if (known !== undefined) return known;
    const { functionName, url } = nodes.get(id)?.callFrame ??
      { functionName: "", url: "" };
    const own = OWN_NAMES.get(functionName) ??
      STAGES.find(([pattern]) => pattern.test(url))?.[1];
    const parent = parents.get(id);
    const stage = own ?? (parent === undefined ? REST : stageOf(parent));
    stages.set(id, stage);
    return stage;
  };
  const times = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, i) => {
    const stage = stageOf(id);
    times.set(
      stage,
      (times.get(stage) ?? 0) + (profile.timeDeltas[i] as number),
    );
    total += profile.timeDeltas[i] as number;
  });
  return [...times]
    .map(([stage, time]): [string, number] => [stage, time / total])
    .sort(([, a], [, b]) => b - a);
}
