import {
  concatWith,
  defer,
  EMPTY,
  filter,
  type MonoTypeOperatorFunction,
  type Observable,
  tap,
  throwError,
} from "rxjs";
import { nearestName } from "../base/nearest.ts";
import { isCellAttached, type Session } from "../session.ts";
import {
  crcnsAc1Pipeline,
  type CrcnsAc1PipelineOptions,
} from "../operators/crcns_ac1_pipeline.ts";
import type { DetrendOptions } from "../operators/detrend.ts";
import type { GateOptions } from "../operators/gate.ts";
import {
  wingert2026Pipeline,
  type Wingert2026PipelineOptions,
} from "../operators/wingert2026_pipeline.ts";
import {
  asari,
  crcnsAc1,
  type SourceOptions,
  wehr,
  wingert2026,
  type Wingert2026Options,
} from "../sources/mod.ts";
import { DATA_SET_NAMES, DATA_SETS, type DataSetName } from "./data_set.ts";
import type { FoundData } from "./recognize.ts";

/**
 * Options of a source and of its standard chain, by name; only those that differ
 * from the defaults need be there.
 */
export interface RecipeOptions
  extends
    Omit<CrcnsAc1PipelineOptions, "reduce">,
    Pick<Wingert2026PipelineOptions, "normalize" | "logOffset" | "ranges">,
    Pick<
      Wingert2026Options,
      "area" | "subset" | "includeUnlabeled" | "prestimMs"
    > {
  /** Path or address of the sounds of Wingert et al., for waveforms. */
  readonly wav?: string;
  /** Brain areas of Asari's cells, or recording sites of Wingert et al. */
  readonly sites?: readonly string[];
  /** Kind of signal; sessions of the other kind are left out. */
  readonly signal?: "subthresh" | "spikes";
  /** Names of the sessions to read; others are left out. */
  readonly sessions?: readonly string[];
}

/** A data set and how it is read: enough to read it again. */
export interface Recipe extends FoundData {
  /** Options of source and chain. */
  readonly options: RecipeOptions;
}

/** Options that choose sessions and cells. */
const CHOICES = ["signal", "sessions"] as const;

const WINGERT_SOURCE = [
  "area",
  "sites",
  "subset",
  "includeUnlabeled",
  "stimuli",
  "prestimMs",
  "wav",
] as const;
const WINGERT_CHAIN = [
  "normalize",
  "logOffset",
  "ranges",
  "stimuli",
  "audioRateHz",
  "parallel",
] as const;

const DETREND = ["medianMs", "gaussMs"] as const;
const GATE = [
  ...["maxAbsMv", "stepMv", "maxStepFraction", "minCorrelation"] as const,
];
const AC1_CHAIN = [
  ...DETREND,
  ...GATE,
  ...["spikeMedianMs", "spikeGaussMs", "clipMedianMs"] as const,
  ...["thresholdSigma", "spikeSmoothMs"] as const,
  ...["dtMs", "fminHz", "fmaxHz", "bandsPerOctave", "windowMs"] as const,
  ...["stimuli", "audioRateHz", "parallel"] as const,
];

/** Options that each source and its chain have. */
const OPTIONS: Readonly<
  Record<
    DataSetName,
    {
      readonly source: readonly (keyof RecipeOptions)[];
      readonly chain: readonly (keyof RecipeOptions)[];
    }
  >
> = {
  "crcns-ac1": { source: ["sites"], chain: AC1_CHAIN },
  "wehr": { source: [], chain: AC1_CHAIN },
  "asari": { source: ["sites"], chain: AC1_CHAIN },
  "wingert2026": { source: WINGERT_SOURCE, chain: WINGERT_CHAIN },
};

/** Options of a recipe, by what takes them. */
export interface RecipeParts {
  readonly source: Readonly<Record<string, unknown>>;
  readonly chain: Readonly<Record<string, unknown>>;
}

/**
 * Options of a recipe for its source and for its pipeline.
 *
 * @throws {RangeError} If the data set has no such option.
 */
