import { checkOptions } from "../base/check.ts";
import type { Session } from "../session.ts";

/** Facts about the animal of a session. */
export interface NwbSubject {
  /**
   * Label of the animal; `/` becomes `-`.
   *
   * @default the data set's `animalId` or `animal`, or the session's id
   */
  readonly subjectId?: string;
  /**
   * Latin binomial, such as `Mus musculus`, or an address of NCBI's taxonomy.
   *
   * @default the cells' `species` where it is `rat`, `mouse` or `ferret`
   */
  readonly species?: string;
  /**
   * Sex: unknown `U`, other `O`.
   *
   * @default {"U"}
   */
  readonly sex?: "F" | "M" | "O" | "U";
  /**
   * Age as an ISO 8601 duration, such as `P90D`, or a range, `P90D/P120D`.
   *
   * @default {"P0D/"}, any age: NWB's inspector asks for one
   */
  readonly age?: string;
  /** Further facts. */
  readonly description?: string;
}

/** Facts about a session that NWB asks for and a stream does not know. */
export interface NwbDescription {
  /**
   * Start of the session.
   *
   * @default midnight UTC of the cells' `date`, or 1970-01-01 if there is none
   */
  readonly startTime?: Date;
  /** Description of the session. */
  readonly description?: string;
  /** Experimenters, each as `Last, First`. */
  readonly experimenters?: readonly string[];
  /** Institution. */
  readonly institution?: string;
  /** Laboratory. */
  readonly lab?: string;
  /** Words to find the file by. */
  readonly keywords?: readonly string[];
  /** The animal. */
  readonly subject?: NwbSubject;
}

/** Description with every default applied. */
export interface FullDescription {
  readonly startTime: Date;
  readonly description: string;
  /** Remarks on what the data set does not say. */
  readonly notes: string;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly subject: Readonly<Record<string, string>>;
}

/** Latin names of the animals that data sets call by a common one. */
const LATIN: Readonly<Record<string, string>> = {
  ferret: "Mustela putorius",
  mouse: "Mus musculus",
  rat: "Rattus norvegicus",
};

const CLOCK =
  "Trials follow one another in the order of the data set, without the pauses " +
  "between them, which the stream does not know.";

const ACT = "write NWB";
const LISTS = ["experimenters", "keywords"] as const;
const TEXTS = ["description", "institution", "lab"] as const;
const SUBJECT = ["age", "description", "sex", "species", "subjectId"] as const;

/**
 * Applies the defaults of {@linkcode NwbDescription}.
 *
 * @throws {RangeError} If a field does not exist, or the start is no date.
 * @throws {TypeError} If a field has the wrong type.
 */
export function fullDescription(
  { id, cells }: Session,
  given: NwbDescription,
): FullDescription {
  checkDescription(given);
  const of = (key: string): string | undefined => {
    const found = cells.map((cell) => cell[key]).find((value) =>
      typeof value === "string" && value !== ""
    );
    return found === undefined ? undefined : String(found);
  };
  const { subject = {} } = given;
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec(of("date") ?? "")?.slice(1).join(
    "-",
  );
  const date = day === undefined ? NaN : Date.parse(`${day}T00:00:00Z`);
  const isKnown = given.startTime !== undefined || !Number.isNaN(date);
  const species = subject.species ?? LATIN[of("species") ?? ""];
  return {
    startTime: given.startTime ?? new Date(isKnown ? date : 0),
    description: given.description ?? `Session ${id}`,
    notes: isKnown ? CLOCK : `${CLOCK} The start of the session is unknown.`,
    lists: defined({
      experimenter: given.experimenters,
      keywords: given.keywords,
    }),
    texts: defined({ institution: given.institution, lab: given.lab }),
    subject: defined({
      subject_id: (subject.subjectId ?? of("animalId") ?? of("animal") ?? id)
        .replaceAll("/", "-"),
      species,
      sex: subject.sex ?? "U",
      age: subject.age ?? "P0D/",
      description: subject.description,
    }),
  };
}

/** All fields by the names that {@linkcode NwbDescription} gives them. */
export function fieldsOf(
  { startTime, description, lists, texts, subject }: FullDescription,
): Readonly<Record<string, unknown>> {
  const { subject_id: subjectId, ...rest } = subject;
  const animal = Object.entries({ subjectId, ...rest }).map(([name, value]) =>
    [`subject.${name}`, value] as const
  );
  return defined<unknown>({
    startTime: startTime.toISOString(),
    description,
    experimenters: lists.experimenter,
    keywords: lists.keywords,
    ...texts,
    ...Object.fromEntries(animal),
  });
}

function checkDescription(given: NwbDescription): void {
  checkOptions(ACT, given, ["startTime", "subject", ...LISTS, ...TEXTS]);
  const { startTime, subject = {} } = given;
  checkOptions(ACT, subject, SUBJECT);
  if (startTime !== undefined && Number.isNaN(startTime.getTime())) {
    throw new RangeError(
      `Cannot ${ACT}: startTime is ${startTime}, expected a date`,
    );
  }
  for (const name of TEXTS) checkText(name, given[name]);
  for (const name of SUBJECT) checkText(`subject.${name}`, subject[name]);
  for (const name of LISTS) {
    given[name]?.forEach((text, at) => checkText(`${name}[${at}]`, text));
  }
}

function checkText(name: string, value: unknown): void {
  if (value === undefined || typeof value === "string") return;
  throw new TypeError(
    `Cannot ${ACT}: ${name} is ${String(value)}, expected text`,
  );
}

function defined<Value>(
  fields: Readonly<Record<string, Value | undefined>>,
): Record<string, Value> {
  const known: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) known[name] = value;
  }
  return known;
}
