import { type Command, InvalidArgumentError, Option } from "commander";
import { DATA_SET_NAMES, type DataSetName } from "../../recipe/data_set.ts";
import type { RecipeOptions } from "../../recipe/recipe.ts";
import type { CommonFlags } from "./invocation.ts";
import { SHARE_HEADING, withShareFlags } from "./share.ts";

const HEADINGS = {
  choice: "What to read:",
  cleaning: "Cleaning (CRCNS AC1):",
  tensors: "Tensors:",
  form: "Form of the sounds:",
  threads: "Speed:",
  share: SHARE_HEADING,
};

/** Heading in the help under which a flag stands, and who has it. */
export type FlagGroup = keyof typeof HEADINGS;

/** A flag that sets an option of a recipe. */
interface ChainFlag {
  /** Its long name. */
  readonly name: string;
  /** The option that it sets. */
  readonly option: keyof RecipeOptions;
  /** Placeholder of the value; none for a switch. */
  readonly value?: string;
  readonly about: string;
  /** Converts the value; a text stays as it is. */
  readonly parse?: (text: string, before: unknown) => unknown;
  readonly choices?: readonly string[];
  /** Heading in the help, and the subcommands that have it. */
  readonly group: FlagGroup;
}

/** Flags of the subcommands that read data. */
export interface ReadFlags extends CommonFlags {
  readonly dataset?: DataSetName;
  readonly [name: string]: unknown;
}

const MS = { value: "<ms>", parse: numberOf };

/** The flags that set options of a recipe, in the order of the help. */
export const CHAIN_FLAGS: readonly ChainFlag[] = [
  {
    name: "--sites",
    option: "sites",
    value: "<names>",
    about: "brain areas of Asari (A1, MGB) or sites of Wingert, with commas",
    parse: listOf,
    group: "choice",
  },
  {
    name: "--area",
    option: "area",
    value: "<names>",
    about: "Wingert: areas (A1, PEG, AC, HC), with commas",
    parse: listOf,
    group: "choice",
  },
  {
    name: "--subset",
    option: "subset",
    value: "<name>",
    about: "Wingert: stimuli for estimating or validating models",
    choices: ["all", "est", "val"],
    group: "choice",
  },
  {
    name: "--include-unlabeled",
    option: "includeUnlabeled",
    about: "Wingert: also cells without an area",
    group: "choice",
  },
  {
    name: "--signal",
    option: "signal",
    value: "<kind>",
    about: "only sessions that give this kind of signal",
    choices: ["subthresh", "spikes"],
    group: "choice",
  },
  {
    name: "--sessions",
    option: "sessions",
    value: "<names>",
    about: "only these sessions, with commas",
    parse: listOf,
    group: "choice",
  },
  {
    ...MS,
    name: "--median-ms",
    option: "medianMs",
    about: "window of the median that is taken off as drift (100)",
    group: "cleaning",
  },
  {
    ...MS,
    name: "--gauss-ms",
    option: "gaussMs",
    about: "gaussian that smooths this median (10)",
    group: "cleaning",
  },
  {
    name: "--max-abs-mv",
    option: "maxAbsMv",
    value: "<mv>",
    about: "gate: greatest magnitude of a repeat (150)",
    parse: numberOf,
    group: "cleaning",
  },
  {
    name: "--step-mv",
    option: "stepMv",
    value: "<mv>",
    about: "gate: distance from the median that is a step (30)",
    parse: numberOf,
    group: "cleaning",
  },
  {
    name: "--max-step-fraction",
    option: "maxStepFraction",
    value: "<0-1>",
    about: "gate: greatest share of samples in a step (0.005)",
    parse: numberOf,
    group: "cleaning",
  },
  {
    name: "--min-correlation",
    option: "minCorrelation",
    value: "<r>",
    about: "gate: least correlation with the other repeats (0.05)",
    parse: numberOf,
    group: "cleaning",
  },
  {
    ...MS,
    name: "--dt",
    option: "dtMs",
    about: "width of a time step (5)",
    group: "tensors",
  },
  {
    name: "--fmin",
    option: "fminHz",
    value: "<hz>",
    about: "lowest band of the spectrogram (100)",
    parse: numberOf,
    group: "tensors",
  },
  {
    name: "--fmax",
    option: "fmaxHz",
    value: "<hz>",
    about: "frequency that no band exceeds (45000)",
    parse: numberOf,
    group: "tensors",
  },
  {
    name: "--bands-per-octave",
    option: "bandsPerOctave",
    value: "<n>",
    about: "bands of the spectrogram in an octave (6)",
    parse: numberOf,
    group: "tensors",
  },
  {
    name: "--stimuli",
    option: "stimuli",
    value: "<form>",
    about: "form of the sounds (spectrogram)",
    choices: ["spectrogram", "waveform"],
    group: "form",
  },
  {
    name: "--audio-rate",
    option: "audioRateHz",
    value: "<hz>",
    about: "rate of waveforms (96000; Wingert: 44100)",
    parse: numberOf,
    group: "form",
  },
  {
    ...MS,
    name: "--prestim-ms",
    option: "prestimMs",
    about: "Wingert: silence before each waveform (1000)",
    group: "form",
  },
  {
    name: "--wav",
    option: "wav",
    value: "<path>",
    about: "Wingert: wav.zip or its folder (beside the recordings)",
    group: "form",
  },
  {
    name: "--normalize",
    option: "normalize",
    value: "<method>",
    about: "Wingert: how values are mapped to 0 to 1 (bandAndNeuron)",
    choices: ["none", "global", "bandAndNeuron"],
    group: "tensors",
  },
  {
    name: "--log-offset",
    option: "logOffset",
    value: "<p>",
    about: "Wingert: log((x + d) / d) first, d 10 to this power (-1), or off",
    parse: (text) => text === "off" ? "off" : numberOf(text),
    group: "tensors",
  },
  {
    name: "--parallel",
    option: "parallel",
    value: "[n]",
    about: "read in n worker threads, or in one per core",
    parse: threadsOf,
    group: "threads",
  },
];

