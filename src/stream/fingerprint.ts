import type { Session } from "../session.ts";
import {
  lineageOf,
  originalOf,
  type SourceIdentity,
  type Step,
} from "./lineage.ts";

/** Version of this package, as `deno.json` has it. */
export const VERSION = "0.1.0";

/** One operator of a stream, as JSON can hold it. */
export interface StepPrint {
  readonly name: string;
  /** Arguments; a function is its source text. */
  readonly args: readonly unknown[];
}

/** A source, as JSON can hold it. */
export interface SourcePrint extends Omit<SourceIdentity, "archives"> {
  readonly archives: string;
}

/**
 * Everything that determines what is read of a stream's sessions: two streams
 * with the same fingerprint read the same values. A function counts by its source
 * text; the variables around it do not count.
 */
export interface Fingerprint {
  /** Version of this package. */
  readonly rxephys: string;
  /** The source; null if the sessions are a user's own. */
  readonly source: SourcePrint | null;
  /** Operators, first to last. */
  readonly steps: readonly StepPrint[];
}

/** The fingerprint of a session's stream. */
export function fingerprintOf(session: Session): Fingerprint {
  const { source, steps } = historyOf(session);
  return plain({
    rxephys: VERSION,
    source: source && { ...source, archives: source.archives() },
    steps: steps.map(({ name, args, call }) => ({
      name,
      args: args ?? call?.args ?? [],
    })),
  }) as Fingerprint;
}

interface History {
  readonly source: SourceIdentity | null;
  readonly steps: Step[];
}

function historyOf(session: Session): History {
  const { identity, link, reads } = lineageOf(session);
  const replaced = originalOf(session);
  if (link) {
    const { source, steps } = historyOf(link.previous);
    return { source, steps: [...steps, link.step] };
  }
  if (reads) return historyOf(reads);
  if (replaced === undefined) return { source: identity ?? null, steps: [] };
  const { source, steps } = historyOf(replaced);
  const own = { name: "presentations", args: [session.presentations] };
  return { source, steps: [...steps, own] };
}

/** Value as JSON gives it back; functions become text, files their facts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part) => {
    if (typeof part === "function") return String(part);
    if (part instanceof Blob) return [part.size, part.type];
    // JSON would write null for all of them.
    if (typeof part === "number" && !Number.isFinite(part)) return String(part);
    return part;
  }));
}

/**
 * The first difference between the stream of an earlier run and this one, in
 * words; undefined if there is none.
 */
export function differenceOf(
  before: Fingerprint,
  now: Fingerprint,
): string | undefined {
  if (before.rxephys !== now.rxephys) {
    return `rxephys was ${before.rxephys}, is ${now.rxephys}`;
  }
  return sourceDifference(before.source, now.source) ??
    stepDifference(before.steps, now.steps);
}

function sourceDifference(
  before: SourcePrint | null,
  now: SourcePrint | null,
): string | undefined {
  if (isSame(before, now)) return undefined;
  if (before?.name !== now?.name || before === null || now === null) {
    return `the source was ${nameOf(before)}, is ${nameOf(now)}`;
  }
  const option = optionDifference(now.name, before.options, now.options);
  if (option !== undefined) return option;
  return "the archive is another one: " +
    `it had ${before.archives}, has ${now.archives}`;
}

function nameOf(source: SourcePrint | null): string {
  return source?.name ?? "of another kind";
}

function stepDifference(
  before: readonly StepPrint[],
  now: readonly StepPrint[],
): string | undefined {
  const count = Math.max(before.length, now.length);
  for (let i = 0; i < count; i++) {
    const [was, is] = [before[i], now[i]];
    if (was?.name !== is?.name) {
      return `operator ${i + 1} was ${was?.name ?? "none"}, is ${
        is?.name ?? "none"
      }`;
    }
    if (was === undefined || is === undefined) continue;
    for (let at = 0; at < Math.max(was.args.length, is.args.length); at++) {
      const found = optionDifference(is.name, was.args[at], is.args[at]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * First field in which two objects differ, as text; undefined if they are equal.
 *
 * @param name Name of the step or the option that has the fields.
 */
export function optionDifference(
  name: string,
  before: unknown,
  now: unknown,
): string | undefined {
  if (isSame(before, now)) return undefined;
  if (!isFields(before) || !isFields(now)) {
    return `${name}'s argument was ${shown(before)}, is ${shown(now)}`;
  }
  for (const key of Object.keys({ ...before, ...now })) {
    if (isSame(before[key], now[key])) continue;
    return `${name}'s ${key} was ${shown(before[key])}, is ${shown(now[key])}`;
  }
  return undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a message, cut to one line. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = (text ?? "not given").replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}...` : line;
}