export function recipeParts({ dataSet, options }: Recipe): RecipeParts {
  const { source, chain } = OPTIONS[dataSet];
  const { title } = DATA_SETS[dataSet];
  for (const [name, value] of Object.entries(options)) {
    const known: readonly string[] = [...source, ...chain, ...CHOICES];
    if (value === undefined || known.includes(name)) continue;
    throw new RangeError(
      `Cannot read ${title}: ${name} is given, expected it only for ` +
        ownersOf(name).join(", "),
    );
  }
  return { source: picked(options, source), chain: picked(options, chain) };
}

/** Names of the data sets that have an option. */
function ownersOf(name: string): string[] {
  return DATA_SET_NAMES.filter((dataSet) =>
    Object.values(OPTIONS[dataSet]).some((names) =>
      names.some((known) => known === name)
    )
  );
}

function picked(
  options: RecipeOptions,
  names: readonly (keyof RecipeOptions)[],
): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]]
    ),
  );
}

/** Options of the steps of a chain that drop repeats. */
export interface RecipeCleaning {
  readonly detrend: DetrendOptions;
  readonly gate: GateOptions;
}

/**
 * Options of the steps that drop repeats; null if the chain has none, as that of
 * Wingert 2026.
 */
export function recipeCleaning(
  { dataSet, options }: Recipe,
): RecipeCleaning | null {
  if (dataSet === "wingert2026") return null;
  return { detrend: picked(options, DETREND), gate: picked(options, GATE) };
}

/**
 * Streams the sessions that a recipe chooses, as the source gives them.
 *
 * @throws {RangeError} When called, if an option is out of range, or the data set
 * does not have it.
 */
export function recipeSessions(
  recipe: Recipe,
  sourceOptions: SourceOptions = {},
): Observable<Session> {
  const { dataSet, data, options: { signal, sessions = [] } } = recipe;
  if (dataSet === "wingert2026" && signal === "subthresh") {
    throw new RangeError(
      `Cannot read ${
        DATA_SETS[dataSet].title
      }: signal is subthresh, expected ` +
        "spikes, the only one there is",
    );
  }
  const options = { ...recipeParts(recipe).source, ...sourceOptions };
  const sources: Record<DataSetName, () => Observable<Session>> = {
    "crcns-ac1": () => crcnsAc1(data, options),
    "wehr": () => wehr(data, options),
    "asari": () => asari(data, options),
    "wingert2026": () => wingert2026(data, options),
  };
  const isOfSignal = ({ cells }: Session): boolean =>
    dataSet === "wingert2026" || signal === undefined ||
    cells.every((cell) => isCellAttached(cell) === (signal === "spikes"));
  return sources[dataSet]().pipe(onlySessions(sessions), filter(isOfSignal));
}

/**
 * Keeps the sessions of a list; all of them if it is empty.
 *
 * @throws {RangeError} In the stream, if there is no session of a name.
 */
function onlySessions(
  names: readonly string[],
): MonoTypeOperatorFunction<Session> {
  if (names.length === 0) return (sessions) => sessions;
  return (sessions) =>
    defer(() => {
      const seen = new Set<string>();
      return sessions.pipe(
        tap(({ id }) => seen.add(id)),
        filter(({ id }) => names.includes(id)),
        concatWith(defer(() => {
          const absent = names.find((name) => !seen.has(name));
          if (absent === undefined) return EMPTY;
          return throwError(() => sessionError(absent, seen));
        })),
      );
    });
}

function sessionError(
  absent: string,
  present: ReadonlySet<string>,
): RangeError {
  const nearest = nearestName(absent, present);
  return new RangeError(
    `Cannot read session: session is ${absent}, expected one of the ` +
      `${present.size} that are there` +
      (nearest === undefined ? "" : `, such as ${nearest}`),
  );
}

/**
 * The standard chain of a recipe's data set with the recipe's options.
 *
 * @throws {RangeError} If an option is out of range, or the data set does not have
 * it.
 */
export function recipeChain(recipe: Recipe): MonoTypeOperatorFunction<Session> {
  const { chain } = recipeParts(recipe);
  return recipe.dataSet === "wingert2026"
    ? wingert2026Pipeline(chain)
    : crcnsAc1Pipeline(chain);
}