/** Adds `--json`, `--quiet` and `--debug`, which all subcommands have. */
export function withCommonFlags(command: Command): Command {
  return command
    .option("--json", "print the result as JSON")
    .option("-q, --quiet", "write nothing on standard error but errors")
    .option("--debug", "print the stack of an error");
}

/** Adds `--dataset`, flags that set options of a recipe, and those of a share. */
export function withReadFlags(
  command: Command,
  groups: readonly FlagGroup[],
): Command {
  command.addOption(
    new Option("--dataset <name>", "data set, if it is not recognized")
      .choices(DATA_SET_NAMES).helpGroup(HEADINGS.choice),
  );
  for (const { name, value, about, parse, choices, group } of CHAIN_FLAGS) {
    if (!groups.includes(group)) continue;
    const option = new Option(value ? `${name} ${value}` : name, about)
      .helpGroup(HEADINGS[group]);
    if (choices !== undefined) option.choices(choices);
    if (parse !== undefined) option.argParser(parse);
    command.addOption(option);
  }
  if (groups.includes("share")) withShareFlags(command);
  return withCommonFlags(command);
}

/** The options of a recipe that flags set. */
export function recipeOptionsOf(flags: ReadFlags): RecipeOptions {
  return Object.fromEntries(
    CHAIN_FLAGS.flatMap(({ name, option }) => {
      const value = flags[new Option(name).attributeName()];
      return value === undefined ? [] : [[option, value]];
    }),
  );
}

/** The flags that set options, as the words of a command line. */
export function flagsOf(options: RecipeOptions): string[] {
  return CHAIN_FLAGS.flatMap(({ name, option, value: hint }) => {
    const value = options[option];
    if (value === undefined || value === false) return [];
    if (hint === undefined || value === true) return [name];
    return [name, String(value)];
  });
}

/** Parses a number. */
export function numberOf(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number.");
}

/** Parses a number that may be left out. */
function threadsOf(text: string): number {
  if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  throw new InvalidArgumentError(
    "Expected a number; without one, write the flag behind the paths.",
  );
}

/** Parses names with commas; a flag that is given again adds more. */
export function listOf(text: string, before: unknown): string[] {
  const names = text.split(",").map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) {
    throw new InvalidArgumentError("Expected a name, or several with commas.");
  }
  return [...Array.isArray(before) ? before : [], ...names];
}
