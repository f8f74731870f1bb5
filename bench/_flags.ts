import { parseArgs } from "node:util";

/** Flag of an example: a text, a number if it has a default, or else a switch. */
export interface Flag {
  /** Placeholder of the value in the usage. */
  readonly value?: string;
  /** Description in the usage. */
  readonly about: string;
  /** Default of a number. */
  readonly number?: number;
  /** Default of a whole number. */
  readonly count?: number;
}

/** Flags of an example, for {@linkcode parseFlags}. */
export interface FlagSpec<Flags extends Record<string, Flag>> {
  /** Command line in the usage. */
  readonly usage: string;
  /** The flags, by name. */
  readonly flags: Flags;
}

/** Value of each flag. */
export type FlagValues<Flags extends Record<string, Flag>> = {
  [Name in keyof Flags]: Flags[Name] extends
    { number: number } | { count: number } ? number
    : Flags[Name] extends { value: string } ? string | undefined
    : boolean;
};

/** Parses flags; `--help` prints the usage, a bad flag an error with the usage. */
export function parseFlags<const Flags extends Record<string, Flag>>(
  spec: FlagSpec<Flags>,
  args: string[],
): FlagValues<Flags> {
  try {
    const options = Object.fromEntries(
      Object.entries(spec.flags).map(([name, { value }]) => [
        name,
        { type: value === undefined ? "boolean" as const : "string" as const },
      ]),
    );
    const values: Record<string, unknown> = parseArgs({
      args,
      options: { ...options, help: { type: "boolean", short: "h" } },
    }).values;
    if (values.help) {
      console.log(usageText(spec));
      Deno.exit(0);
    }
    return Object.fromEntries(
      Object.entries(spec.flags).map((
        [name, flag],
      ) => [name, flagValue(name, flag, values[name])]),
    ) as FlagValues<Flags>;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) {
      throw error;
    }
    console.error(`error: ${error.message}\n\n${usageText(spec)}`);
    Deno.exit(2);
  }
}

function flagValue(
  name: string,
  { value: hint, number, count }: Flag,
  given: unknown,
): string | number | boolean | undefined {
  if (hint === undefined) return given === true;
  const usual = number ?? count;
  if (usual === undefined) return given as string | undefined;
  if (given === undefined) return usual;
  const value = String(given).trim() === "" ? NaN : Number(given);
  const isValid = count === undefined
    ? Number.isFinite(value)
    : Number.isSafeInteger(value);
  if (isValid && value > 0) return value;
  const kind = count === undefined ? "number" : "whole number";
  throw new RangeError(`--${name} is "${given}", expected a ${kind} above 0`);
}

function usageText({ usage, flags }: FlagSpec<Record<string, Flag>>): string {
  const rows = Object.entries(flags).map((
    [name, { value, about, ...usual }],
  ): [flag: string, about: string] => [
    value === undefined ? `--${name}` : `--${name} ${value}`,
    about + defaultText(usual.number ?? usual.count),
  ]);
  rows.push(["--help", "print this"]);
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  const lines = rows.map(([flag, about]) => `  ${flag.padEnd(width)}${about}`);
  return [`Usage: ${usage}`, "", ...lines].join("\n");
}

function defaultText(usual?: number): string {
  return usual === undefined ? "" : ` (default ${usual})`;
}
